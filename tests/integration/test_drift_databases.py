"""Outcomes and the drift history on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.outcomes import Outcome, Recorded, decision_ids_of, newest_outcomes, record_outcomes
from credit_scoring.decisions.verification import verify
from credit_scoring.decisions.window import entries_between, facts_before
from credit_scoring.governance.drift_history import DriftHistory, DriftSummary, Status
from tests.support.decision_entries import ERASURE, entry
from tests.support.servers.postgresql import upgrade_all

DECIDED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of either kind, without rows."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'credit.db'}"
        return
    server = str(request.getfixturevalue("postgresql_url"))
    engine = sa.create_engine(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CREATE DATABASE drift_test")
        created = engine.url.set(database="drift_test").render_as_string(hide_password=False)
        upgrade_all(created)
        yield created
        connection.exec_driver_sql("DROP DATABASE drift_test WITH (FORCE)")
    engine.dispose()


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """A ledger with 2,100 decisions, a minute apart, each on a client of its own."""
    with closing(Ledger(url)) as opened:
        opened.append(
            [
                entry(f"{number:032x}", client_id=number, decided_at=DECIDED + timedelta(minutes=number))
                for number in range(1, 2_101)
            ]
        )
        yield opened


def test_a_window_has_its_decisions_and_outcomes_whatever_the_database(ledger: Ledger) -> None:
    ids = [f"{number:032x}" for number in range(1, 2_101)]
    outcomes = [Outcome(decision_id=one, defaulted=False, observed_on=date(2026, 6, 1)) for one in ids]
    assert record_outcomes(ledger, outcomes, "clerk") == Recorded(new=2_100)
    ledger.erase(100, ERASURE)
    begin, end = DECIDED + timedelta(minutes=50), DECIDED + timedelta(minutes=1_550)
    entries = list(entries_between(ledger, begin, end))
    assert len(entries) == 1_500 and entries[50] is None
    assert [one.record.decision_id for one in entries if one is not None] == [*ids[49:99], *ids[100:1_549]]
    assert [decision_id for decision_id, _ in facts_before(ledger, end)] == ids[:1_549]
    assert len(newest_outcomes(ledger)) == 2_099
    assert decision_ids_of(ledger, [(7, DECIDED.date())]) == {(7, DECIDED.date()): [ids[6]]}
    assert verify(ledger).findings == ()


def summary(week: int, kind: str = "ledger", run_at: datetime = DECIDED, score: float = 0.1) -> DriftSummary:
    """The result of a week."""
    since = DECIDED + timedelta(weeks=week)
    return DriftSummary(
        baseline="model version 1",
        current=kind,
        kind=kind,
        since=since,
        until=since + timedelta(weeks=1),
        run_at=run_at,
        model_version=1,
        decisions=500,
        status=Status.STABLE,
        is_alarming=False,
        alerted_since=None,
        score=score,
        features={"a": 0.1},
        acceptance_ratios={},
        prediction_index=None,
        target_drift=None,
        estimated_cost=None,
        measured_cost=None,
        estimated_auc=None,
        measured_auc=None,
    )


def test_a_repeated_comparison_replaces_its_result_and_the_newest_window_is_found(url: str) -> None:
    with closing(DriftHistory(url)) as history:
        assert history.newest(1) is None
        later = DECIDED + timedelta(hours=1)
        for one in (summary(1), summary(0, run_at=later), summary(2, kind="file", run_at=later + timedelta(hours=1))):
            history.record(one)
        assert history.newest(1) == summary(1)
        history.record(summary(1, score=0.3))
        series = history.series("ledger with model version 1")
        assert [one.score for one in series] == [0.1, 0.3]
        assert [one.since for one in series] == [summary(0).since, summary(1).since]
