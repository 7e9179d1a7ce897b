"""A decision is recorded before it is answered, or it is not made."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import cast

import numpy as np
import pytest

from credit_scoring.core.errors import ModelNotFoundError, StorageError
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.decisions.recorder import Recorder
from credit_scoring.decisions.service import DecisionService
from credit_scoring.feature_store.online import OnlineVersion
from credit_scoring.feature_store.serving import FeatureService, ServedFeatures
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer
from credit_scoring.scoring.scorer import Decision, Scorer
from tests.support.scorers import small_scorer

VERSION = OnlineVersion(
    fingerprint="0123456789abcdef",
    number=3,
    created_at=datetime(2026, 1, 2, tzinfo=UTC),
    source="synthetic",
    history_features=("age",),
    without_history=(None,),
    population="{}",
)


class FakeFeatures:
    """Serves application values under the names of the Scorer's features."""

    version = VERSION
    closed = False

    def features_of_many(
        self, applications: Sequence[Mapping[str, float]], client_ids: Sequence[int | None]
    ) -> list[ServedFeatures]:
        return [
            ServedFeatures(
                np.array([application[name] for name in ("age", "income", "debt")], dtype=np.float32),
                VERSION,
                history_found=client_id is not None,
            )
            for application, client_id in zip(applications, client_ids, strict=True)
        ]

    def close(self) -> None:
        self.closed = True


class FakeRecorder:
    """Keeps recorded entries in memory, or fails if full."""

    depth = 0
    unavailable_reason = None
    full_reason = None

    def __init__(self, is_full: bool = False) -> None:
        self.is_full = is_full
        self.closed = False
        self.recorded: list[Entry] = []

    def record(self, entries: Sequence[Entry], may_spool: bool = True) -> Future[None]:
        done: Future[None] = Future()
        self.may_spool = may_spool
        if self.is_full:
            done.set_exception(StorageError("The spool is full.", "Empty it."))
        else:
            self.recorded += entries
            done.set_result(None)
        return done

    def close(self) -> None:
        self.closed = True


class NoRegistry:
    """A registry without versions."""

    def load_version(self, number: int) -> RegisteredScorer:
        raise ModelNotFoundError(f"No version {number}.", "Train.")


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return small_scorer()


def service_of(scorer: Scorer, recorder: FakeRecorder) -> DecisionService:
    return DecisionService(
        cast(FeatureService, FakeFeatures()),
        RegisteredScorer(scorer, "credit-scoring", 5),
        cast(Recorder, recorder),
        cast(ModelRegistry, NoRegistry()),
    )


CALLER = "a test"
RISKY = {"age": 2.0, "income": -1.0, "debt": 0.0}
SAFE = {"age": -2.0, "income": 1.0, "debt": 0.0}


def test_the_answer_is_the_recorded_decision(scorer: Scorer) -> None:
    recorder = FakeRecorder()
    answer = service_of(scorer, recorder).make_decision(DecisionRequest(RISKY, 7, CALLER))
    (entry,) = recorder.recorded
    assert entry.record is answer
    assert entry.features.tolist() == [2.0, -1.0, 0.0]


def test_a_record_contains_every_input_and_version_of_the_decision(scorer: Scorer) -> None:
    before = datetime.now(UTC)
    answer = service_of(scorer, FakeRecorder()).make_decision(DecisionRequest(RISKY, 7, CALLER))
    assert answer.client_id == 7
    assert answer.application == RISKY
    assert answer.history_found
    assert (answer.feature_version, answer.feature_fingerprint) == (3, VERSION.fingerprint)
    assert (answer.model_name, answer.model_version) == ("credit-scoring", 5)
    assert answer.model_hash == scorer.description.model_hash
    assert (answer.source, answer.threshold) == ("synthetic", scorer.description.threshold)
    assert before <= answer.decided_at <= datetime.now(UTC)


def test_probability_and_decision_are_the_scorers(scorer: Scorer) -> None:
    service = service_of(scorer, FakeRecorder())
    for application, decision in ((RISKY, Decision.REFUSED), (SAFE, Decision.ACCEPTED)):
        answer = service.make_decision(DecisionRequest(application, None, CALLER))
        expected = scorer.probability(np.array([list(application.values())], dtype=np.float32))[0]
        assert answer.probability == expected
        assert answer.decision is decision
        assert not answer.history_found


def test_every_decision_has_a_unique_id(scorer: Scorer) -> None:
    service = service_of(scorer, FakeRecorder())
    ids = {service.make_decision(DecisionRequest(SAFE, 7, CALLER)).decision_id for _ in range(3)}
    assert len(ids) == 3
    assert all(len(decision_id) == 32 for decision_id in ids)


def test_without_a_record_there_is_no_answer(scorer: Scorer) -> None:
    recorder = FakeRecorder(is_full=True)
    with pytest.raises(StorageError, match="spool is full"):
        service_of(scorer, recorder).make_decision(DecisionRequest(SAFE, 7, CALLER))


def test_the_service_shows_the_feature_version_it_uses(scorer: Scorer) -> None:
    assert service_of(scorer, FakeRecorder()).feature_version == VERSION


def test_closing_closes_store_and_recorder(scorer: Scorer) -> None:
    features, recorder = FakeFeatures(), FakeRecorder()
    DecisionService(
        cast(FeatureService, features),
        RegisteredScorer(scorer, "credit-scoring", 5),
        cast(Recorder, recorder),
        cast(ModelRegistry, NoRegistry()),
    ).close()
    assert features.closed
    assert recorder.closed


def test_only_decisions_with_a_chosen_id_must_not_be_spooled(scorer: Scorer) -> None:
    recorder = FakeRecorder()
    service = service_of(scorer, recorder)
    service.make_decision(DecisionRequest(RISKY, 7, CALLER))
    assert recorder.may_spool
    service.make_decision(DecisionRequest(RISKY, 7, CALLER, decision_id="a" * 32))
    assert not recorder.may_spool
