"""What MLflow's server is started with."""

import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from credit_scoring.core.errors import StorageError
from credit_scoring.model_registry.tracking_server import is_empty, require_tracking_database, server_arguments

URL = "postgresql+psycopg://mlflow:a%3Ab%5Cc@db:5433/mlflow?sslmode=require"  # pragma: allowlist secret


def test_the_password_is_in_a_file_of_this_user_alone_and_not_in_the_arguments() -> None:
    arguments = server_arguments(URL, None)
    url = sa.make_url(arguments[1])
    assert (url.password, url.host, url.port, url.query["sslmode"]) == (None, "db", 5433, "require")
    file = Path(str(url.query["passfile"]))
    assert file.read_text() == "*:*:*:*:a\\:b\\\\c\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()


def test_a_url_without_password_is_unchanged_and_artefacts_go_through_the_server() -> None:
    arguments = server_arguments("sqlite:///runs.db", Path("/state/artifacts"))
    assert arguments[:2] == ["--backend-store-uri", "sqlite:///runs.db"]
    assert arguments[2:5] == ["--serve-artifacts", "--artifacts-destination", "/state/artifacts"]


def test_a_tracking_database_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(StorageError, match=r"mlflow:\*\*\*@127\.0\.0\.1:1/mlflow does not answer"):
        require_tracking_database("postgresql+psycopg://mlflow:secret@127.0.0.1:1/mlflow")  # pragma: allowlist secret


def test_a_tracking_database_without_tables_is_empty(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mlflow.db'}"
    assert is_empty(url)
    with sa.create_engine(url).begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num TEXT)"))
    assert not is_empty(url)
