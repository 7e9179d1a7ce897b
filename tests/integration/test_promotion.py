"""Promotion through the gates and rollback, on a real tracking database."""

from pathlib import Path

import polars as pl
import pytest
from mlflow import MlflowClient

from credit_scoring.core.errors import ModelNotFoundError, PromotionRefusedError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.connection import RegistryConnection
from credit_scoring.model_registry.promotion import PromotionRequest, promote, roll_back
from credit_scoring.model_registry.promotion_log import LogSnapshot, PromotionEvent, PromotionLog
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import OUT_OF_FOLD_FILE
from credit_scoring.train import step as train
from tests.support.audits import report_a_passed_audit
from tests.support.promotions import DEMONSTRATION, events, in_production
from tests.support.registered_scorers import register_scorer, write_scorer
from tests.support.scorers import small_features, small_scorer


@pytest.fixture
def client(trained_copy: Settings) -> MlflowClient:
    return RegistryConnection(trained_copy).client


def train_again(settings: Settings) -> None:
    train.run(settings, force=True)
    report_a_passed_audit(settings)


def test_a_synthetic_model_stays_in_staging_unless_allowed(trained_copy: Settings) -> None:
    with pytest.raises(PromotionRefusedError, match="not_synthetic: the data is synthetic") as caught:
        promote(trained_copy, "staging", PromotionRequest("it is new", by="clerk"))
    assert "Nothing was changed" in caught.value.next_step
    assert in_production(trained_copy) is None
    assert events(trained_copy) == []


def test_a_promotion_is_logged_with_who_when_why_and_every_gate_result(trained_copy: Settings) -> None:
    event = promote(trained_copy, "staging", DEMONSTRATION)
    assert event is not None
    assert (event.number, event.from_version, event.to_version) == (1, None, 1)
    assert (event.by, event.why) == ("clerk", "a demonstration")
    assert {result.gate for result in event.gate_results} >= {"auc_not_worse", "calibrated", "features_served"}
    assert events(trained_copy) == [event]
    version = ModelRegistry(trained_copy).summary("production")
    assert (version.number, version.stage, version.aliases) == (1, "Production", ("production", "staging"))


def test_promoting_the_version_in_production_changes_nothing(trained_copy: Settings) -> None:
    promote(trained_copy, "1", DEMONSTRATION)
    assert promote(trained_copy, "1", DEMONSTRATION) is None
    assert len(events(trained_copy)) == 1


def test_the_next_version_archives_the_one_before_and_rollback_brings_it_back(trained_copy: Settings) -> None:
    promote(trained_copy, "1", DEMONSTRATION)
    train_again(trained_copy)
    promote(trained_copy, "2", DEMONSTRATION)
    registry = ModelRegistry(trained_copy)
    assert [version.stage for version in registry.versions()] == ["Archived", "Production"]
    assert registry.load("production").version == 2

    back = roll_back(trained_copy, PromotionRequest("complaints", by="manager"))
    assert (back.kind, back.from_version, back.to_version, back.by) == ("rollback", 2, 1, "manager")
    assert [version.stage for version in registry.versions()] == ["Production", "Archived"]
    assert registry.load("production").version == 1
    assert [event.kind for event in events(trained_copy)] == ["promotion", "promotion", "rollback"]
    with pytest.raises(PromotionRefusedError, match="no earlier version"):
        roll_back(trained_copy, DEMONSTRATION)


def test_rollback_can_name_a_version_but_only_one_that_was_there(trained_copy: Settings) -> None:
    promote(trained_copy, "1", DEMONSTRATION)
    train_again(trained_copy)
    for number in (1, 2, 7):
        with pytest.raises(PromotionRefusedError, match=f"Version {number} is in production now, or never was"):
            roll_back(trained_copy, DEMONSTRATION, number)
    promote(trained_copy, "2", DEMONSTRATION)
    assert roll_back(trained_copy, DEMONSTRATION, 1).to_version == 1


def test_rollback_works_while_the_online_store_is_unavailable(trained_copy: Settings) -> None:
    promote(trained_copy, "1", DEMONSTRATION)
    train_again(trained_copy)
    promote(trained_copy, "2", DEMONSTRATION)
    away = trained_copy.with_values(features={"online_store_url": "postgresql+psycopg://clerk@127.0.0.1:1/credit"})
    assert "not checked" in roll_back(away, DEMONSTRATION).gate_results[0].message
    with pytest.raises(PromotionRefusedError, match="features_served: The online store"):
        promote(away, "2", DEMONSTRATION)


