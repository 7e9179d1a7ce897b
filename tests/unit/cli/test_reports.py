"""The list of reports, tables and pictures follows the results in the data directory."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from credit_scoring.cli import app
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.storage import Storage


def _finish(storage: Storage, step: str) -> None:
    manifest = Manifest(
        step=step,
        fingerprint="0" * 16,
        source="synthetic",
        run_id="run",
        seconds=1.0,
        outputs=tuple(Artefact(name=path, path=path) for path in ("report.html", "rows.parquet", "plots", "runs")),
    )
    with storage.writing(step) as folder:
        (folder / "report.html").write_text(f"report of {step}")
        (folder / "rows.parquet").write_text("rows")
        (folder / "plots").mkdir()
        (folder / "plots" / "roc.png").write_text("picture")
        (folder / "runs" / "lightgbm").mkdir(parents=True)
        (folder / "runs" / "lightgbm" / "curves.csv").write_text("in MLflow")
        storage.commit(manifest, folder)


@pytest.fixture
def finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory in which two steps have finished."""
    folder = tmp_path / "data"
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(folder))
    for step in ("validate", "train"):
        _finish(Storage(folder, kept_versions=3), step)
    return folder


def test_without_a_result_the_next_command_is_named() -> None:
    assert "credit-scoring pipeline --source" in CliRunner().invoke(app, ["reports"]).output


def test_reports_and_pictures_are_listed_in_the_order_of_the_steps(finished: Path) -> None:
    lines = [line.split() for line in CliRunner().invoke(app, ["reports"]).output.splitlines()]
    assert [(step, Path(path).name) for step, path in lines] == [
        ("validate", "report.html"),
        ("validate", "roc.png"),
        ("train", "report.html"),
        ("train", "roc.png"),
    ]
    assert all(Path(path).is_file() for _, path in lines)


def test_collected_files_have_names_without_versions(finished: Path, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    for _ in range(2):  # a second time over the files of the first
        listed = CliRunner().invoke(app, ["reports", "--collect", str(folder)]).output.split()
    collected = ("validate/report.html", "validate/plots/roc.png", "train/report.html", "train/plots/roc.png")
    assert listed[1::2] == [str(folder / name) for name in collected]
    assert (folder / "train" / "report.html").read_text() == "report of train"
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == set(collected)


def test_a_folder_that_cannot_be_written_is_named(finished: Path, tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    result = CliRunner().invoke(app, ["reports", "--collect", str(tmp_path / "results")])
    assert result.exit_code != 0
    assert "results" in str(result.exception)
