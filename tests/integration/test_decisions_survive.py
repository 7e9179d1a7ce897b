"""Every answered decision is recorded exactly once, whichever process is killed and whatever the disk does."""

import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.recorder import opened_ledger
from credit_scoring.decisions.verification import verify
from tests.support.servers.postgresql import PostgresqlServer
from tests.support.servers.prediction_service import Callers, running_service

pytestmark = pytest.mark.slow

APPLICATION = {
    "NAME_CONTRACT_TYPE": "Cash loans",
    "AMT_INCOME_TOTAL": 135_000.0,
    "AMT_CREDIT": 500_000.0,
    "DAYS_BIRTH": -12_000,
}
SOME = 40
PATIENCE_SECONDS = 30


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "service.log"


def require_each_once(ledger: Ledger, answered: list[str]) -> None:
    """The ledger holds every answered decision exactly once and readable, and its chain is valid."""
    assert answered
    found = Counter(row.decision_id for row, _ in ledger.rows_with_keys())
    assert [decision_id for decision_id in answered if found[decision_id] != 1] == []
    assert set(found.values()) == {1}
    assert verify(ledger).findings == ()
    assert ledger.get(answered[0]).record.decision_id == answered[0]


def wait_for_file(file: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not file.exists():
        assert time.monotonic() < deadline, f"{file} was not restored"
        time.sleep(0.01)


def test_when_the_ledger_file_is_deleted_and_then_the_service_killed(trained_copy: Settings, log: Path) -> None:
    file = trained_copy.data_directory / "databases" / "decisions.db"
    with running_service(trained_copy.data_directory, log, {}) as service:
        with Callers(service.url, APPLICATION) as callers:
            callers.wait_for(2 * SOME)
            # The database last: the journals found afterwards belong to the restored file.
            for path in sorted(file.parent.glob(f"{file.name}*"), reverse=True):
                path.unlink()
            callers.wait_for(2 * SOME)
            wait_for_file(file)
            callers.wait_for(SOME)
            service.kill()
    with opened_ledger(trained_copy) as ledger:
        require_each_once(ledger, callers.answered)


def test_when_postgresql_is_killed_and_stopped_and_then_both_are_killed(
    trained_copy: Settings, log: Path, server: PostgresqlServer
) -> None:
    settings = trained_copy.with_values(ledger={"url": server.url})
    variables = {"CREDIT_LEDGER_URL": server.url, "CREDIT_LEDGER_TIMEOUT_SECONDS": "0.5"}
    with running_service(settings.data_directory, log, variables) as service:
        with Callers(service.url, APPLICATION) as callers:
            callers.wait_for(SOME)
            server.kill()
            callers.wait_for(SOME)
            server.start()
            callers.wait_for(SOME)
            server.freeze()
            callers.wait_for(SOME)
            server.thaw()
            callers.wait_for(SOME)
            server.kill()
            callers.wait_for(SOME)
            service.kill()
    assert callers.refused == []
    assert list((settings.data_directory / "decision_spool").glob("*.spool"))
    server.start()
    with opened_ledger(settings) as ledger:
        require_each_once(ledger, callers.answered)
    assert not list((settings.data_directory / "decision_spool").glob("*.spool"))


def test_without_a_spool_nothing_is_answered_that_a_lost_pod_could_lose(
    trained_copy: Settings, log: Path, server: PostgresqlServer
) -> None:
    variables = {
        "CREDIT_LEDGER_URL": server.url,
        "CREDIT_LEDGER_TIMEOUT_SECONDS": "0.5",
        "CREDIT_LEDGER_SPOOL_MEGABYTES": "0",
    }
    spool = trained_copy.data_directory / "decision_spool"
    before = set(spool.glob("*"))
    with running_service(trained_copy.data_directory, log, variables) as service:
        with Callers(service.url, APPLICATION) as callers:
            callers.wait_for(SOME)
            server.kill()
            callers.wait_for(0, more_refusals=SOME)
            assert httpx.get(f"{service.url}/health/ready").status_code == 503
            assert httpx.get(f"{service.url}/health/live").status_code == 200
            server.start()
            callers.wait_for(SOME)
            server.kill()
            callers.wait_for(0, more_refusals=SOME)
            # A pod that is deleted takes its disk with it.
            service.kill()
    assert set(spool.glob("*")) == before
    server.start()
    with opened_ledger(trained_copy.with_values(ledger={"url": server.url})) as ledger:
        require_each_once(ledger, callers.answered)


def test_when_the_disk_is_full(trained_copy: Settings, log: Path) -> None:
    largest = 1_500_000
    # The tracking database is larger than the limit, but it is only read.
    with running_service(trained_copy.data_directory, log, {}, largest_file_bytes=largest) as service:
        with Callers(service.url, APPLICATION) as callers:
            callers.wait_for(SOME, more_refusals=SOME)
            service.kill()
    assert set(callers.refused) == {"The service is unavailable."}, "only the log names the reason"
    assert "exceed the size limit" in log.read_text()
    with opened_ledger(trained_copy) as ledger:
        # Opening the ledger drained the spools.
        assert not list((trained_copy.data_directory / "decision_spool").glob("*.spool"))
        require_each_once(ledger, callers.answered)
