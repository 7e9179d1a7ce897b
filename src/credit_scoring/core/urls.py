"""URLs of databases and servers: the supported forms, and removing passwords from text."""

import os.path
import re
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

_DATABASE_FORMS = "sqlite:///PATH, postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE"  # pragma: allowlist secret
_TRACKING_FORMS = f"http://HOST:PORT, https://HOST, {_DATABASE_FORMS}"
_DRIVERS = ("sqlite", "postgresql", "postgresql+psycopg")
_SERVER_SCHEMES = ("http", "https")


def database_url(value: str) -> str:
    """The SQLAlchemy URL unchanged, if its form is supported; an empty one means SQLite in the data folder.

    Raises:
        ValueError: the form is not supported; the message lists the supported ones.
    """
    if value and not _is_database(value):
        raise ValueError(f"is not a database URL; leave it empty or use one of {_DATABASE_FORMS}")
    return value


def tracking_url(value: str) -> str:
    """The URL of an MLflow server or of a tracking database, unchanged; empty as in `database_url`.

    Raises:
        ValueError: the form is not supported; the message lists the supported ones.
    """
    if value and not (is_server(value) or _is_database(value)):
        raise ValueError(f"is not a URL that MLflow can track to; leave it empty or use one of {_TRACKING_FORMS}")
    return value


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for any other URL."""
    if not url.startswith("sqlite:"):
        return None
    database = sa.make_url(url).database
    return Path(database) if database and database != ":memory:" else None


def missing_file(url: str) -> Path | None:
    """The file of a SQLite database if it does not exist; None for any other URL. Readers must not create it."""
    file = sqlite_file(url)
    return None if file is None or os.path.exists(file) else file


def location_of(url: str) -> str:
    """Where a database or server is, as a person reads it: a path, or the URL without credentials."""
    return str(sqlite_file(url) or without_credentials(url))


def without_credentials(text: str) -> str:
    """A text without the passwords and queries of the URLs in it: libraries repeat URLs in their own messages.

    A query may hold user and password too. In a malformed URL everything up to the last @ counts as a password.
    """
    masked = re.sub(r"((?:^(?!\S*://)|//)[^/:\s]*):\S*@", r"\1:***@", text)
    return re.sub(r"(\w+://[^\s?]*)\?[^\s'\")]*", r"\1", masked)


def _is_database(value: str) -> bool:
    try:
        url = sa.make_url(value)
    except (sa.exc.ArgumentError, ValueError):
        return False
    return url.drivername in _DRIVERS and bool(url.database)


def is_server(value: str) -> bool:
    """Whether a text is the address of an HTTP server."""
    try:
        parts = urlsplit(value)
        return parts.scheme in _SERVER_SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
