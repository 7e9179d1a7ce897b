"""Arguments of MLflow's own server."""

import os
import tempfile
from pathlib import Path

import sqlalchemy as sa
from mlflow.environment_variables import MLFLOW_CONFIGURE_LOGGING
from sqlalchemy.exc import SQLAlchemyError

from credit_scoring.core.database import require_answer
from credit_scoring.core.errors import StorageError
from credit_scoring.core.logs import writes_json
from credit_scoring.core.settings import Settings
from credit_scoring.core.urls import without_credentials


def server_arguments(uri: str, artefacts: Path | None) -> list[str]:
    """Arguments of `mlflow server` without any password: other users of the machine see them.

    Args:
        uri: tracking database.
        artefacts: folder of the files that other programs log through the server; None for an interface alone.
    """
    arguments = ["--backend-store-uri", with_password_file(uri)]
    if artefacts is not None:
        arguments += ["--serve-artifacts", "--artifacts-destination", str(artefacts.absolute()), "--workers", "1"]
    return arguments


def log_options(settings: Settings) -> list[str]:
    """Options that give the lines of the server the shape of ours."""
    if not writes_json(settings):
        return []
    MLFLOW_CONFIGURE_LOGGING.set(False)
    return ["--uvicorn-opts", f"--log-config={Path(__file__).with_name('tracking_server_logs.json')}"]


def with_password_file(uri: str) -> str:
    """The URL of a PostgreSQL with its password in a file that libpq reads, of this user alone; others unchanged."""
    url = sa.make_url(uri)
    if url.password is None or not url.drivername.startswith("postgresql"):
        return uri
    descriptor, file = tempfile.mkstemp(prefix="credit-scoring-tracking-")
    escaped = str(url.password).replace("\\", "\\\\").replace(":", "\\:")
    with os.fdopen(descriptor, "w") as stream:
        stream.write(f"*:*:*:*:{escaped}\n")
    # Given None, `url.set` keeps the password.
    bare = sa.URL.create(url.drivername, url.username, None, url.host, url.port, url.database, url.query)
    return bare.update_query_dict({"passfile": file}).render_as_string(hide_password=False)


def is_empty(uri: str) -> bool:
    """Whether a tracking database has no tables; MLflow cannot upgrade nothing.

    Raises:
        StorageError: it cannot be read.
    """
    engine = sa.create_engine(uri, poolclass=sa.NullPool)
    try:
        return not sa.inspect(engine).has_table("alembic_version")
    except SQLAlchemyError as error:
        raise _does_not_answer(uri, error) from error


def require_tracking_database(uri: str) -> None:
    """Raises StorageError if a PostgreSQL does not answer; MLflow would try it for two minutes."""
    if not uri.startswith("postgresql"):
        return
    try:
        require_answer(uri)
    except (SQLAlchemyError, ImportError) as error:
        raise _does_not_answer(uri, error) from error


def _does_not_answer(uri: str, error: Exception) -> StorageError:
    reason = without_credentials(str(error).splitlines()[0])
    return StorageError(
        f"The tracking database {without_credentials(uri)} does not answer ({reason}).",
        "Check CREDIT_REGISTRY_TRACKING_URI, and that its database is running; then try again.",
    )
