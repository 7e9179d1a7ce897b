"""`credit-scoring bootstrap` where it must not train, and on what it may not."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from credit_scoring import pipeline
from credit_scoring.cli import app
from credit_scoring.core.errors import MissingArtefactError, SourceError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.data_ingestion.raw_data import is_empty
from credit_scoring.feature_store import step as feature_store
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.servers.postgresql import running_postgresql


@pytest.fixture
def variables(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the installation of a test."""
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(settings.data_directory))
    monkeypatch.setenv("CREDIT_BUCKET_COUNT", str(settings.bucket_count))


def bootstrap(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["bootstrap", *arguments])


@pytest.mark.usefixtures("variables")
def test_synthetic_clients_never_replace_real_ones(with_tracking: Settings, tmp_path: Path) -> None:
    compute_made_up_features(with_tracking, made_up_features(), source="real")
    feature_store.run(with_tracking)
    refused = bootstrap("--source", str(tmp_path / "not mounted"))
    assert isinstance(refused.exception, MissingArtefactError)
    assert "holds results of real clients, but no model can be served" in refused.exception.message
    assert not (with_tracking.data_directory / "synthetic").exists()


@pytest.mark.usefixtures("variables")
def test_a_folder_without_tables_is_no_missing_source(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    refused = bootstrap("--source", str(tmp_path))
    assert isinstance(refused.exception, SourceError)
    assert "notes.txt" in refused.exception.message
    assert not (settings.data_directory / "synthetic").exists()


@pytest.mark.usefixtures("variables")
def test_a_model_that_was_trained_elsewhere_is_served_without_an_example(
    trained_copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "STEPS_OF_A_MODEL", {})
    result = bootstrap()
    assert result.exit_code == 0
    assert "Model version 1, trained on synthetic data, can be served." in result.stdout
    assert "not up to date" in result.stderr and "step 'validate'" in result.stderr
    assert not (trained_copy.data_directory / "smoke_example.json").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("variables")
def test_a_database_without_its_schema_is_found_before_the_work(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_postgresql(upgraded=False) as url:
        monkeypatch.setenv("CREDIT_FEATURES_ONLINE_STORE_URL", url)
        refused = bootstrap()
    assert isinstance(refused.exception, StorageError)
    assert "database upgrade" in refused.exception.next_step
    assert not settings.data_directory.exists()


def test_a_source_is_empty_without_files_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    assert is_empty(folder)
    (folder / "lost+found").mkdir(parents=True)
    (folder / ".gitkeep").touch()
    assert is_empty(folder)
    (folder / "bureau.csv").touch()
    assert not is_empty(folder)
    assert not is_empty(folder / "bureau.csv")
    assert not is_empty(Path("kaggle"))
