"""Every recorded decision is durable, whatever happens to the database, and is stored once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.supervised_thread import failure_reasons
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.recorder import Recorder
from tests.support.decision_entries import entries
from tests.support.waiting import PATIENCE_SECONDS, until
from tests.unit.decisions.switched_ledger import Switch, ids, recorded, recorder_of


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


def test_without_a_spool_no_decision_is_accepted_while_the_database_is_unavailable(
    switch: Switch, tmp_path: Path, file: Path
) -> None:
    opened = recorder_of(switch, tmp_path, max_bytes=0)
    opened.record(before := entries(2)).result()
    assert opened.full_reason is None
    switch.is_on = False
    with pytest.raises(StorageError, match="not spooled here"):
        opened.record(entries(1)).result()
    assert "CREDIT_LEDGER_SPOOL_MEGABYTES=0" in (opened.full_reason or "")
    assert opened.depth == 0
    switch.is_on = True
    until(lambda: opened.unavailable_reason is None)
    assert opened.full_reason is None
    opened.record(after := entries(1)).result()
    opened.close()
    assert recorded(file) == ids([*before, *after])
    assert not (tmp_path / "spool").exists()


def test_without_a_spool_the_service_is_not_ready_before_a_decision_was_refused(switch: Switch, tmp_path: Path) -> None:
    switch.is_on = False
    opened = recorder_of(switch, tmp_path, max_bytes=0)
    assert "not spooled here" in (opened.full_reason or "")
    opened.close()


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


def test_an_id_that_another_service_may_use_is_not_spooled_and_others_of_its_batch_are(
    recorder: Recorder, switch: Switch, file: Path
) -> None:
    switch.is_on = False
    # Accepted at once, so that one transaction takes several of them.
    kept = entries(20)
    started = [recorder.record([one], may_spool=number % 2 == 0) for number, one in enumerate(kept)]
    for done in started[1::2]:
        with pytest.raises(StorageError, match="The ledger is unavailable: The database is off"):
            done.result(PATIENCE_SECONDS)
    for done in started[::2]:
        done.result(PATIENCE_SECONDS)
    assert recorder.depth == 10
    switch.is_on = True
    until(lambda: recorder.unavailable_reason is None)
    assert recorded(file) == ids(kept[::2])


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
