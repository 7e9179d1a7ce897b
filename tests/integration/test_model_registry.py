"""Scorers in MLflow's registry, on a real tracking database."""

from pathlib import Path

import pytest

from credit_scoring.core.errors import ModelNotFoundError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.scorer import Scorer, save_scorer
from credit_scoring.train.tracking import log_training
from tests.scorers import small_features, small_reference, small_scorer


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return small_scorer()


@pytest.fixture
def registry(with_tracking: Settings) -> ModelRegistry:
    return ModelRegistry(with_tracking)


@pytest.fixture
def logged(registry: ModelRegistry, with_tracking: Settings, scorer: Scorer, tmp_path: Path) -> str:
    """Id of a tracked run that holds a Scorer."""
    (tmp_path / "version" / "scorer").mkdir(parents=True)
    save_scorer(scorer, small_reference(scorer), tmp_path / "version" / "scorer")
    (tmp_path / "version" / "training_report.html").write_text("<p>report</p>")
    return log_training(
        with_tracking, registry.tracking_uri, tmp_path / "version", {"seed": 0}, {"auc": 0.7}, {"source": "x"}
    )


def scorer_folder(settings: Settings) -> Path:
    (folder,) = (settings.data_directory / "mlflow_artifacts").glob("*/artifacts/scorer")
    return folder


def test_what_was_registered_is_loaded_by_its_alias(
    registry: ModelRegistry, logged: str, scorer: Scorer
) -> None:
    assert registry.register(logged, "first", "staging", {"source": "synthetic"}) == 1
    loaded = registry.load("staging")
    assert (loaded.name, loaded.version) == ("credit-scoring", 1)
    features = small_features(3, seed=4)
    assert loaded.scorer.probability(features).tobytes() == scorer.probability(features).tobytes()


def test_registering_the_same_training_again_finds_its_version(registry: ModelRegistry, logged: str) -> None:
    assert registry.find("first") is None
    assert registry.register(logged, "first", "staging", {"source": "synthetic"}) == 1
    assert registry.register(logged, "first", "staging", {"source": "synthetic"}) == 1
    found = registry.find("first")
    assert found is not None
    assert (int(found.version), found.run_id) == (1, logged)
    assert found.tags == {"source": "synthetic", "fingerprint": "first"}


def test_the_alias_moves_to_the_newest_training_and_back(registry: ModelRegistry, logged: str) -> None:
    for fingerprint, number in (("first", 1), ("second", 2), ("first", 1)):
        assert registry.register(logged, fingerprint, "staging", {}) == number
        assert registry.load("staging").version == number


def test_aliases_are_independent(registry: ModelRegistry, logged: str) -> None:
    registry.register(logged, "first", "champion", {})
    registry.register(logged, "second", "challenger", {})
    assert registry.load("champion").version == 1
    assert registry.load("challenger").version == 2


def test_an_empty_registry_says_what_to_run(registry: ModelRegistry) -> None:
    with pytest.raises(ModelNotFoundError, match="alias 'staging'") as caught:
        registry.load("staging")
    assert "credit-scoring train" in caught.value.next_step


def test_an_unknown_alias_is_named(registry: ModelRegistry, logged: str) -> None:
    registry.register(logged, "first", "staging", {})
    with pytest.raises(ModelNotFoundError, match="alias 'champion'") as caught:
        registry.load("champion")
    assert "CREDIT_MODEL_ALIAS" in caught.value.next_step


def test_two_models_do_not_see_each_other(
    registry: ModelRegistry, with_tracking: Settings, logged: str
) -> None:
    registry.register(logged, "first", "staging", {})
    other = ModelRegistry(with_tracking.model_copy(update={"model_name": "another-model"}))
    assert other.find("first") is None
    with pytest.raises(ModelNotFoundError, match="another-model"):
        other.load("staging")


def test_a_damaged_booster_is_not_loaded(
    registry: ModelRegistry, with_tracking: Settings, logged: str
) -> None:
    registry.register(logged, "first", "staging", {})
    model = scorer_folder(with_tracking) / "model" / "model.txt"
    model.write_text(model.read_text()[:-10])
    with pytest.raises(StorageError, match="has the hash"):
        registry.load("staging")


def test_missing_files_are_named_with_version_and_place(
    registry: ModelRegistry, with_tracking: Settings, logged: str
) -> None:
    registry.register(logged, "first", "staging", {})
    scorer_folder(with_tracking).rename(with_tracking.data_directory / "elsewhere")
    with pytest.raises(StorageError, match=r"credit-scoring version 1 are not at .*scorer") as caught:
        registry.load("staging")
    assert "train --force" in caught.value.next_step


def test_a_database_that_is_damaged_does_not_pass_for_an_unknown_alias(settings: Settings) -> None:
    path = settings.data_directory / "databases" / "mlflow.db"
    path.parent.mkdir(parents=True)
    path.write_text("no database " * 100)
    with pytest.raises(StorageError, match="does not answer") as caught:
        ModelRegistry(settings).load("staging")
    assert "CREDIT_TRACKING_URI" in caught.value.next_step


def test_a_server_that_is_away_does_not_pass_for_an_unknown_alias(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    away = settings.model_copy(
        update={"tracking_uri": "http://clerk:hidden@127.0.0.1:1"}  # pragma: allowlist secret
    )
    with pytest.raises(StorageError, match="does not answer") as caught:
        ModelRegistry(away).load("staging")
    assert "clerk:***@127.0.0.1:1" in caught.value.message
    assert "hidden" not in caught.value.message


def test_an_address_of_another_kind_is_a_clear_error(settings: Settings) -> None:
    with pytest.raises(StorageError, match="nonsense://somewhere"):
        ModelRegistry(settings.model_copy(update={"tracking_uri": "nonsense://somewhere"})).find("first")
