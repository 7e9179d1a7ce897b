"""Versions of a step's result: whole or not there at all, whatever happens while they are written."""

import multiprocessing
from pathlib import Path

import pytest

from credit_scoring.core.atomic_files import write_atomically
from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage, bytes_of

STEP = "features"


@pytest.fixture
def storage(settings: Settings) -> Storage:
    return Storage.of(settings)


def write(storage: Storage, fingerprint: str, content: str = "rows") -> Path:
    """Commit a version that consists of one file."""
    with storage.writing(STEP) as folder:
        (folder / "table").write_text(content)
        return storage.commit(manifest_of(fingerprint, len(content)), folder)


def manifest_of(fingerprint: str, size: int = 0) -> Manifest:
    outputs = (Artefact(name="table", path="table", bytes=size),)
    return Manifest(step=STEP, fingerprint=fingerprint, source="real", run_id="", seconds=0.0, outputs=outputs)


def fingerprints(storage: Storage) -> list[str]:
    """Fingerprints of the finished versions, newest first."""
    return [folder.name.split("-")[0] for folder in storage.versions(STEP)]


def test_a_step_that_never_ran_has_no_version(storage: Storage) -> None:
    with pytest.raises(MissingArtefactError, match=f"no result of the step '{STEP}'"):
        storage.current(STEP)
    assert storage.find(STEP, "a") is None
    assert storage.versions(STEP) == []


def test_a_committed_version_is_in_use(storage: Storage) -> None:
    write(storage, "a")
    folder = write(storage, "b", "newer rows")
    assert storage.current(STEP) == folder
    assert (storage.current(STEP) / "table").read_text() == "newer rows"
    assert storage.current_version(STEP)[0].fingerprint == "b"


def test_what_is_not_committed_is_seen_by_nobody_and_removed(storage: Storage) -> None:
    write(storage, "a")
    with storage.writing(STEP) as folder:
        (folder / "table").write_text("half")
        assert fingerprints(storage) == ["a"]
    assert not folder.exists()
    assert storage.current_version(STEP)[0].fingerprint == "a"


def test_a_failing_computation_leaves_the_last_version_in_use(storage: Storage) -> None:
    write(storage, "a")
    with pytest.raises(ZeroDivisionError), storage.writing(STEP) as folder:
        (folder / "table").write_text("half")
        raise ZeroDivisionError
    assert not folder.exists()
    assert (storage.current(STEP) / "table").read_text() == "rows"


def test_what_a_killed_process_left_is_removed_by_the_next_one(storage: Storage) -> None:
    leftover = storage.root / STEP / ".partial-0000"
    leftover.mkdir(parents=True)
    (leftover / "manifest.json").write_text(manifest_of("killed").model_dump_json())
    assert storage.find(STEP, "killed") is None
    write(storage, "a")
    assert not leftover.exists()


def _hold(
    root: Path, has_started: "multiprocessing.synchronize.Event", may_end: "multiprocessing.synchronize.Event"
) -> None:
    with Storage(root, kept_versions=3).writing(STEP):
        has_started.set()
        may_end.wait()


@pytest.mark.slow
def test_two_processes_do_not_write_one_step_at_once(storage: Storage) -> None:
    context = multiprocessing.get_context("spawn")
    has_started, may_end = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(storage.root, has_started, may_end))
    process.start()
    try:
        assert has_started.wait(60)
        with pytest.raises(StorageError, match="Another process is writing"):
            write(storage, "a")
        with storage.writing("another step"):
            pass
    finally:
        may_end.set()
        process.join()
    write(storage, "a")


def test_an_unchanged_version_is_found_by_its_fingerprint(storage: Storage) -> None:
    write(storage, "a")
    newer = write(storage, "a")
    write(storage, "b")
    found = storage.find(STEP, "a")
    assert found is not None
    assert found[1] == newer
    assert storage.find(STEP, "c") is None


@pytest.mark.parametrize("content", [None, "row", "rows and more"])
def test_a_version_with_a_missing_or_resized_file_is_not_found(storage: Storage, content: str | None) -> None:
    table = write(storage, "a") / "table"
    table.unlink()
    if content is not None:
        table.write_text(content)
    assert storage.find(STEP, "a") is None


def test_a_damaged_manifest_is_named_and_does_not_hide_the_other_versions(storage: Storage) -> None:
    write(storage, "a")
    damaged = write(storage, "b") / "manifest.json"
    damaged.write_text('{"step": ')
    with pytest.raises(StorageError, match=f"{damaged} cannot be read"):
        storage.current(STEP)
    assert storage.find(STEP, "a") is not None
    assert storage.find(STEP, "b") is None


@pytest.mark.parametrize("kept", [1, 4])
def test_as_many_of_the_newest_versions_are_kept_as_the_setting_says(kept: int, settings: Settings) -> None:
    storage = Storage.of(settings.with_values(storage={"kept_versions": kept}))
    for number in range(6):
        write(storage, str(number))
    assert fingerprints(storage) == [str(number) for number in range(5, 5 - kept, -1)]


def test_a_return_to_an_earlier_version_drops_none(storage: Storage) -> None:
    oldest = write(storage, "oldest")
    for number in range(2):
        write(storage, str(number))
    storage.use(STEP, oldest)
    assert storage.current(STEP) == oldest
    assert len(fingerprints(storage)) == 3


def test_a_failed_result_is_kept_until_the_next_good_one(storage: Storage) -> None:
    write(storage, "a")
    for content in ("first failure", "second failure"):
        with storage.writing(STEP) as folder:
            (folder / "table").write_text(content)
            storage.keep_failed(STEP, folder)
        assert (storage.failed(STEP) / "table").read_text() == content
    assert storage.current_version(STEP)[0].fingerprint == "a"
    write(storage, "b")
    assert not storage.failed(STEP).exists()


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path: Path) -> None:
    write_atomically(tmp_path / "folder" / "inner" / "file", b"12345")
    write_atomically(tmp_path / "folder" / "file", b"123")
    assert bytes_of(tmp_path / "folder") == 8
    assert bytes_of(tmp_path / "folder" / "file") == 3


def test_databases_are_in_the_data_directory_unless_configured(storage: Storage) -> None:
    assert storage.database_url("postgresql://host/name", "ledger") == "postgresql://host/name"
    url = storage.database_url("", "ledger")
    assert url == f"sqlite:///{storage.root.resolve()}/databases/ledger.db"
    assert not (storage.root / "databases").exists()


def test_manifests_name_paths_below_the_data_folder(storage: Storage) -> None:
    assert storage.relative(write(storage, "a") / "table").startswith("features/a-")
