"""Gates of other steps, reported to the registry, that a promotion follows."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from credit_scoring.core.errors import PromotionRefusedError
from credit_scoring.core.settings import Settings
from credit_scoring.explain import step as explain
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store import step as feature_store
from credit_scoring.governance import step as governance
from credit_scoring.model_registry.evidence import reported_gate_results
from credit_scoring.model_registry.gate_result import GateResult
from credit_scoring.model_registry.promotion import PromotionRequest, promote
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.train import step as train
from tests.support.audits import report_a_passed_audit
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.installations import trained_installation
from tests.support.promotions import DEMONSTRATION, events


@pytest.fixture(scope="module")
def unaudited(tmp_path_factory: pytest.TempPathFactory, tracking_template: Path) -> Path:
    """Data folder of an installation whose only version was never audited."""
    return trained_installation(tmp_path_factory.mktemp("unaudited") / "data", tracking_template).data_directory


@pytest.fixture
def own_training(unaudited: Path, settings: Settings) -> Settings:
    """A copy of it; its tracked files are its own too."""
    shutil.copytree(unaudited, settings.data_directory)
    return settings


def risky_men() -> pl.DataFrame:
    """Applications in which the feature that raises the risk mostly tells men (CODE_GENDER 1) from women."""
    features = made_up_features(400)
    is_risky = pl.col(feature_names()[0]) > pl.col(feature_names()[0]).median()
    is_man = is_risky != (pl.int_range(pl.len()) % 3 == 0)
    return features.with_columns(app_code_gender=is_man.cast(pl.Float32))


def report(settings: Settings, content: str, folder: Path) -> None:
    """Store the result of another step's gate among the files of version 1's run."""
    (folder / "fairness.json").write_text(content)
    registry = ModelRegistry(settings)
    run_id = registry.summary("1").run_id
    registry.connection.client.log_artifact(run_id, str(folder / "fairness.json"), "gates")


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
