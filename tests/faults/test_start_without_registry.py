"""A service starts with the model that it served last while the registry is away."""

import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.model_registry import served_copy
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer


class RegistryAway(ModelRegistry):
    """The same registry, which does not answer."""

    def load(self, alias: str) -> RegisteredScorer:
        """Fail."""
        raise StorageError("The model registry does not answer.", "Start it.")

    def require_promoted(self, alias: str) -> None:
        """Fail."""
        self.load(alias)


def test_a_service_starts_while_the_registry_is_away_with_the_promoted_model_it_served_last(
    trained_copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if the registry were not a file beside the service.
    monkeypatch.setattr(served_copy, "sqlite_file", lambda uri: None)
    staging = trained_copy.with_values(environment="staging")
    production = trained_copy.with_values(environment="production")
    with pytest.raises(StorageError, match="does not answer"):
        served_copy.load_to_serve(staging, RegistryAway(staging))
    served = served_copy.load_to_serve(staging, ModelRegistry(staging))
    again = served_copy.load_to_serve(staging, RegistryAway(staging))
    assert (again.version, again.scorer.description) == (served.version, served.scorer.description)
    for other in (production, staging.with_values(registry={"model_alias": "challenger"})):
        with pytest.raises(StorageError, match="does not answer"):
            served_copy.load_to_serve(other, RegistryAway(other))

    ModelRegistry(production).put_into_production(served.version)
    served_copy.load_to_serve(production, ModelRegistry(production))
    assert served_copy.load_to_serve(production, RegistryAway(production)).version == served.version


def test_a_service_starts_although_the_copy_of_its_model_cannot_be_written(
    trained_copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served_copy, "sqlite_file", lambda uri: None)
    Storage.of(trained_copy).served_model().write_text("not a folder")
    staging = trained_copy.with_values(environment="staging")
    assert served_copy.load_to_serve(staging, ModelRegistry(staging)).version == 1
    assert Storage.of(trained_copy).served_model().read_text() == "not a folder"
