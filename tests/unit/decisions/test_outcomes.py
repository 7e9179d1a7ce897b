"""Outcomes are added to the ledger's chain, once each; corrections keep the old value, and erasures cover them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.outcomes import (
    Outcome,
    Recorded,
    decision_ids_of,
    newest_outcomes,
    outcomes_of,
    problems_with,
    record_outcomes,
)
from credit_scoring.decisions.verification import verify
from tests.support.decision_entries import ERASURE, entry

ANN, BEN = 1, 2
FIRST, SECOND, OF_BEN = "a" * 32, "b" * 32, "c" * 32
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


@pytest.fixture
def ledger(file: Path) -> Iterator[Ledger]:
    """Two decisions on Ann and one on Ben, made on 2 January 2026."""
    opened = Ledger(f"sqlite:///{file}")
    opened.append([entry(FIRST, client_id=ANN), entry(SECOND, client_id=ANN), entry(OF_BEN, client_id=BEN)])
    yield opened
    opened.close()


def newest(ledger: Ledger) -> dict[str, Outcome]:
    return {decision_id: known.outcome for decision_id, known in newest_outcomes(ledger).items()}


def outcome(decision_id: str = FIRST, defaulted: bool = True, observed_on: date = JULY) -> Outcome:
    return Outcome(decision_id=decision_id, defaulted=defaulted, observed_on=observed_on)


def test_an_outcome_is_recorded_once_however_often_it_is_reported(ledger: Ledger) -> None:
    reported = [outcome(), outcome(OF_BEN, defaulted=False)]
    assert record_outcomes(ledger, reported, "clerk") == Recorded(new=2)
    assert record_outcomes(ledger, reported, "clerk") == Recorded(known=2)
    assert record_outcomes(ledger, [reported[0], reported[0]], "clerk") == Recorded(known=2)
    assert newest(ledger) == {one.decision_id: one for one in reported}
    assert ledger.head().rows == 5


def test_a_correction_keeps_the_old_value_and_a_repeated_report_does_not_revert_it(ledger: Ledger) -> None:
    reported = [outcome(), outcome(defaulted=False, observed_on=AUGUST)]
    for one in reported:
        record_outcomes(ledger, [one], "clerk")
    assert record_outcomes(ledger, reported[:1], "clerk") == Recorded(known=1)
    assert outcomes_of(ledger, [FIRST]) == {FIRST: reported}
    assert newest(ledger) == {FIRST: reported[-1]}


def test_an_earlier_observation_that_arrives_later_does_not_count(ledger: Ledger) -> None:
    record_outcomes(ledger, [outcome(observed_on=AUGUST)], "clerk")
    assert record_outcomes(ledger, [outcome(defaulted=False)], "clerk") == Recorded(outdated=1)
    assert newest(ledger) == {FIRST: outcome(observed_on=AUGUST)}


def test_what_an_erasure_leaves_of_an_outcome_does_not_depend_on_it(tmp_path: Path) -> None:
    left = []
    for name, defaulted in (("good", False), ("bad", True), ("again", True)):
        with closing(Ledger(f"sqlite:///{tmp_path / name}.db")) as ledger:
            ledger.append([entry(FIRST, client_id=ANN)])
            record_outcomes(ledger, [outcome(defaulted=defaulted)], "clerk")
            ledger.erase(ANN, ERASURE)
        with closing(sqlite3.connect(tmp_path / f"{name}.db")) as database:
            query = "SELECT decision_id, facts, length(sealed) FROM ledger_decisions WHERE decision_id LIKE 'outcome-%'"
            left.append(database.execute(query).fetchone())
    assert len({length for _, _, length in left}) == len({facts for _, facts, _ in left}) == 1
    assert len({row_id for row_id, _, _ in left}) == 3, "the same outcome has another id each time"


def test_a_correction_counts_when_its_decision_had_its_first_outcome(ledger: Ledger) -> None:
    record_outcomes(ledger, [outcome(defaulted=False)], "clerk")
    first = newest_outcomes(ledger)[FIRST]
    record_outcomes(ledger, [outcome(observed_on=AUGUST)], "clerk")
    assert newest_outcomes(ledger)[FIRST] == (outcome(observed_on=AUGUST), first.first_recorded_at)


def test_outcomes_are_known_as_of_a_moment(ledger: Ledger) -> None:
    before = datetime.now(UTC)
    record_outcomes(ledger, [outcome()], "clerk")
    assert newest_outcomes(ledger, before=before) == {}
    assert newest_outcomes(ledger)[FIRST].first_recorded_at >= before


def test_an_outcome_that_cannot_be_decrypted_is_a_clear_error(ledger: Ledger, file: Path) -> None:
    record_outcomes(ledger, [outcome()], "clerk")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE ledger_decisions SET sealed = zeroblob(60) WHERE decision_id LIKE 'outcome-%'")
    with pytest.raises(StorageError, match="decisions verify"):
        newest_outcomes(ledger)


def test_decisions_are_still_counted_and_found_without_outcomes_among_them(ledger: Ledger) -> None:
    record_outcomes(ledger, [outcome()], "clerk")
    assert [one.record.decision_id for one in ledger.of_client(ANN)] == [FIRST, SECOND]
    result = verify(ledger)
    assert (result.decisions, result.outcomes, result.findings) == (3, 1, ())


def test_an_erasure_covers_outcomes(ledger: Ledger) -> None:
    record_outcomes(ledger, [outcome(), outcome(OF_BEN)], "clerk")
    assert ledger.erase(ANN, ERASURE) == 2
    assert set(newest(ledger)) == {OF_BEN}
    assert outcomes_of(ledger, [FIRST]) == {}
    result = verify(ledger)
    assert (result.erased, result.outcomes, result.findings) == (2, 2, ())


def test_a_retention_period_starts_with_the_decision_not_with_its_outcome(ledger: Ledger) -> None:
    record_outcomes(ledger, [outcome()], "clerk")
    assert ledger.erase_older(datetime(2026, 1, 3, tzinfo=UTC), ERASURE) == 3


def test_a_changed_outcome_is_found_by_a_verification(ledger: Ledger, file: Path) -> None:
    record_outcomes(ledger, [outcome()], "clerk")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE ledger_decisions SET sealed = zeroblob(60) WHERE decision_id LIKE 'outcome-%'")
    first, second = verify(ledger).findings
    assert "was changed" in first and second.endswith("its key does not decrypt it")


def test_what_cannot_be_recorded_is_named_and_nothing_is_recorded(ledger: Ledger) -> None:
    ledger.erase(BEN, ERASURE)
    reported = [
        outcome(),
        outcome("d" * 32),
        outcome(OF_BEN),
        outcome(SECOND, observed_on=date(2026, 1, 1)),
        outcome(defaulted=False),
        outcome(SECOND, observed_on=date(2999, 1, 1)),
    ]
    assert problems_with(ledger, reported) == [
        None,
        "the ledger holds no such decision",
        "the decision was erased",
        "observed before the decision of 2026-01-02",
        "another outcome of this decision is above",
        "observed in the future",
    ]
    with pytest.raises(MissingArtefactError, match="d{32}"):
        record_outcomes(ledger, reported[:2], "clerk")
    assert newest(ledger) == {}


def test_decisions_are_found_by_client_and_day(ledger: Ledger) -> None:
    made, other = date(2026, 1, 2), date(2026, 1, 3)
    assert decision_ids_of(ledger, [(ANN, made), (BEN, made), (BEN, other), (9, made)]) == {
        (ANN, made): [FIRST, SECOND],
        (BEN, made): [OF_BEN],
        (BEN, other): [],
        (9, made): [],
    }


def test_more_outcomes_than_fit_into_one_query_are_one_transaction(ledger: Ledger) -> None:
    many = [entry(f"{number:032x}", client_id=number) for number in range(10, 1_300)]
    ledger.append(many)
    reported = [outcome(one.record.decision_id) for one in many]
    assert set(problems_with(ledger, reported)) == {None}
    assert record_outcomes(ledger, reported, "clerk") == Recorded(new=len(many))
    with pytest.raises(MissingArtefactError):
        record_outcomes(ledger, [*(outcome(one.decision_id, False) for one in reported), outcome("d" * 32)], "clerk")
    assert all(one.defaulted for one in newest(ledger).values())
