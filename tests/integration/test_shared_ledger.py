"""One ledger, written by several processes at once, on SQLite and on PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from credit_scoring.core.database import upgrade_schema
from credit_scoring.core.errors import ErasedError, MissingArtefactError, StorageError
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.sql_tables import SCHEMA
from credit_scoring.decisions.verification import verify
from tests.support.decision_entries import ERASURE, entries, entry

WRITERS, TRANSACTIONS, PER_TRANSACTION, CLIENTS = 3, 15, 4, 5
_WRITER = f"""
import sys
from credit_scoring.decisions.ledger import Ledger
from tests.support.decision_entries import entries

ledger = Ledger(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for number in range({TRANSACTIONS}):
    kept = entries({PER_TRANSACTION}, client_id=number % {CLIENTS})
    ledger.append(kept)
    ledger.append(kept)
ledger.close()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'decisions.db'}"
    server: str = request.getfixturevalue("postgresql_url")
    # A schema of its own: the server is shared with other tests.
    schema = f"ledger_{abs(hash(request.node.name)):x}"
    engine = sa.create_engine(server)
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    engine.dispose()
    url = f"{server}?options={quote(f'-c search_path={schema}')}"
    upgrade_schema(url, SCHEMA)
    return url


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    opened = Ledger(url)
    yield opened
    opened.close()


def test_concurrent_processes_extend_one_chain(url: str) -> None:
    """They also create the tables, and record each decision twice, as after a commit with an unknown outcome.

    Meanwhile persons are erased.
    """
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}  # its own folder is a temporary one
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, url],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(WRITERS)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    ledger, erased, erasures = Ledger(url), 0, 0
    while any(writer.poll() is None for writer in writers):
        count = ledger.erase(erasures % CLIENTS, ERASURE)
        erased, erasures = erased + count, erasures + (count > 0)
    for writer in writers:
        writer.communicate(timeout=120)
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    result = verify(ledger)
    assert result.findings == ()
    assert (result.decisions, result.erased, result.erasures) == (
        WRITERS * TRANSACTIONS * PER_TRANSACTION,
        erased,
        erasures,
    )
    assert result.head.rows == len(list(ledger.rows_with_keys())) == result.decisions + erasures
    assert sum(len(ledger.of_client(client)) for client in range(CLIENTS)) == result.decisions - erased
    assert erasures > 0
    ledger.close()


def test_threads_that_create_a_ledger_at_once_agree_on_its_id(url: str) -> None:
    names: set[str] = set()
    with ThreadPoolExecutor(8) as threads:
        for ledger in threads.map(Ledger, [url] * 8):
            names.add(ledger.head().ledger_id)
            ledger.close()
    assert len(names) == 1


def test_a_decision_is_returned_bit_for_bit(ledger: Ledger) -> None:
    one = entry()
    ledger.append([one])
    found = ledger.get(one.record.decision_id)
    assert found.record == one.record
    assert found.features.tobytes() == one.features.tobytes()


def test_an_id_is_recorded_once(ledger: Ledger) -> None:
    kept = entries(3)
    ledger.append(kept)
    assert ledger.append([*entries(1), kept[0]]) == 1
    assert len(list(ledger.rows_with_keys())) == 4
    assert verify(ledger).findings == ()


def test_an_erased_person_is_unreadable_and_the_chain_holds(ledger: Ledger) -> None:
    mine, other = entries(2, client_id=1), entries(2, client_id=2)
    ledger.append(mine + other)
    anchor = verify(ledger).head
    assert ledger.erase(1, ERASURE) == 2
    with pytest.raises(ErasedError):
        ledger.get(mine[0].record.decision_id)
    assert [one.record for one in ledger.of_client(2)] == [one.record for one in other]
    result = verify(ledger, anchor)
    assert (result.decisions, result.erased, result.erasures, result.findings) == (4, 2, 1, ())
    last = [row for row, _ in ledger.rows_with_keys()][-1]
    assert (last.is_erasure, last.hash) == (True, result.head.hash)
    with pytest.raises(MissingArtefactError):
        ledger.erase_decision(last.decision_id, ERASURE)
    assert ledger.erase_older(datetime.now(UTC), ERASURE) == 2
    assert verify(ledger, result.head).erasures == 2


def test_another_ledger_at_the_same_url_is_rejected(ledger: Ledger, url: str) -> None:
    ledger.append(entries(1))
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE ledger_head SET ledger_id = 'another'"))
    engine.dispose()
    with pytest.raises(StorageError, match="holds the decision ledger another instead of"):
        ledger.reopen()
