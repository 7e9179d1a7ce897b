"""What every test gets: no settings of the machine it runs on, and one thread per library."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog

from credit_scoring.core.settings import PREFIX, Settings, load_settings

# Read when LightGBM is loaded, after this file: on a few hundred rows its threads mostly wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A machine that is busy with something else must not fail a test.
hypothesis.settings.register_profile("without a deadline", deadline=None)
hypothesis.settings.load_profile("without a deadline")


@pytest.fixture(autouse=True)
def untouched_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No CREDIT_ variable, .env file, cached settings or run id from outside the test."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    load_settings.cache_clear()
    structlog.contextvars.clear_contextvars()
    yield
    load_settings.cache_clear()
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation of its own, in an empty data folder."""
    return Settings(data_directory=tmp_path / "data", bucket_count=2, fold_count=3)
