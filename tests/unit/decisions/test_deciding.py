"""A decision is recorded before it is answered, or it is not made."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

import numpy as np
import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.decisions.deciding import DecisionService
from credit_scoring.decisions.ledger import DecisionRecord, Ledger
from credit_scoring.feature_store.online import OnlineVersion
from credit_scoring.feature_store.serving import FeatureService, ServedFeatures
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.scorer import Decision, Scorer
from tests.scorers import small_scorer

VERSION = OnlineVersion(
    fingerprint="0123456789abcdef",
    number=3,
    created_at=datetime(2026, 1, 2, tzinfo=UTC),
    source="synthetic",
    history_features=("age",),
    population="{}",
)


class FakeFeatures:
    """Serves what the application says, under the names of the Scorer's features."""

    version = VERSION
    closed = False

    def features_of(self, application: Mapping[str, float], client_id: int | None) -> ServedFeatures:
        values = np.array([application[name] for name in ("age", "income", "debt")], dtype=np.float32)
        return ServedFeatures(values, VERSION, history_found=client_id is not None)

    def close(self) -> None:
        self.closed = True


class FakeLedger:
    """Remembers what was recorded, unless it is away."""

    def __init__(self, is_away: bool = False) -> None:
        self.is_away = is_away
        self.closed = False
        self.recorded: list[tuple[DecisionRecord, np.ndarray]] = []

    def record(self, decision: DecisionRecord, features: np.ndarray) -> None:
        if self.is_away:
            raise StorageError("The decision ledger does not answer.", "Start it.")
        self.recorded.append((decision, features))

    def close(self) -> None:
        self.closed = True


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return small_scorer()


def service_of(scorer: Scorer, ledger: FakeLedger) -> DecisionService:
    return DecisionService(
        cast(FeatureService, FakeFeatures()),
        RegisteredScorer(scorer, "credit-scoring", 5),
        cast(Ledger, ledger),
    )


RISKY = {"age": 2.0, "income": -1.0, "debt": 0.0}
SAFE = {"age": -2.0, "income": 1.0, "debt": 0.0}


def test_what_is_answered_is_what_was_recorded(scorer: Scorer) -> None:
    ledger = FakeLedger()
    answer = service_of(scorer, ledger).decide(RISKY, client_id=7)
    ((recorded, features),) = ledger.recorded
    assert recorded is answer
    assert features.tolist() == [2.0, -1.0, 0.0]


def test_a_record_says_everything_the_decision_was_made_from(scorer: Scorer) -> None:
    before = datetime.now(UTC)
    answer = service_of(scorer, FakeLedger()).decide(RISKY, client_id=7)
    assert answer.client_id == 7
    assert answer.application == RISKY
    assert answer.history_found
    assert (answer.feature_version, answer.feature_fingerprint) == (3, VERSION.fingerprint)
    assert (answer.model_name, answer.model_version) == ("credit-scoring", 5)
    assert answer.model_hash == scorer.description.model_hash
    assert (answer.source, answer.threshold) == ("synthetic", scorer.description.threshold)
    assert before <= answer.decided_at <= datetime.now(UTC)


def test_probability_and_decision_are_the_scorers(scorer: Scorer) -> None:
    service = service_of(scorer, FakeLedger())
    for application, decision in ((RISKY, Decision.REFUSED), (SAFE, Decision.ACCEPTED)):
        answer = service.decide(application, client_id=None)
        expected = scorer.probability(np.array([list(application.values())], dtype=np.float32))[0]
        assert answer.probability == expected
        assert answer.decision is decision
        assert not answer.history_found


def test_every_decision_has_an_id_of_its_own(scorer: Scorer) -> None:
    service = service_of(scorer, FakeLedger())
    ids = {service.decide(SAFE, client_id=7).decision_id for _ in range(3)}
    assert len(ids) == 3
    assert all(len(decision_id) == 32 for decision_id in ids)


def test_without_a_ledger_there_is_no_answer(scorer: Scorer) -> None:
    ledger = FakeLedger(is_away=True)
    with pytest.raises(StorageError, match="does not answer"):
        service_of(scorer, ledger).decide(SAFE, client_id=7)


def test_the_service_shows_the_feature_version_it_uses(scorer: Scorer) -> None:
    assert service_of(scorer, FakeLedger()).feature_version == VERSION


def test_closing_closes_store_and_ledger(scorer: Scorer) -> None:
    features, ledger = FakeFeatures(), FakeLedger()
    DecisionService(
        cast(FeatureService, features), RegisteredScorer(scorer, "credit-scoring", 5), cast(Ledger, ledger)
    ).close()
    assert features.closed
    assert ledger.closed
