"""What the whole floor shares: a small trained installation, an empty tracking database, and servers."""

import shutil
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mlflow.tracking._tracking_service import utils as mlflow_tracking

from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.connection import RegistryConnection
from tests.support.audits import report_a_passed_audit
from tests.support.installations import trained_installation
from tests.support.servers.postgresql import PostgresqlServer, postgresql_server, running_postgresql


class _NothingKept(OrderedDict[str, Any]):
    """A cache that stays empty."""

    def __setitem__(self, key: str, value: Any) -> None:
        pass


@pytest.fixture(scope="session", autouse=True)
def runs_are_looked_up_each_time() -> Iterator[None]:
    """Keep MLflow from remembering where the files of a run lie.

    It remembers them by the run's identifier for the whole process; the runs of a copied installation have the same
    identifiers, and their files would be written to the original.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mlflow_tracking, "_artifact_repos_cache", _NothingKept())
        yield


@pytest.fixture(scope="session")
def tracking_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder with an empty tracking database; creating its tables takes MLflow seconds."""
    folder = tmp_path_factory.mktemp("tracking")
    RegistryConnection(Settings(data_directory=folder), may_create=True)
    return folder


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, tracking_template: Path) -> Settings:
    """An installation with a published feature version and a registered, audited Scorer; tests only add to it."""
    settings = trained_installation(tmp_path_factory.mktemp("trained") / "data", tracking_template)
    report_a_passed_audit(settings)
    return settings


@pytest.fixture
def trained_copy(trained: Settings, settings: Settings) -> Settings:
    """A trained installation of its own, which a test may change."""
    shutil.copytree(trained.data_directory, settings.data_directory)
    return settings


@pytest.fixture
def with_tracking(settings: Settings, tracking_template: Path) -> Iterator[Settings]:
    """An empty installation that already has its tracking database."""
    shutil.copytree(tracking_template, settings.data_directory)
    yield settings


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL server, started for this session."""
    with running_postgresql() as url:
        yield url


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresqlServer]:
    """A PostgreSQL server of one test file, which its tests may stop and start."""
    with postgresql_server() as started:
        yield started
