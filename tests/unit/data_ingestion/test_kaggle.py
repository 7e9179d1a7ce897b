"""Logging in to Kaggle: each way it can fail ends with the steps to take."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from credit_scoring.core.errors import SourceError
from credit_scoring.data_ingestion.kaggle import KAGGLE, connect, means_kaggle


class FakeApi:
    """The official client as far as logging in goes."""

    fails_with: BaseException | None = None

    def authenticate(self) -> None:
        print("Authentication required to call the Kaggle API.")
        if self.fails_with is not None:
            raise self.fails_with


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> type[FakeApi]:
    """The official client's module, with a fake in it."""
    api = type("KaggleApi", (FakeApi,), {})
    module = ModuleType("kaggle.api.kaggle_api_extended")
    module.KaggleApi = api  # type: ignore[attr-defined]
    for name in ("kaggle", "kaggle.api"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return api


def test_a_client_with_valid_credentials_is_used(installed: type[FakeApi], capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(connect(), installed)
    assert capsys.readouterr().out == ""


def test_a_client_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("kaggle", "kaggle.api.kaggle_api_extended"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SourceError) as raised:
        connect()
    assert "not installed" in raised.value.message
    assert "`make install-kaggle`" in raised.value.next_step


@pytest.mark.parametrize("failure", [SystemExit(1), OSError("Could not find kaggle.json"), ValueError("no key")])
def test_credentials_that_are_missing(installed: type[FakeApi], failure: BaseException) -> None:
    installed.fails_with = failure
    with pytest.raises(SourceError) as raised:
        connect()
    assert "Kaggle rejected the credentials" in raised.value.message
    for word in ("~/.kaggle/access_token", "KAGGLE_API_TOKEN", "Accept the rules", "--source"):
        assert word in raised.value.next_step


def test_an_existing_folder_named_kaggle_takes_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert means_kaggle(Path("kaggle"))
    assert not means_kaggle(Path("elsewhere/kaggle"))
    KAGGLE.mkdir()
    assert not means_kaggle(Path("kaggle"))
