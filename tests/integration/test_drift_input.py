"""Bad input of the drift command is explained, and writes nothing."""

from pathlib import Path

import pytest

from credit_scoring.core.errors import (
    CreditScoringError,
    MissingArtefactError,
    ModelNotFoundError,
    SourceError,
    StorageError,
)
from credit_scoring.core.settings import Settings
from credit_scoring.drift_detection.step import DRIFT_STEP, run
from credit_scoring.model_registry.registry import ModelRegistry
from tests.integration.test_drift_of_decisions import cli


@pytest.fixture
def settings(trained_copy: Settings) -> Settings:
    """A trained installation."""
    return trained_copy


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (["--current", "nowhere.csv"], SourceError, "nowhere.csv is no file"),
        (["--current", "version:7"], MissingArtefactError, "no feature version '7'"),
        (["--current", "7"], MissingArtefactError, "no feature version '7'"),
        (["--current", "version:0", "--reference", "version:x"], MissingArtefactError, "no feature version 'x'"),
        (["--current", "version:0", "--reference", "model:9"], ModelNotFoundError, "9"),
        (["--current", "version:0", "--reference", "model:unknown"], ModelNotFoundError, "'unknown'"),
        (["--current", "version:0", "--reference", "3"], SourceError, "'3' is no reference"),
        ([], MissingArtefactError, "There is no decision ledger"),
    ],
)
def test_what_does_not_exist_is_named(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    error: type[CreditScoringError],
    says: str,
) -> None:
    answer = cli(settings, monkeypatch, *arguments)
    assert isinstance(answer.exception, error) and says in str(answer.exception)
    assert not (settings.data_directory / DRIFT_STEP).exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--window", "7d", "--since", "2026-07-01"],
        ["--until", "2026-07-01"],
        ["--since", "2026-07-02", "--until", "2026-07-02"],
        ["--since", "1 July"],
        ["--since", "2026-07-01", "--until", "2099-01-01"],
        *(["--window", text] for text in ("0d", "7", "-1d", "1w", "99999d")),
        ["--current", "version:0", "--window", "7d"],
    ],
)
def test_a_window_that_is_none_is_rejected(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    assert cli(settings, monkeypatch, *arguments).exit_code == 2


def test_a_file_that_lacks_columns_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "applications.csv"
    file.write_text("SK_ID_CURR,AMT_CREDIT\n1,2\n")
    answer = cli(settings, monkeypatch, "--current", str(file))
    assert isinstance(answer.exception, SourceError) and "missing columns" in answer.exception.message


def test_a_model_without_its_training_distribution_is_named(settings: Settings) -> None:
    folder = ModelRegistry(settings).load_version(1).folder
    assert folder is not None
    (folder / "reference.npz").write_bytes(b"damaged")
    with pytest.raises(StorageError, match="reference.npz"):
        run(settings)
    assert not (settings.data_directory / DRIFT_STEP).exists()