def test_a_version_of_features_that_are_not_served_is_refused(trained_copy: Settings, tmp_path: Path) -> None:
    scorer, folder = small_scorer(), tmp_path / "version"
    write_scorer(scorer, folder)
    features = small_features(3)
    probability = scorer.probability(features)
    rows = {"SK_ID_CURR": range(len(features)), "TARGET": probability > 0.3, "probability": probability}
    pl.DataFrame(rows).write_parquet(folder / OUT_OF_FOLD_FILE)
    number = register_scorer(trained_copy, "others", folder)
    with pytest.raises(
        PromotionRefusedError, match="features_served: 3 of 3 features are not served, the first is age"
    ):
        promote(trained_copy, str(number), DEMONSTRATION)


def test_an_unknown_version_is_named(trained_copy: Settings) -> None:
    with pytest.raises(ModelNotFoundError, match="no version '9'"):
        promote(trained_copy, "9", DEMONSTRATION)


def test_a_version_without_its_predictions_cannot_be_evaluated(trained_copy: Settings, client: MlflowClient) -> None:
    run_id = ModelRegistry(trained_copy).summary("1").run_id
    other = client.create_run(client.get_run(run_id).info.experiment_id)
    source = client.get_model_version("credit-scoring", "1").source
    client.create_model_version("credit-scoring", source, other.info.run_id)
    with pytest.raises(PromotionRefusedError, match=r"version 2 has no out_of_fold\.parquet"):
        promote(trained_copy, "2", DEMONSTRATION)


def test_a_promotion_killed_before_the_alias_moved_did_not_happen(
    trained_copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(ModelRegistry, "put_into_production", killed)
        with pytest.raises(Killed):
            promote(trained_copy, "1", DEMONSTRATION)
    assert in_production(trained_copy) is None
    assert events(trained_copy) == []
    event = promote(trained_copy, "1", DEMONSTRATION)
    assert event is not None
    assert events(trained_copy) == [event]


def test_of_two_concurrent_promotions_the_second_withdraws(
    trained_copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    train_again(trained_copy)
    append = PromotionLog.append

    def append_after_another(log: PromotionLog, event: PromotionEvent, expected: LogSnapshot) -> str:
        monkeypatch.setattr(PromotionLog, "append", append)
        promote(trained_copy, "2", DEMONSTRATION)
        return append(log, event, expected)

    monkeypatch.setattr(PromotionLog, "append", append_after_another)
    with pytest.raises(StorageError, match="at the same time"):
        promote(trained_copy, "1", DEMONSTRATION)
    assert in_production(trained_copy) == 2
    assert [event.to_version for event in events(trained_copy)] == [2]
    assert len(PromotionLog(RegistryConnection(trained_copy)).read().events) == 1


def test_after_a_lost_response_the_error_says_to_check_first(
    trained_copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise StorageError("The model registry does not answer (reset).", "Check CREDIT_REGISTRY_TRACKING_URI.")

    monkeypatch.setattr(ModelRegistry, "put_into_production", lost)
    with pytest.raises(StorageError, match="does not answer") as caught:
        promote(trained_copy, "1", DEMONSTRATION)
    assert "model list" in caught.value.next_step


def test_stages_that_could_not_be_written_are_repaired_by_promoting_again(
    trained_copy: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lost(*_: object) -> None:
        raise StorageError("The model registry does not answer (reset).", "Check CREDIT_REGISTRY_TRACKING_URI.")

    with monkeypatch.context() as patch:
        patch.setattr(ModelRegistry, "show_stages", lost)
        assert promote(trained_copy, "1", DEMONSTRATION) is not None
    assert "not up to date" in capsys.readouterr().out
    assert ModelRegistry(trained_copy).summary("production").stage == "Staging"
    assert promote(trained_copy, "1", DEMONSTRATION) is None
    assert ModelRegistry(trained_copy).summary("production").stage == "Production"


def test_a_damaged_promotion_event_is_named(trained_copy: Settings, client: MlflowClient) -> None:
    client.set_registered_model_tag("credit-scoring", "journal.000001.abcdef01", "{")
    with pytest.raises(StorageError, match=r"tag journal\.000001\.abcdef01"):
        promote(trained_copy, "1", DEMONSTRATION)


def test_without_a_registered_model_there_is_no_rollback(with_tracking: Settings) -> None:
    with pytest.raises(PromotionRefusedError, match="no earlier version"):
        roll_back(with_tracking, DEMONSTRATION)
