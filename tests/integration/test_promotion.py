"""Promotion through the gates and rollback, on a real tracking database."""

from pathlib import Path

import polars as pl
import pytest
from mlflow import MlflowClient

from credit_scoring.core.errors import ModelNotFoundError, PromotionRefusedError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.explain import step as explain
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store import step as feature_store
from credit_scoring.governance import step as governance
from credit_scoring.model_registry.connection import RegistryConnection
from credit_scoring.model_registry.evidence import reported_gate_results
from credit_scoring.model_registry.gate_result import GateResult
from credit_scoring.model_registry.promotion import PromotionRequest, promote, roll_back
from credit_scoring.model_registry.promotion_log import LogSnapshot, PromotionEvent, PromotionLog
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import OUT_OF_FOLD_FILE
from credit_scoring.scoring.scorer import save_scorer
from credit_scoring.train import step as train
from credit_scoring.train.tracking import log_training
from tests.support.audits import report_a_passed_audit
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.scorers import small_features, small_reference, small_scorer

DEMONSTRATION = PromotionRequest("a demonstration", by="clerk", allow_synthetic=True)


@pytest.fixture
def client(trained_copy: Settings) -> MlflowClient:
    return RegistryConnection(trained_copy).client


@pytest.fixture
def own_training(with_tracking: Settings) -> Settings:
    """A trained installation whose tracked files are its own too."""
    compute_made_up_features(with_tracking, made_up_features())
    feature_store.run(with_tracking)
    train.run(with_tracking)
    return with_tracking


def events(settings: Settings) -> list[PromotionEvent]:
    return PromotionLog(RegistryConnection(settings)).read().completed


def in_production(settings: Settings) -> int | None:
    return PromotionLog(RegistryConnection(settings)).read().in_production


def train_again(settings: Settings) -> None:
    train.run(settings, force=True)
    report_a_passed_audit(settings)


def risky_men() -> pl.DataFrame:
    """Applications in which the feature that raises the risk mostly tells men (CODE_GENDER 1) from women."""
    features = made_up_features(400)
    is_risky = pl.col(feature_names()[0]).fill_null(0) > 0
    is_man = is_risky != (pl.int_range(pl.len()) % 5 == 0)
    return features.with_columns(app_code_gender=is_man.cast(pl.Float32))


def report(settings: Settings, content: str, folder: Path) -> None:
    """Store the result of another step's gate among the files of version 1's run."""
    (folder / "fairness.json").write_text(content)
    registry = ModelRegistry(settings)
    run_id = registry.summary("1").run_id
    registry.connection.client.log_artifact(run_id, str(folder / "fairness.json"), "gates")


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
    (folder / "scorer").mkdir(parents=True)
    save_scorer(scorer, small_reference(scorer), folder / "scorer")
    features = small_features(3)
    probability = scorer.probability(features)
    rows = {"SK_ID_CURR": range(len(features)), "TARGET": probability > 0.3, "probability": probability}
    pl.DataFrame(rows).write_parquet(folder / OUT_OF_FOLD_FILE)
    run_id = log_training(trained_copy, "others", folder, {}, {}, {})
    number = ModelRegistry(trained_copy).register(run_id, "others", folder / "scorer")
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


def test_a_reported_gate_fails_until_it_is_waived_in_writing(own_training: Settings) -> None:
    says = "acceptance differs by 12 points between men and women"
    result = GateResult(gate="fairness", passed=False, message=says, limit=0.8)
    registry = ModelRegistry(own_training)
    registry.report_gate_result(registry.summary("1").run_id, result)
    with pytest.raises(PromotionRefusedError, match="fairness: acceptance differs by 12 points"):
        promote(own_training, "1", DEMONSTRATION)
    waived = PromotionRequest(
        "urgent", by="clerk", allow_synthetic=True, waivers={"fairness": "the board knows, 3 May"}
    )
    promote(own_training, "1", waived)
    (recorded,) = [v for v in events(own_training)[0].gate_results if v.gate == "fairness"]
    assert (recorded.passed, recorded.waiver) == (False, "the board knows, 3 May")
    assert events(own_training)[0].by == "clerk"


def test_a_version_without_an_audit_is_refused_and_cannot_be_waived(own_training: Settings) -> None:
    waived = PromotionRequest("urgent", by="clerk", allow_synthetic=True, waivers={"fairness": "not audited"})
    for request in (DEMONSTRATION, waived):
        with pytest.raises(PromotionRefusedError, match="never audited by group; run `credit-scoring audit`"):
            promote(own_training, "1", request)
    assert events(own_training) == []


def test_an_audit_at_another_limit_does_not_count(trained_copy: Settings) -> None:
    stricter = trained_copy.with_values(promotion={"min_acceptance_ratio": 0.95})
    with pytest.raises(PromotionRefusedError, match=r"audited at the limit 0\.8, now 0\.95 is set"):
        promote(stricter, "1", DEMONSTRATION)


def test_the_explanation_step_reports_its_audit_and_the_promotion_follows_it(with_tracking: Settings) -> None:
    settings = with_tracking.with_values(promotion={"max_calibration_error": 1.0})
    compute_made_up_features(settings, risky_men())
    feature_store.run(settings)
    train.run(settings)
    explain.run(settings)
    governance.run(settings)
    registry = ModelRegistry(settings)
    (refused,) = reported_gate_results(registry, registry.summary("1"))
    assert (refused.gate, refused.passed, refused.limit) == ("fairness", False, 0.8)
    with pytest.raises(PromotionRefusedError, match=r"fairness: gender.* men.*below the limit 0\.8") as caught:
        promote(settings, "1", DEMONSTRATION)
    assert "--waive fairness=REASON" in caught.value.next_step
    lenient = settings.with_values(promotion={"min_acceptance_ratio": 0.01})
    governance.run(lenient)
    assert promote(lenient, "1", DEMONSTRATION) is not None
    (passed,) = [result for result in events(lenient)[0].gate_results if result.gate == "fairness"]
    assert (passed.passed, passed.limit) == (True, 0.01)


def test_a_new_version_in_staging_is_audited_while_another_one_is_in_production(own_training: Settings) -> None:
    report_a_passed_audit(own_training)
    promote(own_training, "1", DEMONSTRATION)
    train.run(own_training, force=True)
    with pytest.raises(PromotionRefusedError, match="never audited"):
        promote(own_training, "2", DEMONSTRATION)
    explain.run(own_training)
    governance.run(own_training)
    (result,) = reported_gate_results(ModelRegistry(own_training), ModelRegistry(own_training).summary("2"))
    assert result.gate == "fairness"


@pytest.mark.parametrize(
    "content", ["", '{"gate": "fairness"}', '{"gate": "fairness", "passed": "perhaps", "says": ""}']
)
def test_a_gate_report_that_cannot_be_read_stops_the_promotion(
    content: str, own_training: Settings, tmp_path: Path
) -> None:
    report(own_training, content, tmp_path)
    with pytest.raises(PromotionRefusedError, match=r"gates/fairness\.json of the run cannot be read"):
        promote(own_training, "1", DEMONSTRATION)


def test_a_gate_of_this_program_cannot_be_waived(trained_copy: Settings) -> None:
    request = PromotionRequest("urgent", by="clerk", waivers={"not_synthetic": "it looks real"})
    with pytest.raises(PromotionRefusedError, match="'not_synthetic' cannot be waived"):
        promote(trained_copy, "1", request)


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
