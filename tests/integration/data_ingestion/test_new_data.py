"""The check for the scheduler: does the source differ from what was ingested last?"""

import os
import sys
from pathlib import Path

import pytest

from credit_scoring import cli
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_ingestion import step


def change(source: Path) -> None:
    with (source / "bureau_balance.csv").open("a") as stream:
        stream.write("1000010,-9,0\n")


def test_everything_is_new_before_the_first_ingestion(settings: Settings, tiny_source: Path) -> None:
    assert step.has_new_data(settings, tiny_source)


def test_nothing_is_new_after_an_ingestion_until_a_value_changes(settings: Settings, tiny_source: Path) -> None:
    step.run(settings, tiny_source)
    assert not step.has_new_data(settings, tiny_source)
    change(tiny_source)
    assert step.has_new_data(settings, tiny_source)


def test_files_that_are_only_touched_or_moved_are_not_new(
    settings: Settings, tiny_source: Path, tmp_path: Path
) -> None:
    step.run(settings, tiny_source)
    for file in tiny_source.iterdir():
        os.utime(file)
    assert not step.has_new_data(settings, tiny_source.rename(tmp_path / "elsewhere"))


def test_another_number_of_buckets_is_no_new_data(settings: Settings, tiny_source: Path) -> None:
    step.run(settings, tiny_source)
    assert not step.has_new_data(settings.with_values(bucket_count=3), tiny_source)


def test_a_return_to_earlier_data_is_new(settings: Settings, tiny_source: Path) -> None:
    before = (tiny_source / "bureau_balance.csv").read_text()
    step.run(settings, tiny_source)
    change(tiny_source)
    step.run(settings, tiny_source)
    (tiny_source / "bureau_balance.csv").write_text(before)
    assert step.has_new_data(settings, tiny_source)


def test_damaged_tables_must_be_ingested_again(settings: Settings, tiny_source: Path) -> None:
    step.run(settings, tiny_source)
    (Storage.of(settings).current("ingest") / "bureau" / "bucket=0001.parquet").unlink()
    assert step.has_new_data(settings, tiny_source)


def test_the_command_reports_new_data_by_its_exit_code(
    settings: Settings, tiny_source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(settings.data_directory))
    monkeypatch.setenv("CREDIT_BUCKET_COUNT", str(settings.bucket_count))

    def exit_code(*arguments: str) -> object:
        monkeypatch.setattr(sys, "argv", ["credit-scoring", "ingest", *arguments])
        with pytest.raises(SystemExit) as raised:
            cli.main()
        return raised.value.code

    assert exit_code("--check", "--source", str(tiny_source)) == 0
    assert not (settings.data_directory / "ingest").exists()
    assert exit_code("--source", str(tiny_source)) == 0
    assert exit_code("--check", "--source", str(tiny_source)) == 10
    assert "nothing new" in capsys.readouterr().out
    (tiny_source / "bureau.csv").unlink()
    assert exit_code("--check", "--source", str(tiny_source)) == 4
    assert "lacks bureau.csv" in capsys.readouterr().err
