"""`credit-scoring database`: the schemas of the program's own tables on PostgreSQL."""

from collections.abc import Iterator

import typer

from credit_scoring.api.security import keys
from credit_scoring.cli.options import start
from credit_scoring.core.database import Database, upgrade_schema
from credit_scoring.core.schema import Schema
from credit_scoring.core.settings import Settings
from credit_scoring.core.urls import without_credentials
from credit_scoring.decisions import sql_tables
from credit_scoring.feature_store import online
from credit_scoring.governance import drift_history

app = typer.Typer(help="Upgrade and check the schemas of the program's databases.", no_args_is_help=True)

SCHEMAS: tuple[Schema, ...] = (sql_tables.SCHEMA, online.SCHEMA, keys.SCHEMA, drift_history.SCHEMA)


@app.command()
def upgrade() -> None:
    """Create or upgrade the tables on PostgreSQL; SQLite files are upgraded when they are opened.

    Upgrade the databases before the services: every version works with its own schema and with the next one.
    """
    settings = start()
    for schema in SCHEMAS:
        url = schema.url(settings)
        if url.startswith("sqlite"):
            typer.echo(f"{schema.purpose}: {without_credentials(url)} is upgraded when it is opened.")
            continue
        before, after = upgrade_schema(url, schema)
        done = "created" if before is None else "unchanged" if before == after else f"upgraded from {before:04}"
        typer.echo(f"{schema.purpose}: schema {after:04} of {without_credentials(url)}, {done}.")


@app.command()
def check() -> None:
    """Check that this version of the program can work with every database on PostgreSQL; exit code 7 if it cannot."""
    for purpose, location in checked_schemas(start()):
        typer.echo(f"{purpose}: the schema of {location} fits.")


def checked_schemas(settings: Settings) -> Iterator[tuple[str, str]]:
    """Purpose and location of each database on PostgreSQL; raises StorageError at one whose schema does not fit."""
    for schema in SCHEMAS:
        url = schema.url(settings)
        if not url.startswith("sqlite"):
            Database(url, schema).close()
            yield schema.purpose, without_credentials(url)
