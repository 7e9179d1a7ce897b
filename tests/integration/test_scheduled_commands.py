"""What a scheduler runs: trainings by family, versions without alias, gates alone, and verified versions."""

import pytest

from credit_scoring.core.errors import ModelNotFoundError, PromotionRefusedError, TrainingError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.model_registry import promotion, verified
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.train import step
from tests.support.audits import report_a_passed_audit
from tests.support.promotions import DEMONSTRATION, events, in_production
from tests.support.registered_scorers import register_another_scorer


def aliases(settings: Settings) -> dict[str, int]:
    return {alias: version.number for version in ModelRegistry(settings).versions() for alias in version.aliases}


def another_version(settings: Settings) -> int:
    """Train again and register without moving an alias; returns the version."""
    number = step.run(settings, force=True, is_staged=False).measures["model_version"]
    return int(number)


def test_a_training_can_register_its_version_without_moving_the_alias(trained_copy: Settings) -> None:
    assert another_version(trained_copy) == 2
    assert aliases(trained_copy) == {"staging": 1}


def test_a_family_that_was_cross_validated_alone_is_not_trained_again(trained_copy: Settings) -> None:
    family = trained_copy.training.families[0]
    names = step.cross_validate_family(trained_copy, family, force=True)
    folders = {name: Storage.of(trained_copy).current(f"train_candidates/{name}") for name in names}
    assert family in names
    other = trained_copy.with_values(cost={"missed_default": trained_copy.cost.missed_default + 1})
    step.run(other)
    assert {name: Storage.of(other).current(f"train_candidates/{name}") for name in names} == folders


def test_a_family_that_does_not_exist_is_named(trained_copy: Settings) -> None:
    with pytest.raises(TrainingError, match="no model family 'oracle'"):
        step.cross_validate_family(trained_copy, "oracle")


def test_gates_are_evaluated_without_promoting(trained_copy: Settings) -> None:
    number, results = promotion.check(trained_copy, "staging", allow_synthetic=True)
    assert number == 1
    assert {result.gate for result in results} >= {"not_synthetic", "calibrated", "fairness"}
    assert in_production(trained_copy) is None and events(trained_copy) == []


def test_a_failed_gate_refuses_in_the_check_too(trained_copy: Settings) -> None:
    with pytest.raises(PromotionRefusedError, match="not_synthetic: the data is synthetic"):
        promotion.check(trained_copy, "1")


def test_the_alias_staging_moves_to_a_version_and_back(trained_copy: Settings) -> None:
    another_version(trained_copy)
    assert verified.stage(trained_copy, "2") == verified.Served("credit-scoring", "staging", 2, 1)
    assert aliases(trained_copy) == {"staging": 2, "staging-verified": 1}
    assert verified.stage(trained_copy, "staging-verified").version == 1
    assert aliases(trained_copy) == {"staging": 1, "staging-verified": 1}


def test_staging_a_version_again_keeps_the_one_that_passed(trained_copy: Settings) -> None:
    another_version(trained_copy)
    assert [verified.stage(trained_copy, "2").verified for _ in range(3)] == [1, 1, 1]


def test_the_first_version_has_nothing_to_return_to(trained_copy: Settings) -> None:
    assert verified.stage(trained_copy, "1").verified is None


def test_a_version_that_passed_is_what_a_later_one_returns_to(trained_copy: Settings) -> None:
    another_version(trained_copy)
    verified.stage(trained_copy, "2")
    assert verified.confirm(trained_copy, "2", "staging").verified == 2
    register_another_scorer(trained_copy, "third")
    assert verified.stage(trained_copy, "3").verified == 2


def test_a_promotion_keeps_the_version_that_served_before(trained_copy: Settings) -> None:
    promotion.promote(trained_copy, "1", DEMONSTRATION)
    assert "production-verified" not in aliases(trained_copy)
    verified.stage(trained_copy, str(another_version(trained_copy)))
    report_a_passed_audit(trained_copy)
    promotion.promote(trained_copy, "2", DEMONSTRATION)
    registry = ModelRegistry(trained_copy)
    assert verified.served(registry, "production") == verified.Served("credit-scoring", "production", 2, 1)


def test_an_alias_that_points_nowhere_cannot_be_confirmed(trained_copy: Settings) -> None:
    with pytest.raises(ModelNotFoundError, match="'production'"):
        verified.confirm(trained_copy, "1", "production")
