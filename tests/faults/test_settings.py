"""Names, files and values that an environment brings along."""

from pathlib import Path

import pytest

from credit_scoring import pipeline
from credit_scoring.core.errors import SettingsError, TrainingError
from credit_scoring.core.settings import Settings, load_settings
from credit_scoring.core.settings.defaults import TrainingSettings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CREDIT_SCORING_SERVICE_HOST", "10.0.48.109"),
        ("CREDIT_SCORING_SERVICE_PORT_HTTP", "8000"),
        ("CREDIT_SCORING_PORT", "tcp://10.0.48.109:8000"),
        ("CREDIT_SCORING_PORT_8000_TCP_ADDR", "10.0.48.109"),
        ("CREDIT_API_PORT", "tcp://10.0.48.109:8000"),
    ],
)
def test_service_links_of_kubernetes_are_no_settings(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert load_settings().api.port == 8000


def test_a_misspelt_variable_is_still_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_API_PROT", "8001")
    with pytest.raises(SettingsError, match="Unknown variable CREDIT_API_PROT"):
        load_settings()


def test_a_newline_at_the_end_of_a_secret_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_LEDGER_URL", "sqlite:///ledger.db\n")
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", "data\n")
    assert load_settings().ledger.url == "sqlite:///ledger.db"
    assert load_settings().data_directory == Path("data")


def test_the_home_folder_is_expanded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    Path(".env").write_text("CREDIT_DATA_DIRECTORY=~/credit\n")
    assert load_settings().data_directory == tmp_path / "credit"


def test_a_file_of_settings_that_is_not_utf8_is_named_with_its_line() -> None:
    Path(".env").write_bytes(b"CREDIT_API_PORT=8001\n# d\xe9p\xf4t\n")
    with pytest.raises(SettingsError, match=r"\.env, line 2, is not UTF-8"):
        load_settings()


def test_an_unknown_variable_in_a_file_is_named_like_one_of_the_environment() -> None:
    Path(".env").write_text("CREDIT_API_PROT=8001\n")
    with pytest.raises(SettingsError, match="Unknown variable CREDIT_API_PROT"):
        load_settings()


def test_databases_that_cannot_share_a_schema_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CREDIT_REGISTRY_TRACKING_URI", "CREDIT_TUNING_DATABASE_URL"):
        monkeypatch.setenv(name, "postgresql+psycopg://credit@db/mlflow")
    with pytest.raises(SettingsError, match="name the same database"):
        load_settings()


def test_an_unknown_model_family_stops_the_pipeline_before_any_work(tmp_path: Path) -> None:
    settings = Settings(data_directory=tmp_path / "data", training=TrainingSettings(families=("ligthgbm",)))
    with pytest.raises(TrainingError, match="no model family 'ligthgbm'"):
        next(pipeline.run(settings, tmp_path / "nowhere"))
    assert not settings.data_directory.exists()
