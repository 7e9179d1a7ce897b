"""A transaction is durable as a whole or not made, and an unavailable database is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from credit_scoring.core.database import Database
from credit_scoring.core.errors import StorageError
from tests.support.notebook import notebook

METADATA = sa.MetaData()
NOTES = sa.Table("notes", METADATA, sa.Column("text", sa.String(20), primary_key=True))


def opened(url: str) -> Database:
    return Database(url, notebook(METADATA))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database with an empty table, created when it is opened."""
    database = opened(f"sqlite:///{tmp_path / 'notes.db'}")
    yield database
    database.close()


def write(database: Database, *texts: str) -> None:
    with database.transaction() as connection:
        for text in texts:
            connection.execute(sa.insert(NOTES), {"text": text})


def notes(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(sa.select(NOTES.c.text).order_by(NOTES.c.text)).scalars())


def test_written_rows_are_visible_to_other_connections(database: Database, tmp_path: Path) -> None:
    write(database, "a", "b")
    other = opened(f"sqlite:///{tmp_path / 'notes.db'}")
    assert notes(other) == ["a", "b"]
    other.close()


def test_a_transaction_is_made_completely_or_not_at_all(database: Database) -> None:
    write(database, "a")
    with pytest.raises(StorageError, match="notebook"):
        write(database, "b", "a")
    assert notes(database) == ["a"]


def test_an_error_in_the_block_rolls_back_and_is_raised_unchanged(database: Database) -> None:
    with pytest.raises(KeyError), database.transaction() as connection:
        connection.execute(sa.insert(NOTES), {"text": "a"})
        raise KeyError("mine")
    assert notes(database) == []


def test_readers_are_not_blocked_by_a_writer(database: Database, tmp_path: Path) -> None:
    other = opened(f"sqlite:///{tmp_path / 'notes.db'}")
    with database.transaction() as connection:
        connection.execute(sa.insert(NOTES), {"text": "a"})
        assert notes(other) == []
    assert notes(other) == ["a"]
    other.close()


def test_a_writer_is_not_blocked_by_readers(database: Database, tmp_path: Path) -> None:
    other = opened(f"sqlite:///{tmp_path / 'notes.db'}")
    with other.transaction() as reading:
        reading.exec_driver_sql("BEGIN")
        assert reading.execute(sa.select(sa.func.count()).select_from(NOTES)).scalar() == 0
        write(database, "a")
        assert reading.execute(sa.select(sa.func.count()).select_from(NOTES)).scalar() == 0
    assert notes(other) == ["a"]
    other.close()


def test_a_committed_transaction_is_flushed_to_disk(database: Database) -> None:
    full = 2
    with database.transaction() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == full


def test_the_error_of_a_failing_database_names_it_and_its_setting(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(sa.text("DROP TABLE notes"))
    for read in (lambda: notes(database), lambda: write(database, "a")):
        with pytest.raises(StorageError, match=r"The notebook sqlite:///.*notes\.db is unavailable") as caught:
            read()
        assert "CREDIT_LEDGER_URL" in caught.value.next_step


def test_a_missing_folder_is_made_by_what_writes_and_not_by_what_reads(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'folder' / 'notes.db'}"
    with pytest.raises(StorageError, match=r"notes\.db, the notebook, is missing"):
        Database(url, notebook(METADATA), may_create=False)
    assert not (tmp_path / "folder").exists()
    opened(url).close()
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="a file has the name of a folder"):
        opened(f"sqlite:///{tmp_path / 'file' / 'notes.db'}")


@pytest.mark.parametrize("url", ["nonsense", "nosuchdatabase://somewhere"])
def test_an_invalid_url_is_not_repeated_in_the_error(url: str) -> None:
    with pytest.raises(StorageError, match="The notebook is unavailable"):
        opened(url)


def test_no_other_writer_comes_between_reading_and_writing(database: Database, tmp_path: Path) -> None:
    other = Database(f"sqlite:///{tmp_path / 'notes.db'}", notebook(METADATA), 0.05)
    with database.writing(), pytest.raises(StorageError, match="locked"):
        write(other, "a")
    other.close()


def test_a_reader_does_not_keep_others_from_writing(database: Database) -> None:
    write(database, "a")
    with database.reading() as connection:
        assert connection.execute(sa.select(NOTES.c.text)).scalars().all() == ["a"]
        write(database, "b")
    assert notes(database) == ["a", "b"]


def test_a_transaction_in_a_deleted_file_is_not_reported_as_durable(database: Database, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"notes\.db, the notebook, was deleted or replaced"):
        with database.transaction() as connection:
            connection.execute(sa.insert(NOTES), {"text": "a"})
            (tmp_path / "notes.db").unlink()
