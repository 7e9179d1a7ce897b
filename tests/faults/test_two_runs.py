"""Of two runs at once with the same output, folder or download, one wins whole."""

import threading
from pathlib import Path

import polars as pl

from credit_scoring.batch_scoring.writing import writing_table
from credit_scoring.core.atomic_files import replacing_folder
from credit_scoring.core.storage import Storage
from credit_scoring.data_ingestion import kaggle


def test_of_two_runs_that_write_one_file_or_folder_at_once_the_last_wins_whole(tmp_path: Path) -> None:
    schema, file, folder = pl.Schema({"a": pl.Int64}), tmp_path / "scores.csv", tmp_path / "tables"
    with writing_table(file, schema) as first, writing_table(file, schema) as second:
        for number in range(100):
            first(pl.DataFrame({"a": [number]}))
            second(pl.DataFrame({"a": [-number - 1]}))
    assert pl.read_csv(file)["a"].to_list() == list(range(100))
    with replacing_folder(folder, lambda _: True) as one, replacing_folder(folder, lambda _: True) as other:
        (one / "one").touch()
        (other / "other").touch()
    assert [path.name for path in folder.iterdir()] == ["one"]
    assert {path.name for path in tmp_path.iterdir()} == {"scores.csv", "tables"}


def test_what_a_killed_run_wrote_aside_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".scores.csv.partial-999999999-abc").write_text("half")
    with writing_table(tmp_path / "scores.csv", pl.Schema({"a": pl.Int64})):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["scores.csv"]


def test_two_runs_that_discard_a_failed_result_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    storage = Storage(tmp_path, kept_versions=3)
    for name in ("v1-a", "failed"):
        (tmp_path / "validate" / name).mkdir(parents=True)
    threads = [threading.Thread(target=storage.use, args=("validate", tmp_path / "validate" / "v1-a")) for _ in "1234"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not storage.failed("validate").exists() and not list((tmp_path / "validate").glob(".partial-*"))


class SlowKaggle:
    """A client whose download takes a moment, in which the file is there but not whole."""

    def __init__(self) -> None:
        self.downloads = 0

    def competition_list_files(self, competition: str) -> "SlowKaggle":
        self.files: list[object] = []
        return self

    def competition_download_files(self, competition: str, path: str, **_: object) -> None:
        self.downloads += 1
        (Path(path) / f"{competition}.zip").write_bytes(b"half")
        threading.Event().wait(0.1)
        (Path(path) / f"{competition}.zip").write_bytes(b"whole")


def test_of_two_downloads_at_once_one_waits_for_the_other(tmp_path: Path) -> None:
    client, found = SlowKaggle(), list[bytes]()
    runs = [
        threading.Thread(target=lambda: found.append(kaggle.download(client, tmp_path).read_bytes())) for _ in range(2)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert (found, client.downloads) == ([b"whole", b"whole"], 1)
