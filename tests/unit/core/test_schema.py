"""Tables are created or upgraded revision by revision; a schema that does not fit is refused by name."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from credit_scoring.cli.database import SCHEMAS
from credit_scoring.core.database import Database
from credit_scoring.core.errors import StorageError
from credit_scoring.core.schema import Schema
from tests.support.notebook import notebook

OLD, NEW = sa.MetaData(), sa.MetaData()
sa.Table("notes", OLD, sa.Column("text", sa.String(20), primary_key=True))
NOTES = sa.Table("notes", NEW, sa.Column("text", sa.String(20), primary_key=True), sa.Column("author", sa.String(20)))
REVISIONS = {
    "first.py": "revision, down_revision = '0001', None\n\ndef upgrade():\n    pass\n",
    "second.py": (
        "import sqlalchemy as sa\nfrom alembic import op\n\nrevision, down_revision = '0002', '0001'\n\n"
        "def upgrade():\n    op.add_column('notes', sa.Column('author', sa.String(20)))\n"
    ),
}


@pytest.fixture
def revisions(tmp_path: Path) -> Path:
    """Revisions that add the author of a note; the name of their folder needs care."""
    folder = tmp_path / "100% mine, really"
    folder.mkdir()
    for name, text in REVISIONS.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'notes.db'}"


def described(engine: sa.Engine, schema: Schema) -> dict[str, Any]:
    """Columns, keys and indexes of each table of a schema."""
    inspector = sa.inspect(engine)
    return {
        name: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(name)],
            inspector.get_pk_constraint(name)["constrained_columns"],
            sorted(tuple(index["column_names"]) for index in inspector.get_indexes(name)),
            sorted(tuple(unique["column_names"]) for unique in inspector.get_unique_constraints(name)),
        )
        for name in schema.tables.tables
    }


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_the_revisions_lead_to_the_tables_that_the_program_uses(schema: Schema) -> None:
    migrated, created = (sa.create_engine("sqlite://") for _ in range(2))
    with migrated.begin() as connection:
        schema._migrate(connection)
    with created.begin() as connection:
        schema.upgrade(connection)
    assert described(migrated, schema) == described(created, schema)
    for engine in (migrated, created):
        with engine.connect() as connection:
            assert schema.recorded(connection) == schema.newest


VALUES: dict[type[sa.types.TypeEngine[Any]], object] = {
    sa.String: "x",
    sa.Integer: 1,
    sa.LargeBinary: b"x",
    sa.Boolean: True,
}
REVISED = [(schema, number) for schema in SCHEMAS for number in range(2, schema.newest + 1)]


def migrated(schema: Schema, number: int) -> sa.Engine:
    """An empty database with the tables of a revision."""
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        replace(schema, newest=number)._migrate(connection)
    return engine


def work_as_the_version_before(schema: Schema, number: int) -> None:
    """Insert, read and change a row of every table as revision `number - 1` has it, in the schema of the next."""
    before = sa.MetaData()
    before.reflect(migrated(schema, number - 1))
    before.remove(before.tables[schema.revision_table])
    with migrated(schema, number).begin() as connection:
        for table in before.sorted_tables:
            row = {
                column.name: next(value for kind, value in VALUES.items() if isinstance(column.type, kind))
                for column in table.columns
            }
            connection.execute(sa.insert(table), row)
            connection.execute(sa.update(table).values(row))
            assert connection.execute(sa.select(table)).one()._asdict() == row
            connection.execute(sa.delete(table))


def test_there_is_a_revision_to_try() -> None:
    assert REVISED


@pytest.mark.parametrize(
    ("schema", "number"), REVISED, ids=[f"{schema.name} {number:04}" for schema, number in REVISED]
)
def test_the_version_before_works_with_the_tables_of_a_revision(schema: Schema, number: int) -> None:
    work_as_the_version_before(schema, number)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE notes RENAME COLUMN text TO body",
        "ALTER TABLE notes RENAME TO comments",
        "CREATE TRIGGER author BEFORE INSERT ON notes BEGIN SELECT RAISE(ABORT, 'an author is required'); END",
    ],
)
def test_a_revision_that_breaks_the_version_before_is_noticed(revisions: Path, change: str) -> None:
    schema = notebook(OLD, 2, revisions)
    (revisions / "first.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\nrevision, down_revision = '0001', None\n\n"
        "def upgrade():\n    op.create_table('notes', sa.Column('text', sa.String(20), primary_key=True))\n"
    )
    work_as_the_version_before(schema, 2)
    second = (revisions / "second.py").read_text().partition("def upgrade")[0]
    (revisions / "second.py").write_text(f"{second}def upgrade():\n    op.execute({change!r})\n")
    with pytest.raises(sa.exc.DBAPIError):
        work_as_the_version_before(schema, 2)


def test_components_can_share_a_database() -> None:
    assert len({schema.revision_table for schema in SCHEMAS}) == len(SCHEMAS)
    tables = [name for schema in SCHEMAS for name in schema.tables.tables]
    assert len(set(tables)) == len(tables)


def test_an_older_file_is_upgraded_when_it_is_opened_and_keeps_its_rows(url: str, revisions: Path) -> None:
    before = Database(url, notebook(OLD))
    with before.transaction() as connection:
        connection.execute(sa.text("INSERT INTO notes VALUES ('kept')"))
    after = Database(url, notebook(NEW, 2, revisions))
    assert list(after.rows(sa.select(NOTES))) == [("kept", None)]
    # The older program works with the next schema.
    assert list(before.rows(sa.text("SELECT text FROM notes"))) == [("kept",)]  # type: ignore[arg-type]
    Database(url, notebook(OLD)).close()
    before.close()
    after.close()


def test_tables_of_before_there_were_revisions_are_upgraded_too(url: str, revisions: Path) -> None:
    engine = sa.create_engine(url)
    OLD.create_all(engine)
    database = Database(url, notebook(NEW, 2, revisions))
    assert list(database.rows(sa.select(NOTES))) == []
    database.close()


def test_a_file_of_a_much_newer_program_is_refused_and_not_changed(url: str) -> None:
    Database(url, notebook(OLD)).close()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE notebook_schema SET version_num = '0003'"))
    with pytest.raises(StorageError, match="has the schema 0003, and this version of the program knows 0001"):
        Database(url, notebook(OLD))
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE notebook_schema SET version_num = '0002'"))
    Database(url, notebook(OLD)).close()
