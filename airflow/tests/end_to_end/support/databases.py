"""A PostgreSQL server with a database for each part of the platform."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tests.support.servers.postgresql import running_postgresql


@contextmanager
def running_databases(*names: str) -> Iterator[dict[str, str]]:
    """SQLAlchemy URL of each database, for the driver psycopg; all are empty."""
    with running_postgresql(upgraded=False) as server_url:
        server = sa.make_url(server_url)
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in names:
                connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
        engine.dispose()
        yield {name: server.set(database=name).render_as_string(hide_password=False) for name in names}
