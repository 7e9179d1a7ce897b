"""A decision can be replayed from the ledger, whatever was published and trained since."""

from collections.abc import Iterator

import numpy as np
import pytest

from credit_scoring.core.errors import MissingArtefactError, ModelNotFoundError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.decisions.recorder import opened_ledger
from credit_scoring.decisions.service import DecisionService, open_decision_service
from credit_scoring.feature_store import step as feature_store
from credit_scoring.model_registry.registry import ModelRegistry
from tests.support.decision_entries import entry
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.registered_scorers import register_another_scorer

APPLICATIONS: list[dict[str, float | int | str | None]] = [
    {"SK_ID_CURR": 7, "NAME_CONTRACT_TYPE": "Cash loans", "AMT_CREDIT": 500_000.0, "DAYS_BIRTH": -12_000},
    {"SK_ID_CURR": 8, "NAME_CONTRACT_TYPE": "Revolving loans", "AMT_CREDIT": 1e5, "AMT_INCOME_TOTAL": 1.0},
    {"NAME_CONTRACT_TYPE": "no such contract", "EXT_SOURCE_2": 0.1 + 0.2, "DAYS_EMPLOYED": 365_243},
    {"SK_ID_CURR": 999_999},
]
CALLER = "a test"


@pytest.fixture
def service(trained_copy: Settings) -> Iterator[DecisionService]:
    opened = open_decision_service(trained_copy)
    yield opened
    opened.close()


def test_a_batch_is_decided_bit_for_bit_like_its_applications_alone(service: DecisionService) -> None:
    together = service.make_decisions([DecisionRequest.from_columns(one, CALLER, "r-1") for one in APPLICATIONS])
    assert [one.client_id for one in together] == [7, 8, None, 999_999]
    assert [one.history_found for one in together] == [True, True, False, False]
    assert len({one.decision_id for one in together}) == len(APPLICATIONS)
    for one, application in zip(together, APPLICATIONS, strict=True):
        alone = service.make_decision(DecisionRequest(application, one.client_id, CALLER))
        assert (alone.probability, alone.decision) == (one.probability, one.decision)
        assert (one.caller, one.request_id, one.application) == (CALLER, "r-1", application)
        assert service.find(one.decision_id) == one
        assert service.replay(one.decision_id).is_equal
    assert service.make_decisions([]) == []


def test_a_decision_is_replayed_bit_for_bit_after_two_newer_models_and_new_features(
    service: DecisionService, trained_copy: Settings
) -> None:
    old = service.make_decisions([DecisionRequest.from_columns(one, CALLER) for one in APPLICATIONS])
    for number in (2, 3):
        assert register_another_scorer(trained_copy, f"training {number}", threshold=0.2 * number) == number
    compute_made_up_features(trained_copy, made_up_features(seed=1), name="second")
    feature_store.run(trained_copy)

    newer = open_decision_service(trained_copy)
    assert newer.registered.version == 3
    new = newer.make_decisions([DecisionRequest.from_columns(one, CALLER) for one in APPLICATIONS])
    assert {one.feature_version for one in new} == {1}
    for before, after in zip(old, new, strict=True):
        assert before.probability != after.probability
        replayed = newer.replay(before.decision_id)
        assert replayed.differences == ()
        assert (replayed.probability, replayed.decision) == (before.probability, before.decision)
        assert replayed.record == before
        assert replayed.features_recomputed
        assert newer.replay(after.decision_id).features_recomputed
        assert newer.replay(after.decision_id).is_equal
    newer.close()


def test_differences_are_listed(service: DecisionService, trained_copy: Settings) -> None:
    (answer,) = service.make_decisions([DecisionRequest.from_columns(one, CALLER) for one in APPLICATIONS[:1]])
    with opened_ledger(trained_copy) as ledger:
        recorded = ledger.get(answer.decision_id)
        features = recorded.features.copy()
        features[-1] = 12_345
        forged = recorded.record.model_copy(
            update={"decision_id": "f" * 32, "probability": 0.5, "model_hash": "another"}
        )
        ledger.append([type(recorded)(forged, features)])
    names = [difference.name for difference in service.replay("f" * 32).differences]
    assert names == ["model_hash", "probability", service.registered.scorer.description.feature_names[-1]]


def test_features_of_a_version_unknown_to_the_store_come_from_the_record(
    service: DecisionService, trained_copy: Settings
) -> None:
    (answer,) = service.make_decisions([DecisionRequest.from_columns(one, CALLER) for one in APPLICATIONS[:1]])
    with opened_ledger(trained_copy) as ledger:
        recorded = ledger.get(answer.decision_id)
        other = recorded.record.model_copy(update={"decision_id": "d" * 32, "feature_fingerprint": "unknown"})
        ledger.append([type(recorded)(other, recorded.features)])
    replayed = service.replay("d" * 32)
    assert replayed.is_equal
    assert not replayed.features_recomputed


def test_a_missing_model_version_is_named(service: DecisionService, trained_copy: Settings) -> None:
    with opened_ledger(trained_copy) as ledger:
        ledger.append([entry("e" * 32, model_version=99)])
    with pytest.raises(ModelNotFoundError, match="99"):
        service.replay("e" * 32)
    with pytest.raises(MissingArtefactError, match="no decision unknown"):
        service.replay("unknown")


def test_another_scorer_decides_from_the_next_decision_on(service: DecisionService, trained_copy: Settings) -> None:
    before = service.make_decision(DecisionRequest(APPLICATIONS[0], 7, CALLER))
    service.use(ModelRegistry(trained_copy).load_version(register_another_scorer(trained_copy, "another")))
    after = service.make_decision(DecisionRequest(APPLICATIONS[0], 7, CALLER))
    assert (before.model_version, after.model_version) == (1, 2)
    assert all(service.replay(one.decision_id).is_equal for one in (before, after))


def test_the_history_of_a_client_has_names_and_a_version(service: DecisionService) -> None:
    version, features = service.history_of(7)
    assert features is not None
    assert tuple(features) == version.history_features
    served = service.make_decision(DecisionRequest(APPLICATIONS[0], 7, CALLER))
    assert version.number == served.feature_version
    assert any(value is None for value in features.values())
    assert any(isinstance(value, float) and np.isfinite(value) for value in features.values())
    assert service.history_of(999_999) == (version, None)


def test_readiness_names_the_unavailable_part(service: DecisionService, trained_copy: Settings) -> None:
    assert service.readiness() == {"model": None, "store": None, "ledger": None}
    store = trained_copy.data_directory / "databases" / "online_store.db"
    store.write_bytes(b"no database " * 1_000)
    with pytest.raises(StorageError):
        service.check_store()
    reasons = service.readiness()
    assert reasons["ledger"] is reasons["model"] is None
    assert "online store" in (reasons["store"] or "")
