"""The list of reports follows the results in the data directory."""

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
        outputs=(Artefact(name="report", path="report.html"), Artefact(name="rows", path="rows.parquet")),
    )
    with storage.writing(step) as folder:
        (folder / "report.html").write_text("<html></html>")
        storage.commit(manifest, folder)


def test_without_a_result_the_next_command_is_named() -> None:
    assert "credit-scoring pipeline --source" in CliRunner().invoke(app, ["reports"]).output


def test_each_report_is_listed_in_the_order_of_the_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(tmp_path))
    for step in ("validate", "train"):
        _finish(Storage(tmp_path, kept_versions=3), step)
    lines = CliRunner().invoke(app, ["reports"]).output.splitlines()
    assert [line.split()[0] for line in lines] == ["validate", "train"]
    assert all(Path(line.split()[1]).is_file() for line in lines)
