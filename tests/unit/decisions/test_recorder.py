"""Every recorded decision is durable, whatever happens to the database, and is stored once."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.supervised_thread import failure_reasons
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.recorder import Recorder
from credit_scoring.decisions.spool import Spool
from credit_scoring.decisions.verification import verify
from tests.support.decision_entries import entries

PATIENCE_SECONDS = 20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "databases" / "decisions.db"


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
        if not self.is_on:
            raise StorageError("The database is off.", "Switch it on.")


@pytest.fixture
def switch(file: Path) -> Switch:
    return Switch(file)


def recorder_of(switch: Switch, tmp_path: Path, max_bytes: int = 1_000_000, retry_seconds: float = 0.02) -> Recorder:
    return Recorder(switch.open, Spool(tmp_path / "spool", max_bytes), retry_seconds)


@pytest.fixture
def recorder(switch: Switch, tmp_path: Path) -> Iterator[Recorder]:
    opened = recorder_of(switch, tmp_path)
    yield opened
    opened.close()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def recorded(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT decision_id FROM ledger_decisions ORDER BY sequence"
        return [decision_id for (decision_id,) in database.execute(query)]


def replace_file(file: Path, other: Path) -> None:
    """Put another database at the path of the ledger, without the journal of the one before."""
    other.replace(file)
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink()


def ids(kept: Sequence[Entry]) -> list[str]:
    return [one.record.decision_id for one in kept]


def test_a_decision_is_in_the_file_once_its_future_is_done(recorder: Recorder, file: Path) -> None:
    (one,) = entries(1)
    recorder.record([one]).result()
    assert recorded(file) == ids([one])
    assert recorder.find(one.record.decision_id).record == one.record


def test_decisions_of_many_threads_share_transactions_and_each_is_stored_once(
    recorder: Recorder, switch: Switch, file: Path
) -> None:
    kept = entries(400)
    with ThreadPoolExecutor(40) as threads:
        list(threads.map(lambda one: recorder.record([one]).result(), kept))
    assert sorted(recorded(file)) == sorted(ids(kept))
    assert len(switch.transactions) < len(kept)


def test_a_batch_is_one_transaction(recorder: Recorder, switch: Switch) -> None:
    recorder.record(entries(1_000)).result()
    assert switch.transactions == [1_000]


def test_while_the_database_is_unavailable_decisions_wait_and_are_stored_later_in_order(
    recorder: Recorder, switch: Switch, file: Path
) -> None:
    kept = entries(250)
    recorder.record(kept[:1]).result()
    switch.is_on = False
    for one in kept[1:]:
        recorder.record([one]).result()
    assert recorder.depth == 249
    assert recorder.unavailable_reason == "The database is off. Switch it on."
    assert recorder.full_reason is None
    assert recorder.find(kept[7].record.decision_id).record == kept[7].record
    switch.is_on = True
    until(lambda: recorder.unavailable_reason is None)
    recorder.record(more := entries(1)).result()
    assert recorder.depth == 0
    assert recorded(file) == ids([*kept, *more])


def test_a_decision_whose_commit_was_never_confirmed_is_stored_once(
    recorder: Recorder, switch: Switch, file: Path
) -> None:
    switch.fails_after_writing = True
    kept = entries(3)
    recorder.record(kept).result()
    until(lambda: recorder.unavailable_reason is None)
    assert recorded(file) == ids(kept)


def test_a_service_starts_while_the_database_is_unavailable(switch: Switch, tmp_path: Path, file: Path) -> None:
    switch.is_on = False
    opened = recorder_of(switch, tmp_path)
    kept = entries(3)
    opened.record(kept).result()
    with pytest.raises(StorageError, match="database is off"):
        opened.find("unknown")
    switch.is_on = True
    until(lambda: opened.depth == 0)
    with pytest.raises(MissingArtefactError, match="no decision unknown"):
        opened.find("unknown")
    opened.close()
    assert recorded(file) == ids(kept)


def test_decisions_left_by_a_closed_service_are_recorded_by_the_next_one(
    switch: Switch, tmp_path: Path, file: Path
) -> None:
    switch.is_on = False
    first = recorder_of(switch, tmp_path)
    kept = entries(150)
    first.record(kept).result()
    first.close()
    switch.is_on = True
    recorder_of(switch, tmp_path).close()
    assert recorded(file) == ids(kept)
    assert not list((tmp_path / "spool").iterdir())


def test_the_caller_gets_an_error_when_neither_database_nor_spool_accepts_a_decision(
    switch: Switch, tmp_path: Path
) -> None:
    opened = recorder_of(switch, tmp_path, max_bytes=1_000)
    switch.is_on = False
    with pytest.raises(StorageError, match="is full"):
        opened.record(entries(5)).result()
    assert "is full" in (opened.full_reason or "")
    switch.is_on = True
    until(lambda: opened.unavailable_reason is None)
    assert opened.full_reason is None
    opened.record(entries(5)).result()
    opened.close()


def test_an_unexpected_error_reaches_the_caller_and_does_not_stop_the_threads(
    recorder: Recorder, switch: Switch, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    def failing(*_: object, **__: object) -> int:
        raise ZeroDivisionError("unforeseen")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", failing)
        with pytest.raises(ZeroDivisionError):
            recorder.record(entries(1)).result()
        switch.is_on = False
        recorder.record(kept := entries(2)).result()
        switch.is_on = True
        until(lambda: recorder.unavailable_reason == "unforeseen")
    until(lambda: recorder.unavailable_reason is None)
    assert recorded(file) == ids(kept)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_dies_fails_its_callers_and_is_restarted(recorder: Recorder, switch: Switch, file: Path) -> None:
    switch.kills = "append"
    with pytest.raises(StorageError, match="may not have been recorded"):
        recorder.record(entries(1)).result(PATIENCE_SECONDS)
    recorder.record(kept := entries(2)).result(PATIENCE_SECONDS)
    assert recorded(file) == ids(kept)
    assert failure_reasons(recorder.threads) == {}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_drainer_that_dies_is_restarted(recorder: Recorder, switch: Switch, file: Path) -> None:
    switch.kills = "check"
    until(lambda: switch.kills is None)
    switch.is_on = False
    recorder.record(kept := entries(2)).result(PATIENCE_SECONDS)
    switch.is_on = True
    until(lambda: recorder.depth == 0)
    assert recorded(file) == ids(kept)
    assert failure_reasons(recorder.threads) == {}


def test_a_closed_recorder_rejects_decisions(switch: Switch, tmp_path: Path) -> None:
    opened = recorder_of(switch, tmp_path, max_bytes=1_000)
    opened.close()
    with pytest.raises(StorageError, match="was closed"):
        opened.record(entries(1))


@pytest.mark.parametrize("removed", ["decisions.db", "*"])
def test_a_deleted_ledger_file_is_restored_completely(recorder: Recorder, file: Path, removed: str) -> None:
    before, meanwhile = entries(20), entries(20)
    recorder.record(before).result()
    for path in file.parent.glob(removed):
        path.unlink()
    for one in meanwhile:
        recorder.record([one]).result()
    until(lambda: recorder.unavailable_reason is None and recorder.depth == 0 and file.exists())
    recorder.record(after := entries(1)).result()
    assert recorded(file) == ids([*before, *meanwhile, *after])
    ledger = Ledger(f"sqlite:///{file}")
    assert verify(ledger).findings == ()
    ledger.close()


def test_two_services_on_a_deleted_file_lose_no_decision(
    recorder: Recorder, switch: Switch, tmp_path: Path, file: Path
) -> None:
    other = recorder_of(switch, tmp_path)
    kept = entries(60)
    for number, one in enumerate(kept):
        if number == 30:
            file.unlink()
        (recorder, other)[number % 2].record([one]).result()
    until(lambda: all(one.unavailable_reason is None and one.depth == 0 for one in (recorder, other)))
    assert sorted(recorded(file)) == sorted(ids(kept))
    other.close()


def test_a_service_that_starts_while_the_file_is_missing_begins_no_other_ledger(
    switch: Switch, tmp_path: Path, file: Path
) -> None:
    first = recorder_of(switch, tmp_path, retry_seconds=60)
    first.record(before := entries(3)).result()
    ledger_id = Ledger(switch.url).head().ledger_id
    file.unlink()
    second = recorder_of(switch, tmp_path)
    second.record(meanwhile := entries(2)).result()
    assert second.depth == 2
    assert not file.exists()
    # The next decision makes the first one notice, and restore the file.
    first.record(after := entries(1)).result()
    until(lambda: all(one.unavailable_reason is None and one.depth == 0 for one in (first, second)))
    first.close()
    second.close()
    stored = recorded(file)
    assert stored[:3] == ids(before)
    assert sorted(stored[3:]) == sorted(ids([*meanwhile, *after]))
    assert Ledger(switch.url).head().ledger_id == ledger_id


def test_another_ledger_at_the_same_path_is_rejected(recorder: Recorder, file: Path, tmp_path: Path) -> None:
    recorder.record(entries(2)).result()
    ledger_id = Ledger(f"sqlite:///{file}").head().ledger_id
    Ledger(f"sqlite:///{tmp_path / 'other.db'}").close()
    replace_file(file, tmp_path / "other.db")
    recorder.record(kept := entries(3)).result()
    until(lambda: f"instead of {ledger_id}" in (recorder.unavailable_reason or ""))
    assert recorder.depth == 3
    file.unlink()
    until(lambda: recorder.unavailable_reason is None and recorder.depth == 0)
    assert recorded(file)[2:] == ids(kept)


def test_a_file_beside_the_journal_of_the_previous_one_is_rejected(
    recorder: Recorder, file: Path, tmp_path: Path
) -> None:
    recorder.record(before := entries(2)).result()
    Ledger(f"sqlite:///{tmp_path / 'other.db'}").close()
    (tmp_path / "other.db").replace(file)
    recorder.record(kept := entries(3)).result()
    until(lambda: "decisions.db-wal belongs to the old file" in (recorder.unavailable_reason or ""))
    file.unlink()
    until(lambda: recorder.unavailable_reason is None and recorder.depth == 0)
    assert recorded(file) == ids([*before, *kept])


def test_an_older_copy_at_the_same_path_is_rejected(recorder: Recorder, file: Path, tmp_path: Path) -> None:
    recorder.record(entries(2)).result()
    with closing(sqlite3.connect(file)) as database, closing(sqlite3.connect(tmp_path / "old.db")) as copy:
        database.backup(copy)
    recorder.record(entries(1)).result()
    replace_file(file, tmp_path / "old.db")
    recorder.record(entries(1)).result()
    until(lambda: "older copy of the decision ledger: 2 rows, 3 were stored" in (recorder.unavailable_reason or ""))


@pytest.mark.parametrize(("minutes_ahead", "warnings"), [(5, 1), (-5, 0)])
def test_a_clock_behind_the_newest_decision_is_reported_once_with_both_times(
    switch: Switch, tmp_path: Path, minutes_ahead: int, warnings: int
) -> None:
    newest = datetime.now(UTC) + timedelta(minutes=minutes_ahead)
    with closing(Ledger(switch.url)) as ledger:
        assert ledger.newest_decision() == ""
        ledger.append([*entries(1, decided_at=newest), *entries(1)])
    with structlog.testing.capture_logs() as lines, closing(recorder_of(switch, tmp_path)) as recorder:
        recorder.record(entries(1)).result(PATIENCE_SECONDS)
    found = [line for line in lines if "clock" in line["event"]]
    assert len(found) == warnings
    for line in found:
        assert (line["log_level"], line["newest_decision"]) == ("warning", newest.isoformat())
        assert line["clock"] < line["newest_decision"]
        assert "NTP" in line["next_step"]
