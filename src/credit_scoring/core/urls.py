"""Addresses of databases and servers: which forms are allowed, and how one is shown without its password."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

_DATABASE_FORMS = (
    "sqlite:///PATH, postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE"  # pragma: allowlist secret
)
_TRACKING_FORMS = f"http://HOST:PORT, https://HOST, {_DATABASE_FORMS}"
_DRIVERS = ("sqlite", "postgresql", "postgresql+psycopg")
_SCHEMES_OF_SERVERS = ("http", "https")


def database_address(value: str) -> str:
    """The SQLAlchemy URL, if it is of a form this program supports; an empty one stands for SQLite in the data folder.

    Raises:
        ValueError: it is of no such form; the message lists them.
    """
    if value and not _is_database(value):
        raise ValueError(f"is no address of a database; leave it empty or use one of {_DATABASE_FORMS}")
    return value


def tracking_address(value: str) -> str:
    """The address of an MLflow server, or of the database to track in; empty like ``database_address``.

    Raises:
        ValueError: it is of no such form; the message lists them.
    """
    if value and not (_is_server(value) or _is_database(value)):
        raise ValueError(f"is no address MLflow can track to; leave it empty or use one of {_TRACKING_FORMS}")
    return value


def sqlite_file(address: str) -> Path | None:
    """The file of an SQLite database; None for any other address."""
    if not address.startswith("sqlite:"):
        return None
    database = sa.make_url(address).database
    return Path(database) if database and database != ":memory:" else None


def without_password(text: str) -> str:
    """A text with the password of every address in it hidden.

    Libraries repeat the address they were given in their own messages, so whole texts are cleaned.
    """
    return re.sub(r"((?:^(?!\S*://)|//)[^/:\s]*):\S*@", r"\1:***@", text)


def _is_database(value: str) -> bool:
    try:
        url = sa.make_url(value)
    except (sa.exc.ArgumentError, ValueError):
        return False
    return url.drivername in _DRIVERS and bool(url.database)


def _is_server(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in _SCHEMES_OF_SERVERS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
