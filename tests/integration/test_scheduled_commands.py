"""What a scheduler runs: trainings by family, versions without alias, gates alone, and verified versions."""

from typing import Literal

import pytest

from credit_scoring.core.errors import ModelNotFoundError, PromotionRefusedError, TrainingError
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.validated_tables import INGEST_STEP
from credit_scoring.feature_store.step import published_version
from credit_scoring.model_registry import promotion, verified
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.model_registry.restoration import restore
from credit_scoring.train import step
from tests.support.audits import report_a_passed_audit
from tests.support.promotions import DEMONSTRATION, events, in_production
from tests.support.registered_scorers import register_another_scorer

Alias = Literal["staging", "production"]


def aliases(settings: Settings) -> dict[str, int]:
    return {alias: version.number for version in ModelRegistry(settings).versions() for alias in version.aliases}


def two_versions_in_service(settings: Settings) -> None:
    """Version 2 in both environments, after version 1."""
    promotion.promote(settings, "1", DEMONSTRATION)
    verified.stage(settings, str(another_version(settings)))
    report_a_passed_audit(settings)
    promotion.promote(settings, "2", DEMONSTRATION)


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
    assert verified.stage(trained_copy, "1") == verified.Served("credit-scoring", "staging", 1, 2)


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


def test_a_version_that_does_not_serve_cannot_be_confirmed(trained_copy: Settings) -> None:
    another_version(trained_copy)
    with pytest.raises(PromotionRefusedError, match="Version 2 does not serve in staging.*version 1 does"):
        verified.confirm(trained_copy, "2", "staging")


@pytest.mark.parametrize("alias", ["staging", "production"])
def test_a_version_that_failed_is_replaced_by_the_verified_one_once(trained_copy: Settings, alias: Alias) -> None:
    two_versions_in_service(trained_copy)
    restored = restore(trained_copy, alias, 2, DEMONSTRATION)
    assert restored == verified.Served("credit-scoring", alias, 1, 1)
    # As a task does that is tried again, because the response was lost.
    assert restore(trained_copy, alias, 2, DEMONSTRATION) is None
    assert aliases(trained_copy)[alias] == 1


@pytest.mark.parametrize("alias", ["staging", "production"])
def test_a_version_that_passed_its_test_is_never_replaced(trained_copy: Settings, alias: Alias) -> None:
    two_versions_in_service(trained_copy)
    verified.confirm(trained_copy, "2", alias)
    assert restore(trained_copy, alias, 2, DEMONSTRATION) is None
    assert aliases(trained_copy)[alias] == 2


def test_the_version_that_a_person_chose_in_the_meantime_is_kept(trained_copy: Settings) -> None:
    two_versions_in_service(trained_copy)
    promotion.roll_back(trained_copy, DEMONSTRATION)
    assert restore(trained_copy, "production", 2, DEMONSTRATION) is None
    assert aliases(trained_copy)["production"] == aliases(trained_copy)["production-verified"] == 1


def test_nothing_is_restored_where_nothing_serves(trained_copy: Settings) -> None:
    assert restore(trained_copy, "production", 1, DEMONSTRATION) is None


def ingest_tables(settings: Settings, fingerprint: str) -> None:
    """Make tables with a fingerprint the ones that were ingested last."""
    manifest = Manifest(step=INGEST_STEP, fingerprint=fingerprint, source="synthetic", run_id="run", seconds=0)
    storage = Storage.of(settings)
    with storage.writing(INGEST_STEP) as folder:
        storage.commit(manifest, folder)


def test_ingested_data_awaits_a_training_until_one_has_finished(trained_copy: Settings) -> None:
    ingest_tables(trained_copy, published_version(trained_copy).source_fingerprint)
    assert not step.has_untrained_data(trained_copy)
    ingest_tables(trained_copy, "newer tables")
    assert step.has_untrained_data(trained_copy)


def test_without_any_training_everything_awaits_one(settings: Settings) -> None:
    assert step.has_untrained_data(settings)


def test_an_alias_that_points_nowhere_cannot_be_confirmed(trained_copy: Settings) -> None:
    with pytest.raises(ModelNotFoundError, match="'production'"):
        verified.confirm(trained_copy, "1", "production")
