"""A ledger in a SQLite file that is deleted or replaced under a running service."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.recorder import Recorder
from credit_scoring.decisions.verification import verify
from tests.support.decision_entries import entries
from tests.support.waiting import until
from tests.unit.decisions.switched_ledger import Switch, ids, recorded, recorder_of, replace_file


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
