"""The synthesize command."""

import os
import sys
from pathlib import Path

import pytest

from credit_scoring import cli
from credit_scoring.core.atomic_files import replacing_file
from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.synthetic_data import step


def test_the_record_of_a_run_names_rows_bytes_and_the_ceiling(settings: Settings, tmp_path: Path) -> None:
    manifest = step.run(settings, output=tmp_path / "raw", clients=300, seed=5)
    assert manifest.source == "synthetic"
    assert {part.name for part in manifest.outputs} == {table.name for table in ALL_TABLES}
    assert all((part.bytes or 0) > 0 for part in manifest.outputs)
    assert manifest.measures["clients"] == 300
    assert 0.7 < float(manifest.measures["auc_of_a_perfect_model"]) < 0.95


def test_a_path_that_cannot_be_written_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="Cannot write"):
        step.run(settings, output=tmp_path / "file" / "raw", clients=300)
    with pytest.raises(StorageError, match="Cannot write"), replacing_file(tmp_path / "file" / "page.html") as page:
        page.write_text("text")


def test_what_a_killed_run_left_is_removed_by_the_next_one(settings: Settings, tmp_path: Path) -> None:
    gone, running = (tmp_path / ".raw.partial-999999999-0a1b2c3d", tmp_path / f".raw.partial-{os.getpid()}-0a1b2c3d")
    for remains in (gone, running):
        remains.mkdir()
    step.run(settings, output=tmp_path / "raw", clients=300)
    assert not gone.exists()
    assert running.exists()


def run_command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    """Run `credit-scoring synthesize`; it ends as a command does."""
    monkeypatch.setattr(sys, "argv", ["credit-scoring", "synthesize", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code


def test_the_output_folder_is_required(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["credit-scoring", "synthesize"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "--output" in capsys.readouterr().err


def test_a_full_run_rejects_another_number_of_clients(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["credit-scoring", "synthesize", "--full", "--clients", "50", "--output", str(tmp_path / "raw")]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "--full sets the number of clients" in capsys.readouterr().err
    assert not (tmp_path / "raw").exists()
