"""An earlier answer holds only as long as nothing was written to the registry's file since."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from credit_scoring.model_registry.unchanged import Answer, Unchanged, local_folder


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "mlflow.db"
    write(path, "CREATE TABLE aliases (version INTEGER)", "INSERT INTO aliases VALUES (1)")
    return path


def write(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def opened(database: Path) -> Unchanged:
    return Unchanged(f"sqlite:///{database}", database.with_name("answers.json"))


def answer(source: Path | str, version: int = 1) -> Answer:
    return Answer(version=version, source=f"file://{source}", has_alias=True)


def test_an_answer_holds_for_the_next_process_while_nothing_is_written(database: Path) -> None:
    first = opened(database)
    first.keep("model", "production", first.mark(), answer(database.parent))
    second = opened(database)
    assert second.answer("model", "production", second.mark()) == answer(database.parent)
    assert second.answer("model", "staging", second.mark()) is None
    assert second.answer("other", "production", second.mark()) is None


def test_any_transaction_ends_it_also_when_size_and_time_of_the_file_are_the_same(database: Path) -> None:
    asked = opened(database)
    before = database.stat()
    asked.keep("model", "production", asked.mark(), answer(database.parent))
    write(database, "UPDATE aliases SET version = 2")
    os.utime(database, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert database.stat().st_size == before.st_size
    assert asked.answer("model", "production", asked.mark()) is None
    assert opened(database).answer("model", "production", opened(database).mark()) is None


def test_what_was_written_while_the_registry_was_asked_makes_the_answer_worthless(database: Path) -> None:
    asked = opened(database)
    mark = asked.mark()
    write(database, "UPDATE aliases SET version = 2")
    asked.keep("model", "production", mark, answer(database.parent))
    assert asked.answer("model", "production", asked.mark()) is None


def test_nothing_is_concluded_in_the_middle_of_a_transaction_or_after_a_broken_one(database: Path) -> None:
    asked = opened(database)
    asked.keep("model", "production", asked.mark(), answer(database.parent))
    database.with_name("mlflow.db-journal").write_bytes(b"")
    assert asked.mark() is None
    assert asked.answer("model", "production", asked.mark()) is None


def test_nothing_is_concluded_from_a_file_that_counts_no_transactions(database: Path) -> None:
    write(database, "PRAGMA journal_mode=WAL")
    assert opened(database).mark() is None


@pytest.mark.parametrize(
    "uri", ["http://registry:5000", "postgresql+psycopg://registry/mlflow", "sqlite:///:memory:"]
)
def test_nothing_is_concluded_about_a_registry_elsewhere(uri: str, tmp_path: Path) -> None:
    assert Unchanged(uri, tmp_path / "answers.json").mark() is None


def test_an_answer_whose_files_lie_elsewhere_is_not_kept(database: Path) -> None:
    asked = opened(database)
    elsewhere = Answer(version=1, source="s3://bucket/scorer", has_alias=True)
    asked.keep("model", "production", asked.mark(), elsewhere)
    assert asked.answer("model", "production", asked.mark()) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"model@production": {"mark": 1}}'])
def test_damaged_notes_are_as_good_as_none(content: bytes, database: Path) -> None:
    database.with_name("answers.json").write_bytes(content)
    assert opened(database).answer("model", "production", opened(database).mark()) is None


def test_where_nothing_can_be_written_the_answer_holds_in_this_process(
    database: Path, tmp_path: Path
) -> None:
    tmp_path.joinpath("file").write_bytes(b"")
    asked = Unchanged(f"sqlite:///{database}", tmp_path / "file" / "answers.json")
    asked.keep("model", "production", asked.mark(), answer(tmp_path))
    assert asked.answer("model", "production", asked.mark()) == answer(tmp_path)


def test_an_address_of_this_machine_is_a_folder_and_any_other_is_not() -> None:
    assert local_folder("file:///data/a%20b/scorer") == Path("/data/a b/scorer")
    assert local_folder("file://server/share") is None
    assert local_folder("mlflow-artifacts:/1/scorer") is None
