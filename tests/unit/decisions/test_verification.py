"""Verification detects every change to recorded decisions."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from credit_scoring.core.errors import ErasedError, MissingArtefactError, StorageError
from credit_scoring.decisions.chain import GENESIS, Row, chained, hash_of
from credit_scoring.decisions.encryption import new_key
from credit_scoring.decisions.ledger import Erasure, Ledger
from credit_scoring.decisions.verification import parse_anchor, verify
from tests.support.decision_entries import ERASURE, entries

ROWS = 6


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


@pytest.fixture
def ledger(file: Path) -> Iterator[Ledger]:
    opened = Ledger(f"sqlite:///{file}")
    for number in range(ROWS):
        opened.append(entries(1, client_id=number % 2))
    yield opened
    opened.close()


def tamper(file: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        for statement in statements:
            assert database.execute(statement, values).rowcount > 0, "no row was changed"


def test_an_intact_ledger_has_no_findings_and_its_head_is_the_next_anchor(ledger: Ledger) -> None:
    result = verify(ledger)
    assert (result.head.rows, result.decisions, result.erased, result.findings) == (ROWS, ROWS, 0, ())
    ledger.append(entries(2))
    later = verify(ledger, parse_anchor(str(result.head)))
    assert (later.head.rows, later.findings) == (ROWS + 2, ())


def test_an_empty_ledger_is_intact(tmp_path: Path) -> None:
    empty = Ledger(f"sqlite:///{tmp_path / 'empty.db'}")
    assert verify(empty, verify(empty).head).findings == ()
    empty.close()


def test_decisions_may_be_recorded_during_a_verification(ledger: Ledger, file: Path) -> None:
    def record() -> None:
        other = Ledger(f"sqlite:///{file}")
        for _ in range(100):
            other.append(entries(2))
        other.close()

    writer = Thread(target=record)
    writer.start()
    results = [verify(ledger)]
    while writer.is_alive():
        results.append(verify(ledger, results[-1].head))
    writer.join()
    assert [result.findings for result in results if result.findings] == []
    assert verify(ledger, results[0].head).head.rows == ROWS + 200


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE ledger_decisions SET facts = replace(facts, 'refused', 'accepted') WHERE sequence = 3", "row 3"),
        ("UPDATE ledger_decisions SET sealed = zeroblob(100) WHERE sequence = 3", "row 3"),
        ("UPDATE ledger_decisions SET decided_at = '2025' WHERE sequence = 3", "row 3"),
        ("UPDATE ledger_decisions SET decision_id = 'other' WHERE sequence = 1", "row 1"),
        ("UPDATE ledger_decisions SET key_id = 'other' WHERE sequence = 6", "row 6"),
        ("UPDATE ledger_decisions SET hash = 'other' WHERE sequence = 6", "row 6"),
        ("DELETE FROM ledger_decisions WHERE sequence = 3", "rows 3 to 3 are missing"),
        ("DELETE FROM ledger_decisions WHERE sequence <= 2", "rows 1 to 2 are missing"),
        ("DELETE FROM ledger_decisions WHERE sequence >= 5", "rows 5 to 6 are missing at the end"),
        ("DELETE FROM ledger_decisions", "rows 1 to 6 are missing at the end"),
        ("UPDATE ledger_head SET rows = 5", "are beyond the end"),
        ("UPDATE ledger_head SET hash = 'other'", "row 6"),
        ("UPDATE ledger_head SET ledger_id = 'other'", "row 1"),
        ("DELETE FROM ledger_keys", "its key is missing"),
        ("UPDATE ledger_keys SET key = NULL", "its key is missing"),
        ("UPDATE ledger_keys SET erased_at = '2026'", "its key is present, but marked as erased"),
        ("UPDATE ledger_keys SET key = NULL, erased_at = '2026'", "its key was erased, but no later row records it"),
    ],
)
def test_every_change_is_detected(ledger: Ledger, file: Path, statement: str, found: str) -> None:
    tamper(file, statement)
    assert found in "; ".join(verify(ledger).findings)


def test_swapped_rows_are_detected(ledger: Ledger, file: Path) -> None:
    move = "UPDATE ledger_decisions SET sequence = {} WHERE sequence = {}"
    tamper(file, move.format(99, 2), move.format(2, 4), move.format(4, 99))
    findings = "; ".join(verify(ledger).findings)
    assert "row 2" in findings
    assert "row 4" in findings


def test_a_row_appended_with_a_valid_hash_is_detected(ledger: Ledger, file: Path) -> None:
    head = ledger.head()
    row = Row(head.rows + 1, "e" * 32, "2026", "f" * 32, "{}", b"")
    forged = replace(row, hash=hash_of(row, head.hash, head.ledger_id))
    tamper(file, "INSERT INTO ledger_decisions VALUES (?, ?, ?, ?, ?, ?, ?)", values=tuple(vars(forged).values()))
    assert "rows 7 to 7 are beyond the end of the chain" in verify(ledger).findings


def test_a_replaced_key_is_detected(ledger: Ledger, file: Path) -> None:
    tamper(file, "UPDATE ledger_keys SET key = ? WHERE client_id = 1", values=(new_key(),))
    assert len(verify(ledger).findings) == ROWS / 2


def rewritten(ledger: Ledger, file: Path, kept: int) -> None:
    """An attack with write access: change the rows, drop the last ones, and recompute every hash."""
    head, previous = ledger.head(), GENESIS
    rows = [row for row, _ in ledger.rows_with_keys()][:kept]
    tamper(file, "DELETE FROM ledger_decisions")
    for row in rows:
        forged = Row(row.sequence, row.decision_id, "2025", row.key_id, row.facts, row.sealed)
        forged = replace(forged, hash=hash_of(forged, previous, head.ledger_id))
        previous = forged.hash
        tamper(file, "INSERT INTO ledger_decisions VALUES (?, ?, ?, ?, ?, ?, ?)", values=tuple(vars(forged).values()))
    tamper(file, "UPDATE ledger_head SET rows = ?, hash = ?", values=(kept, previous))


@pytest.mark.parametrize("kept", [ROWS, ROWS - 1])
def test_a_rewritten_chain_is_detected_only_with_an_anchor(ledger: Ledger, file: Path, kept: int) -> None:
    anchor = verify(ledger).head
    rewritten(ledger, file, kept)
    assert verify(ledger).findings == ()
    assert verify(ledger, anchor).findings


def test_an_anchor_within_the_chain_is_compared_with_its_row(ledger: Ledger, file: Path) -> None:
    anchor = verify(ledger).head
    ledger.append(entries(3))
    rewritten(ledger, file, ROWS + 3)
    assert "does not match the anchor" in "; ".join(verify(ledger, anchor).findings)


def test_the_anchor_of_another_ledger_is_rejected(ledger: Ledger) -> None:
    other = parse_anchor(f"other:{ROWS}:{GENESIS}")
    assert "the anchor belongs to other" in "; ".join(verify(ledger, other).findings)
    with pytest.raises(StorageError, match="'nonsense' is not an anchor"):
        parse_anchor("nonsense")


def test_an_erased_client_is_unreadable_and_the_chain_is_intact(ledger: Ledger, file: Path) -> None:
    anchor = verify(ledger).head
    (key,) = (key.secret for row, key in ledger.rows_with_keys() if key and row.sequence == 1)
    assert key is not None
    mine = [one.record.decision_id for one in ledger.of_client(0)]
    assert ledger.erase(0, ERASURE) == len(mine) == ROWS // 2
    for decision_id in mine:
        with pytest.raises(ErasedError, match="was erased on"):
            ledger.get(decision_id)
    assert ledger.of_client(0) == []
    assert len(ledger.of_client(1)) == ROWS // 2
    result = verify(ledger, anchor)
    assert (result.decisions, result.erased, result.erasures, result.findings) == (ROWS, len(mine), 1, ())
    assert result.head.rows == len(list(ledger.rows_with_keys())) == ROWS + 1
    for name in file.parent.iterdir():
        assert key not in name.read_bytes(), "a file still contains the key"


def test_an_erasure_is_recorded_with_time_person_and_reason(ledger: Ledger, file: Path) -> None:
    before = datetime.now(UTC).isoformat()
    ledger.erase(0, Erasure("Zoë", "demande du 3 mai"))
    (erasure,) = (row for row, _ in ledger.rows_with_keys() if row.is_erasure)
    assert erasure.sequence == ledger.head().rows == ROWS + 1
    assert json.loads(erasure.facts) == {"erased_by": "Zoë", "why": "demande du 3 mai"}
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT key_id, erased_at FROM ledger_keys WHERE key IS NULL"
        assert database.execute(query).fetchall() == [(erasure.key_id, erasure.decided_at)]
    assert before <= erasure.decided_at <= datetime.now(UTC).isoformat()


def test_an_erasure_is_no_decision(ledger: Ledger) -> None:
    ledger.erase(0, ERASURE)
    (erasure,) = (row for row, _ in ledger.rows_with_keys() if row.is_erasure)
    for use in (ledger.get, lambda decision_id: ledger.erase_decision(decision_id, ERASURE)):
        with pytest.raises(MissingArtefactError, match="no decision"):
            use(erasure.decision_id)
    assert verify(ledger).erasures == 1


def test_a_retention_period_records_one_erasure_per_person(ledger: Ledger) -> None:
    ledger.append([*entries(2, client_id=None), *entries(1, client_id=0, decided_at=datetime.now(UTC))])
    assert ledger.erase_older(datetime(2026, 2, 1, tzinfo=UTC), ERASURE) == ROWS // 2 + 2
    result = verify(ledger)
    assert (result.decisions, result.erased, result.erasures, result.findings) == (ROWS + 3, ROWS // 2 + 2, 3, ())
    assert ledger.erase_older(datetime(2026, 2, 1, tzinfo=UTC), ERASURE) == 0
    assert ledger.head() == result.head


def test_an_erasure_that_fails_is_not_recorded(ledger: Ledger, file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TRIGGER t BEFORE UPDATE ON ledger_keys BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(StorageError, match="disk full"):
        ledger.erase(0, ERASURE)
    assert (len(ledger.of_client(0)), verify(ledger).erasures, ledger.head().rows) == (ROWS // 2, 0, ROWS)


def test_an_erasure_removed_from_the_chain_is_detected(ledger: Ledger, file: Path) -> None:
    head = ledger.head()
    ledger.erase(0, ERASURE)
    tamper(file, f"DELETE FROM ledger_decisions WHERE sequence > {ROWS}")
    tamper(file, "UPDATE ledger_head SET rows = ?, hash = ?", values=(head.rows, head.hash))
    findings = verify(ledger).findings
    assert [finding.partition(": ")[2] for finding in findings] == ["its key was erased, but no later row records it"]


def test_a_decision_recorded_after_the_erasure_of_its_key_is_detected(ledger: Ledger, file: Path) -> None:
    """The row is valid on its own: only the order shows that the erasure does not cover it."""
    ledger.erase(0, ERASURE)
    first = next(row for row, _ in ledger.rows_with_keys())
    (forged,), head = chained(ledger.head(), [replace(first, decision_id="e" * 32)])
    tamper(file, "INSERT INTO ledger_decisions VALUES (?, ?, ?, ?, ?, ?, ?)", values=tuple(vars(forged).values()))
    tamper(file, "UPDATE ledger_head SET rows = ?, hash = ?", values=(head.rows, head.hash))
    assert verify(ledger).findings == (f"{forged}: its key was erased, but no later row records it",)


def test_a_ledger_of_an_older_program_needs_no_record_of_its_erasures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("credit_scoring.decisions.sql_tables.RECORDS_ERASURES", "")
    path = tmp_path / "old.db"
    ledger = Ledger(f"sqlite:///{path}")
    ledger.append([*entries(2, client_id=1), *entries(1, client_id=2), *entries(1, client_id=3)])
    tamper(path, "UPDATE ledger_keys SET key = NULL, client_id = NULL, erased_at = '2026' WHERE client_id = 1")
    ledger.erase(2, ERASURE)
    result = verify(ledger)
    assert (result.erased, result.erasures, len(result.unrecorded), result.findings) == (3, 1, 1, ())
    ledger.close()


def test_a_client_who_applies_again_after_an_erasure_gets_a_new_key(ledger: Ledger) -> None:
    ledger.erase(0, ERASURE)
    ledger.append(entries(1, client_id=0))
    assert len(ledger.of_client(0)) == 1
    assert verify(ledger).findings == ()


def test_an_applicant_without_a_client_id_is_erased_alone(ledger: Ledger) -> None:
    first, second = entries(2, client_id=None)
    ledger.append([first, second])
    assert ledger.erase_decision(first.record.decision_id, ERASURE) == 1
    with pytest.raises(ErasedError):
        ledger.get(first.record.decision_id)
    assert ledger.get(second.record.decision_id).record == second.record
    with pytest.raises(ErasedError):
        ledger.erase_decision(first.record.decision_id, ERASURE)
    assert verify(ledger).erasures == 1
