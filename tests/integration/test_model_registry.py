"""Scorers in MLflow's registry, on a real tracking database."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from credit_scoring.core.errors import ModelNotFoundError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.model_registry import registry as registry_module
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.scorer import Scorer
from tests.support.registered_scorers import register_scorer, write_scorer
from tests.support.scorers import small_features, small_scorer

Register = Callable[[str], int]


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return small_scorer()


@pytest.fixture
def registry(with_tracking: Settings) -> ModelRegistry:
    return ModelRegistry(with_tracking)


@pytest.fixture
def folder(scorer: Scorer, tmp_path: Path) -> Path:
    """A training version: a Scorer and a report."""
    write_scorer(scorer, tmp_path / "version")
    (tmp_path / "version" / "training_report.html").write_text("<p>report</p>")
    return tmp_path / "version"


@pytest.fixture
def register(with_tracking: Settings, folder: Path) -> Register:
    """Track and register a training of a given fingerprint."""
    return lambda fingerprint: register_scorer(with_tracking, fingerprint, folder)


def scorer_folder(settings: Settings) -> Path:
    (folder,) = (settings.data_directory / "mlflow_artifacts").glob("*/artifacts/scorer/data/scorer")
    return folder


def test_what_was_registered_is_loaded_by_its_alias_and_number(
    registry: ModelRegistry, register: Register, scorer: Scorer
) -> None:
    assert register("first") == 1
    features = small_features(3, seed=4)
    for loaded in (registry.load("staging"), registry.load_version(1)):
        assert (loaded.name, loaded.version) == ("credit-scoring", 1)
        assert loaded.scorer.probability(features).tobytes() == scorer.probability(features).tobytes()


def test_a_version_describes_itself(registry: ModelRegistry, register: Register, scorer: Scorer) -> None:
    register("first")
    (version,) = registry.versions()
    assert (version.number, version.aliases, version.stage) == (1, ("staging",), "Staging")
    assert version.tags["synthetic"] == "true"
    assert version.tags["feature_version"] == "3"
    assert version.tags["auc"] == "0.75"
    assert version.tags["model_hash"] == registry.load_version(1).scorer.description.model_hash
    assert "lightgbm, 3 features" in version.card
    assert "| area under the ROC curve (synthetic) | 0.7500 |" in version.card
    assert "must not decide" in version.card


def test_registering_the_same_training_again_finds_its_version(registry: ModelRegistry, register: Register) -> None:
    assert registry.find("first") is None
    assert register("first") == 1
    assert register("first") == 1
    found = registry.find("first")
    assert found is not None
    assert int(found.version) == 1


def test_the_alias_moves_to_the_newest_training_and_back(registry: ModelRegistry, register: Register) -> None:
    for fingerprint, number in (("first", 1), ("second", 2), ("first", 1)):
        assert register(fingerprint) == number
        assert registry.load("staging").version == number


def test_registering_a_version_in_production_again_leaves_it_there(registry: ModelRegistry, register: Register) -> None:
    register("first")
    registry.put_into_production(1)
    registry.show_stages(1)
    register("first")
    assert registry.summary("production").stage == "Production"


def test_production_means_the_newest_in_staging_until_one_was_promoted(
    registry: ModelRegistry, register: Register, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The warning comes once in a process, and other tests may have had it.
    monkeypatch.setattr(registry_module, "_WARNED", set())
    register("first")
    assert registry.load("production").version == 1
    assert "no model was ever promoted" in capsys.readouterr().out
    with pytest.raises(ModelNotFoundError, match="was promoted to production") as caught:
        registry.require_promoted("production")
    assert "model promote staging" in caught.value.next_step
    registry.require_promoted("staging")
    registry.put_into_production(1)
    registry.require_promoted("production")
    register("second")
    assert registry.load("production").version == 1
    assert capsys.readouterr().out == ""


def test_an_empty_registry_names_the_command_to_run(registry: ModelRegistry) -> None:
    for alias in ("staging", "production"):
        with pytest.raises(ModelNotFoundError, match=f"alias '{alias}'") as caught:
            registry.load(alias)
        assert "credit-scoring train" in caught.value.next_step


def test_a_missing_registry_file_is_not_created_by_reading(
    registry: ModelRegistry, register: Register, with_tracking: Settings
) -> None:
    register("first training")
    assert registry.load("staging").version == 1
    file = Path(with_tracking.data_directory, "databases", "mlflow.db")
    file.rename(file.with_name("elsewhere.db"))
    for reader in (registry, ModelRegistry(with_tracking)):
        gone = pytest.raises(ModelNotFoundError, match="There is no model registry at .*mlflow.db")
        with gone:
            reader.deployment("staging").version
        with gone:
            reader.load("staging")
        with gone:
            reader.load_version(1)
        assert reader.versions() == []
    assert not file.exists()
    file.with_name("elsewhere.db").rename(file)
    assert registry.deployment("staging").version == 1


def test_a_replaced_registry_file_is_read(registry: ModelRegistry, register: Register, with_tracking: Settings) -> None:
    file = Path(with_tracking.data_directory, "databases", "mlflow.db")
    register("first training")
    backup = shutil.copy(file, file.with_name("backup.db"))
    register("second training")
    assert registry.deployment("staging").version == 2
    Path(backup).rename(file)
    assert registry.deployment("staging").version == 1
    assert ModelRegistry(with_tracking).deployment("staging").version == 1


def test_an_unknown_alias_or_number_is_named(registry: ModelRegistry, register: Register) -> None:
    register("first")
    with pytest.raises(ModelNotFoundError, match="alias 'champion'") as caught:
        registry.load("champion")
    assert "CREDIT_REGISTRY_MODEL_ALIAS" in caught.value.next_step
    with pytest.raises(ModelNotFoundError, match=r"'7' of credit-scoring in .*mlflow.db; known versions: \[1\]"):
        registry.load_version(7)
    with pytest.raises(ModelNotFoundError, match="'champion' of credit-scoring"):
        registry.summary("champion")


def test_the_files_of_a_run_are_found_by_their_path(registry: ModelRegistry, register: Register) -> None:
    register("first")
    run_id = registry.summary("staging").run_id
    report = registry.artefact(run_id, "training_report.html")
    assert report is not None
    assert report.read_text() == "<p>report</p>"
    assert registry.artefact(run_id, "scorer/MLmodel") is not None
    assert registry.artefact(run_id, "scorer/nothing") is None
    assert registry.artefact(run_id, "nowhere/nothing") is None


def test_two_models_do_not_see_each_other(with_tracking: Settings, register: Register) -> None:
    register("first")
    other = ModelRegistry(with_tracking.with_values(registry={"model_name": "another-model"}))
    assert other.find("first") is None
    with pytest.raises(ModelNotFoundError, match="another-model"):
        other.load("staging")


def test_a_damaged_booster_is_not_loaded(registry: ModelRegistry, with_tracking: Settings, register: Register) -> None:
    register("first")
    model = scorer_folder(with_tracking) / "model" / "model.txt"
    model.write_text(model.read_text()[:-10])
    with pytest.raises(StorageError, match="has the hash"):
        registry.load("staging")


def test_missing_files_are_named_with_version_and_path(
    registry: ModelRegistry, with_tracking: Settings, register: Register
) -> None:
    register("first")
    scorer_folder(with_tracking).parents[1].rename(with_tracking.data_directory / "elsewhere")
    with pytest.raises(StorageError, match=r"credit-scoring version 1 are not at .*scorer") as caught:
        registry.load("staging")
    assert "train --force" in caught.value.next_step


def test_a_damaged_database_is_not_reported_as_an_unknown_alias(settings: Settings) -> None:
    path = settings.data_directory / "databases" / "mlflow.db"
    path.parent.mkdir(parents=True)
    path.write_text("no database " * 100)
    with pytest.raises(StorageError, match="does not answer") as caught:
        ModelRegistry(settings).load("staging")
    assert "CREDIT_REGISTRY_TRACKING_URI" in caught.value.next_step


def test_an_unreachable_server_is_not_reported_as_an_unknown_alias(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    away = settings.with_values(
        registry={"tracking_uri": "http://clerk:hidden@127.0.0.1:1"}  # pragma: allowlist secret
    )
    with pytest.raises(StorageError, match="does not answer") as caught:
        ModelRegistry(away).load("staging")
    assert "clerk:***@127.0.0.1:1" in caught.value.message
    assert "hidden" not in caught.value.message


def test_a_version_put_into_production_by_another_is_seen_at_once(
    registry: ModelRegistry, register: Register, with_tracking: Settings
) -> None:
    register("first")
    assert registry.deployment("production").version == 1
    register("second")
    assert registry.deployment("production").version == 2
    ModelRegistry(with_tracking).put_into_production(1)
    assert registry.deployment("production").version == 1


def test_changed_files_are_noticed_although_the_alias_did_not_move(
    registry: ModelRegistry, register: Register, with_tracking: Settings
) -> None:
    register("first")
    registry.load("production")
    path = scorer_folder(with_tracking) / "scorer.json"
    path.write_text(path.read_text().replace('"threshold"', '"treshold"'))
    with pytest.raises(StorageError):
        ModelRegistry(with_tracking).load("production")
