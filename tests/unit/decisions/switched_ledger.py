"""A recorder on a ledger that tests can switch off."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from credit_scoring.core.errors import StorageError
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.recorder import Recorder
from credit_scoring.decisions.spool import Spool


class Switch:
    """Opens a ledger on a file; opening and using it fail while the switch is off."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir()
        self.url = f"sqlite:///{file}"
        self.is_on = True
        self.fails_after_writing = False
        self.kills: str | None = None
        self.transactions: list[int] = []

    def open(self) -> Ledger:
        """A ledger that fails as the switch says."""
        self.require_on()
        switch = self

        class Switched(Ledger):
            def append(self, entries: Sequence[Entry]) -> int:
                switch.kill("append")
                switch.require_on()
                new = super().append(entries)
                switch.transactions.append(new)
                if switch.fails_after_writing:
                    switch.fails_after_writing = False
                    raise StorageError("The connection broke after the commit.", "Try again.")
                return new

            def check(self) -> None:
                switch.kill("check")
                super().check()

            def reopen(self) -> None:
                switch.require_on()
                super().reopen()

        return Switched(self.url, 1.0)

    def kill(self, method: str) -> None:
        """End the thread that calls the method, once."""
        if self.kills == method:
            self.kills = None
            raise SystemExit

    def require_on(self) -> None:
        """Raises StorageError while the switch is off."""
        if not self.is_on:
            raise StorageError("The database is off.", "Switch it on.")


def recorder_of(switch: Switch, tmp_path: Path, max_bytes: int = 1_000_000, retry_seconds: float = 0.02) -> Recorder:
    """A recorder on the switched ledger, with a spool below the folder."""
    return Recorder(switch.open, Spool(tmp_path / "spool", max_bytes), retry_seconds)


def recorded(file: Path) -> list[str]:
    """Ids of the recorded decisions, in order."""
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT decision_id FROM ledger_decisions ORDER BY sequence"
        return [decision_id for (decision_id,) in database.execute(query)]


def replace_file(file: Path, other: Path) -> None:
    """Put another database at the path of the ledger, without the journal of the one before."""
    other.replace(file)
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink()


def ids(kept: Sequence[Entry]) -> list[str]:
    """Ids of decisions."""
    return [one.record.decision_id for one in kept]
