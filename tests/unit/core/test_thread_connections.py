"""Each thread keeps a connection of its own, until it breaks, is out of date, or the thread ends."""

import gc
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from credit_scoring.core.thread_connections import ThreadConnections


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    made = sa.create_engine(
        f"sqlite:///{tmp_path / 'some.db'}", pool_size=1, max_overflow=0, pool_timeout=0.1
    )
    yield made
    made.dispose()


def is_open(driver: sqlite3.Connection) -> bool:
    """Whether it still answers."""
    try:
        driver.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return False
    return True


def test_a_thread_gets_the_same_connection_again_and_another_thread_another(engine: sa.Engine) -> None:
    connections = ThreadConnections(engine)
    mine = connections.mine()
    with ThreadPoolExecutor(1) as other:
        theirs = other.submit(connections.mine).result()
        assert other.submit(connections.mine).result() is theirs
    assert connections.mine() is mine
    assert theirs is not mine
    connections.close()


def test_kept_connections_take_no_place_of_the_pool(engine: sa.Engine) -> None:
    connections = ThreadConnections(engine)
    connections.mine()
    with engine.connect() as pooled:
        assert pooled.execute(sa.text("SELECT 1")).scalar() == 1
    connections.close()


def test_what_was_dropped_is_closed_and_replaced(engine: sa.Engine) -> None:
    connections = ThreadConnections(engine)
    broken = connections.mine()
    connections.drop()
    assert not is_open(broken)
    assert is_open(connections.mine())
    connections.close()


def test_after_a_renewal_a_thread_gets_another_and_its_old_one_was_open_until_then(engine: sa.Engine) -> None:
    connections = ThreadConnections(engine)
    old = connections.mine()
    connections.renew()
    assert is_open(old)
    assert connections.mine() is not old
    assert not is_open(old)
    connections.close()


def test_closing_closes_those_of_all_threads(engine: sa.Engine) -> None:
    connections = ThreadConnections(engine)
    with ThreadPoolExecutor(1) as other:
        theirs, mine = other.submit(connections.mine).result(), connections.mine()
        connections.close()
        assert not is_open(theirs) and not is_open(mine)
        assert is_open(other.submit(connections.mine).result())
    connections.close()


def test_a_connection_does_not_outlive_its_thread(engine: sa.Engine) -> None:
    connections = ThreadConnections(engine)
    theirs: list[sqlite3.Connection] = []
    thread = Thread(target=lambda: theirs.append(connections.mine()))
    thread.start()
    thread.join()
    gc.collect()
    assert not is_open(theirs[0])
