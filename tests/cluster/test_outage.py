"""Without the ledger nothing is answered, so that no deleted pod takes a decision with it (docs/DECISIONS.md)."""

import threading
import time
from collections.abc import Callable

import httpx

from credit_scoring.data_contracts.application_request import EXAMPLE
from tests.support.cluster.release import Release

OUTAGE_SECONDS = 10


class _Caller:
    """Sends one application after the other, and keeps what was answered."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._call, name="caller")
        self.decisions: list[tuple[float, str]] = []
        self.statuses: list[tuple[float, int]] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _call(self) -> None:
        with self._release.client() as client:
            while not self._stopped.is_set():
                sent = time.monotonic()
                try:
                    answer = client.post("/predict", json=EXAMPLE)
                except httpx.HTTPError:
                    continue
                self.statuses.append((sent, answer.status_code))
                if answer.status_code == 200:
                    self.decisions.append((sent, answer.json()["decision_id"]))
                time.sleep(0.02)


def test_no_answered_decision_is_lost_when_all_replicas_are_deleted_while_the_database_is_stopped(
    release: Release, measured: Callable[[str], None]
) -> None:
    caller = _Caller(release)
    assert release.key
    caller.start()
    try:
        time.sleep(3)
        release.kubectl("scale", f"statefulset/{release.name}-postgres", "--replicas", "0")
        release.kubectl("wait", f"pod/{release.name}-postgres-0", "--for", "delete", "--timeout", "90s")
        stopped = time.monotonic()
        time.sleep(OUTAGE_SECONDS)
        first, *others = [pod["metadata"]["name"] for pod in release.pods("api")]
        # One as a lost node would leave it, the others as a rolling update ends them.
        release.kubectl("delete", "pod", first, "--force", "--grace-period", "0")
        release.kubectl("delete", "pod", *others)
        started = time.monotonic()
        release.kubectl("scale", f"statefulset/{release.name}-postgres", "--replicas", "1")
        release.wait_until_ready("postgres")
        database_seconds = time.monotonic() - started
        release.wait_until_ready("api")
        ready_seconds = time.monotonic() - started
        time.sleep(5)
    finally:
        caller.stop()
    during = [status for sent, status in caller.statuses if stopped < sent < stopped + OUTAGE_SECONDS]
    assert during and 200 not in during, "Something was answered that the ledger cannot have."
    ids = ",".join(f"'{decision}'" for _, decision in caller.decisions)
    recorded = int(release.sql(f"SELECT count(*) FROM ledger_decisions WHERE decision_id IN ({ids})"))
    measured(
        f"all replicas deleted while the database was stopped: {recorded} of {len(caller.decisions)} answered "
        f"decisions are in the ledger; PostgreSQL was ready after {database_seconds:.0f} s, "
        f"the service after {ready_seconds:.0f} s"
    )
    assert recorded == len(caller.decisions)
    assert any(sent > started for sent, _ in caller.decisions), "The service did not return."
