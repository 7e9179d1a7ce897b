"""What decides on whose decision it is, is covered by the chain."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.personal_data import decisions_about, erase_client
from credit_scoring.decisions.verification import verify
from tests.support.decision_entries import ERASURE, entries, entry

ANN, BEN = 100_007, 100_008


def tamper(file: Path, statement: str, *values: tuple[object, ...]) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(statement, values or [()])


@pytest.fixture
def exchanged(tmp_path: Path) -> Ledger:
    """A ledger in which the decisions on two clients were exchanged in the table of keys alone."""
    file = tmp_path / "decisions.db"
    ledger = Ledger(f"sqlite:///{file}")
    ledger.append([entry("a" * 32, client_id=ANN), entry("b" * 32, client_id=BEN)])
    ledger.close()
    exchange = "UPDATE ledger_keys SET client_id = ? WHERE client_id = ?"
    tamper(file, exchange, (-1, ANN), (ANN, BEN), (BEN, -1))
    return Ledger(f"sqlite:///{file}")


def test_exchanged_clients_are_found_by_a_verification(exchanged: Ledger) -> None:
    findings = verify(exchanged).findings
    assert [finding.rpartition(": ")[2] for finding in findings] == ["its key is assigned to another client"] * 2


def test_exchanged_clients_are_neither_exported_nor_erased(exchanged: Ledger, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="assigned to another client.*decisions verify"):
        decisions_about(exchanged, tmp_path / "spool", ANN)
    with pytest.raises(StorageError, match="assigned to another client.*decisions verify"):
        erase_client(exchanged, tmp_path / "spool", ANN, ERASURE)
    assert verify(exchanged).erased == 0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "decisions.db"


@pytest.fixture
def ledger(file: Path) -> Iterator[Ledger]:
    """A ledger with two decisions on Ann, one on Ben and one on an applicant without a client number."""
    opened = Ledger(f"sqlite:///{file}")
    opened.append([*entries(2, client_id=ANN), *entries(1, client_id=BEN), *entries(1, client_id=None)])
    yield opened
    opened.close()


def test_wiping_every_key_is_no_erasure(ledger: Ledger, file: Path) -> None:
    tamper(file, "UPDATE ledger_keys SET key = NULL, client_id = NULL, erased_at = '2026-11-26'")
    findings = verify(ledger).findings
    assert [finding.partition(", ")[0] for finding in findings] == ["row 1", "row 3", "row 4"], "one for each person"
    assert {finding.rpartition(": ")[2] for finding in findings} == {"its key was erased, but no later row records it"}


def test_wiping_the_other_keys_after_an_erasure_is_found(ledger: Ledger, file: Path) -> None:
    ledger.erase(ANN, ERASURE)
    assert verify(ledger).findings == ()
    tamper(file, "UPDATE ledger_keys SET key = NULL, client_id = NULL, erased_at = '2026-11-26'")
    assert len(verify(ledger).findings) == 2


@pytest.mark.parametrize("also", ["", ", client_id = ?2, erased_at = NULL"])
def test_a_restored_key_of_an_erased_person_is_found(ledger: Ledger, file: Path, also: str) -> None:
    key = next(key for _, key in ledger.rows_with_keys())
    ledger.erase(ANN, ERASURE)
    tamper(file, f"UPDATE ledger_keys SET key = ?1{also} WHERE key IS NULL", (key.secret, ANN)[: 2 if also else 1])
    assert verify(ledger).findings[-1].endswith(": the key that it erased is present again")
    ledger.erase_decision(next(row.decision_id for row, _ in ledger.rows_with_keys()), ERASURE)
    result = verify(ledger)
    assert (result.decisions, result.erased, result.erasures, result.findings) == (4, 2, 2, ())
