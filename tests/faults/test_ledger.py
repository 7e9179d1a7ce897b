"""What decides on whose decision it is, is covered by the chain."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.personal_data import decisions_about, erase_client
from credit_scoring.decisions.verification import verify
from tests.support.decision_entries import entry

ANN, BEN = 100_007, 100_008


@pytest.fixture
def exchanged(tmp_path: Path) -> Ledger:
    """A ledger in which the decisions on two clients were exchanged in the table of keys alone."""
    file = tmp_path / "decisions.db"
    ledger = Ledger(f"sqlite:///{file}")
    ledger.append([entry("a" * 32, client_id=ANN), entry("b" * 32, client_id=BEN)])
    ledger.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        for old, new in ((ANN, -1), (BEN, ANN), (-1, BEN)):
            connection.execute("UPDATE ledger_keys SET client_id = ? WHERE client_id = ?", (new, old))
    return Ledger(f"sqlite:///{file}")


def test_exchanged_clients_are_found_by_a_verification(exchanged: Ledger) -> None:
    findings = verify(exchanged).findings
    assert [finding.rpartition(": ")[2] for finding in findings] == ["its key is assigned to another client"] * 2


def test_exchanged_clients_are_neither_exported_nor_erased(exchanged: Ledger, tmp_path: Path) -> None:
    for use in (decisions_about, erase_client):
        with pytest.raises(StorageError, match="assigned to another client.*decisions verify"):
            use(exchanged, tmp_path / "spool", ANN)
    assert verify(exchanged).erased == 0
