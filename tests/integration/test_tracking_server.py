"""Training, promotion and loading through a real tracking server on a real PostgreSQL, also when the server dies."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from mlflow import MlflowClient

from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store import step as feature_store
from credit_scoring.model_registry.experiments import TRAINING
from credit_scoring.model_registry.promotion import PromotionRequest, promote
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.scorer import load_scorer
from credit_scoring.train import step as train
from tests.support.audits import report_a_passed_audit
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.scorers import small_features
from tests.support.servers.processes import end, free_port
from tests.support.servers.tracking import TrackingServer, running_tracking_server

pytestmark = pytest.mark.slow


@pytest.fixture
def published(settings: Settings) -> Settings:
    """An installation that is ready to train, and tracks to nowhere yet."""
    compute_made_up_features(settings, made_up_features())
    feature_store.run(settings)
    return settings


@pytest.fixture
def own_database(postgresql_url: str, request: pytest.FixtureRequest) -> str:
    """A database of a test's own: an experiment remembers where the files of its runs go."""
    url, name = sa.make_url(postgresql_url), f"tracking_{abs(hash(request.node.name)) % 10**9}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def tracked_by(settings: Settings, url: str) -> Settings:
    return settings.with_values(registry={"tracking_uri": url})


def test_a_model_is_trained_promoted_and_loaded_through_a_server_on_postgresql(
    published: Settings, own_database: str, tmp_path: Path
) -> None:
    with running_tracking_server(own_database, tmp_path) as server:
        settings = tracked_by(published, server.url)
        assert train.run(settings).measures["model_version"] == 1
        report_a_passed_audit(settings)
        promote(settings, "staging", PromotionRequest("a demonstration", by="clerk", allow_synthetic=True))
        loaded = ModelRegistry(settings).load("production")
        client = MlflowClient(server.url)
        version = client.get_model_version("credit-scoring", "1")
        run = client.get_run(version.run_id)
        files = {file.path for file in client.list_artifacts(version.run_id)}
        experiment = client.get_experiment(run.info.experiment_id)

    own = load_scorer(Storage.of(published).current("train") / "scorer")
    features = small_features(len(own.description.feature_names))
    assert loaded.scorer.probability(features).tobytes() == own.probability(features).tobytes()
    assert version.current_stage == "Production"
    assert experiment.name == TRAINING
    assert run.info.status == "FINISHED"
    assert run.data.tags["synthetic"] == "true"
    assert run.data.tags["feature_version"] == str(own.description.feature_version)
    assert run.data.tags["feature_fingerprint"] == own.description.feature_fingerprint
    assert run.data.tags["code_version"] == own.description.code_version
    assert run.data.metrics["auc"] == pytest.approx(own.description.metrics["auc"], abs=1e-4)
    assert {"scorer", "curves.png", "importance.csv", "out_of_fold.parquet"} <= files
    assert not list(published.data_directory.glob("databases/mlflow.db"))


def test_a_database_alone_tracks_too_with_the_files_in_the_data_folder(published: Settings, own_database: str) -> None:
    settings = tracked_by(published, own_database)
    assert train.run(settings).measures["model_version"] == 1
    report_a_passed_audit(settings)
    promote(settings, "1", PromotionRequest("a demonstration", by="clerk", allow_synthetic=True))
    assert ModelRegistry(settings).load("production").version == 1
    assert ModelRegistry(settings).summary("1").stage == "Production"
    assert list(Storage.of(settings).tracking_artefacts().glob("*/artifacts/scorer/MLmodel"))
    assert not list(published.data_directory.glob("databases/mlflow.db"))


def test_after_a_server_crash_no_version_is_incomplete_and_the_run_resumes(
    published: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, port = f"sqlite:///{tmp_path / 'tracking.db'}", free_port()
    settings = tracked_by(published, f"http://127.0.0.1:{port}")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    for method in ("log_batch", "log_artifacts", "create_model_version"):
        with running_tracking_server(database, tmp_path, port) as server:
            assert ModelRegistry(settings).versions() == []
            with monkeypatch.context() as patch:
                patch.setattr(MlflowClient, method, dying_first(server, getattr(MlflowClient, method)))
                with pytest.raises(StorageError, match=f"{server.url} does not answer") as caught:
                    train.run(settings)
            assert server.process.poll() == -signal.SIGKILL, method
            assert "CREDIT_REGISTRY_TRACKING_URI" in caught.value.next_step

    with running_tracking_server(database, tmp_path, port) as server:
        registry = ModelRegistry(settings)
        assert registry.versions() == []
        manifest = train.run(settings)
        assert manifest.reused
        assert manifest.measures["model_version"] == 1
        assert registry.load("staging").version == 1
        client = MlflowClient(server.url)
        experiment = client.get_experiment_by_name(TRAINING)
        runs = client.search_runs([experiment.experiment_id])
    assert {run.info.status for run in runs} == {"FINISHED"}
    names = [run.info.run_name for run in runs]
    assert sorted(names) == sorted(set(names)), "no run was logged twice"
    assert "training on feature version 0" in names


def dying_first(server: TrackingServer, real: Callable[..., object]) -> Callable[..., object]:
    """A method of the client that finds the server killed."""

    def request(*arguments: object, **named: object) -> object:
        end(server.process, signal.SIGKILL)
        return real(*arguments, **named)

    return request
