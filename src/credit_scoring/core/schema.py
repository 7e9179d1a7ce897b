"""Schemas of our own databases: Alembic revisions, numbered from 0001, with a table of its own for each component.

A new database gets the newest tables at once; an older one is upgraded revision by revision. A program works with the
schema of its version and with the next one, so that a database can be upgraded before the services are.
"""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import sqlalchemy as sa

from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage

_SCRIPTS = Path(__file__).parent / "migrations"
_FIRST = 1
# Alembic keeps what it works on in a global object.
_UPGRADING = Lock()


@dataclass(frozen=True)
class Schema:
    """The tables of one component, and where they are.

    Attributes:
        name: such as "ledger".
        purpose: what the database is for, as errors name it ("decision ledger").
        setting: settings field that holds the URL.
        file: name of the SQLite file in the data folder if there is no URL.
        tables: as this version of the program uses them.
        revisions: folder of the Alembic revisions.
        newest: number of the newest revision.
    """

    name: str
    purpose: str
    setting: str
    file: str
    tables: sa.MetaData
    revisions: Path
    newest: int = _FIRST

    def url(self, settings: Settings) -> str:
        """SQLAlchemy URL of the database."""
        group, field = self.setting.split(".")
        return Storage.of(settings).database_url(getattr(getattr(settings, group), field), self.file)

    @property
    def revision_table(self) -> str:
        """Name of the table that records the revision."""
        return f"{self.name}_schema"

    def recorded(self, connection: sa.Connection) -> int | None:
        """The revision that a database has; None if it records none."""
        if not sa.inspect(connection).has_table(self.revision_table):
            return None
        number = connection.execute(sa.select(self._revision.c.version_num)).scalar()
        return None if number is None else int(number)

    def problem_of(self, recorded: int | None) -> str | None:
        """Why this program cannot work with a database; None if it can."""
        if recorded is None:
            return "has no schema"
        if recorded < self.newest:
            return f"has the schema {recorded:04}, and this version of the program needs {self.newest:04}"
        if recorded > self.newest + 1:
            return f"has the schema {recorded:04}, and this version of the program knows {self.newest:04} and the next"
        return None

    def upgrade(self, connection: sa.Connection) -> None:
        """Create missing tables, or upgrade those of an older version; a newer schema is left alone."""
        recorded = self.recorded(connection)
        if recorded is None:
            existing = set(sa.inspect(connection).get_table_names()) & set(self.tables.tables)
            self.tables.create_all(connection)
            # Before there were revisions, tables were created without recording one.
            recorded = _FIRST if existing else self.newest
            self._revision.create(connection)
            connection.execute(sa.insert(self._revision), {"version_num": f"{recorded:04}"})
        if recorded < self.newest:
            self._migrate(connection)

    @property
    def _revision(self) -> sa.Table:
        """As Alembic declares it."""
        return sa.Table(self.revision_table, sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True))

    def _migrate(self, connection: sa.Connection) -> None:
        from alembic import command  # slow to import, and rarely needed
        from alembic.config import Config

        config = Config(attributes={"connection": connection, "schema": self})
        config.set_main_option("path_separator", "newline")
        for option, folder in (("script_location", _SCRIPTS), ("version_locations", self.revisions)):
            config.set_main_option(option, str(folder).replace("%", "%%"))
        with _UPGRADING:
            command.upgrade(config, f"{self.newest:04}")
