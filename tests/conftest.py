"""What every test gets: no settings of the machine it runs on, and one thread per library; what many ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog
from xdist.scheduler import LoadFileScheduling

from credit_scoring.core.settings import PREFIX, Settings, load_settings, unchanged_environment
from credit_scoring.core.settings.defaults import TrainingSettings, TuningSettings
from tests.support.factories import raw_tables, write_source

# Read when LightGBM is loaded, after this file: on a few hundred rows its threads mostly wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A machine that is busy with something else must not fail a test.
hypothesis.settings.register_profile("without a deadline", deadline=None)
hypothesis.settings.load_profile("without a deadline")


FLOOR_OF_ONE_INSTALLATION = "tests/e2e/"


# The library has no annotations.
class _FilesTogether(LoadFileScheduling):  # type: ignore[misc]
    """Tests of a file share a worker; those that share the installation of the e2e floor too: it takes a minute."""

    def _split_scope(self, nodeid: str) -> str:
        return (
            FLOOR_OF_ONE_INSTALLATION if nodeid.startswith(FLOOR_OF_ONE_INSTALLATION) else super()._split_scope(nodeid)
        )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    """How tests are distributed where `--dist=loadfile` asks for it."""
    return _FilesTogether(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session", autouse=True)
def _untouched_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No CREDIT_ variable and no .env file from outside the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            patch.delenv(name)
        patch.chdir(tmp_path_factory.mktemp("somewhere"))
        yield


@pytest.fixture(autouse=True)
def _untouched_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A working folder of its own, and no settings, run id or environment variable from another test."""
    monkeypatch.chdir(tmp_path)
    load_settings.cache_clear()
    structlog.contextvars.clear_contextvars()
    with unchanged_environment():
        yield
    load_settings.cache_clear()
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation of its own, in an empty data folder."""
    return Settings(
        data_directory=tmp_path / "data",
        bucket_count=2,
        training=TrainingSettings(fold_count=3, families=("lightgbm",)),
        tuning=TuningSettings(trials=0),
    )


@pytest.fixture
def tiny_source(tmp_path: Path) -> Path:
    """A folder with the eight CSV files of twelve clients, which break no rule."""
    return write_source(tmp_path / "source", raw_tables())
