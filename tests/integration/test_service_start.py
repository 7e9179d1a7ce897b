"""In production only a promoted model answers; elsewhere the model trained last does."""

from pathlib import Path

import pytest

from credit_scoring.api import server
from credit_scoring.core.errors import MissingArtefactError, ModelNotFoundError
from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.registry import ModelRegistry
from tests.support.servers.processes import free_port


class _Started(Exception):
    """Raised where the server would start."""


def _start(settings: Settings, environment: str) -> None:
    def announced() -> None:
        raise _Started

    server.run(settings.with_values(environment=environment, api={"port": free_port()}), announced)


def test_a_model_that_was_not_promoted_does_not_answer_in_production(trained_copy: Settings) -> None:
    with pytest.raises(ModelNotFoundError, match="was promoted to production"):
        _start(trained_copy, "production")
    for environment in ("dev", "staging"):
        with pytest.raises(_Started):
            _start(trained_copy, environment)
    ModelRegistry(trained_copy).put_into_production(1)
    with pytest.raises(_Started):
        _start(trained_copy, "production")


def test_a_missing_store_file_is_not_created(trained_copy: Settings, tmp_path: Path) -> None:
    file = trained_copy.data_directory / "databases" / "online_store.db"
    file.rename(tmp_path / file.name)
    with pytest.raises(MissingArtefactError, match="There is no online store at"):
        _start(trained_copy, "dev")
    assert not file.exists()
