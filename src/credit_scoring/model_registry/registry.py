"""Register Scorers and load them again by alias, through MLflow."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from sqlalchemy.exc import SQLAlchemyError

from credit_scoring.core.addresses import without_password
from credit_scoring.core.errors import ModelNotFoundError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.scoring.scorer import Scorer, load_scorer

# Creating the tracking database is no news for whoever runs a step.
logging.getLogger("mlflow").setLevel(logging.WARNING)

SCORER_ARTEFACT = "scorer"
_FINGERPRINT_TAG = "fingerprint"
# An unknown model has the first code, an unknown alias of a known one the second.
_NOT_FOUND = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")


@dataclass(frozen=True)
class RegisteredScorer:
    """A Scorer and where it stands in the registry.

    Attributes:
        name, version: what identifies it; together they never change their meaning.
    """

    scorer: Scorer
    name: str
    version: int


class ModelRegistry:
    """The versions of one registered model.

    Raises:
        StorageError: the tracking server does not answer.
    """

    def __init__(self, settings: Settings) -> None:
        self.tracking_uri = Storage.of(settings).database_url(settings.tracking_uri, "mlflow")
        self._name = settings.model_name
        with self._clear_errors():
            self._client = MlflowClient(tracking_uri=self.tracking_uri, registry_uri=self.tracking_uri)

    def find(self, fingerprint: str) -> ModelVersion | None:
        """The version that an earlier run registered for the same training step, if any."""
        query = f"name = '{self._name}' and tags.{_FINGERPRINT_TAG} = '{fingerprint}'"
        with self._clear_errors():
            found = self._client.search_model_versions(query)
        return found[0] if found else None

    def register(self, run_id: str, fingerprint: str, alias: str, tags: dict[str, str]) -> int:
        """Make the Scorer logged by a run the next version, and point an alias to it.

        Registering the same fingerprint again, after a run that was killed, finds the version that is there.
        """
        version = self.find(fingerprint)
        with self._clear_errors():
            if version is None:
                if not self._client.search_registered_models(f"name = '{self._name}'"):
                    self._client.create_registered_model(self._name)
                source = f"{self._client.get_run(run_id).info.artifact_uri}/{SCORER_ARTEFACT}"
                version = self._client.create_model_version(
                    self._name, source, run_id, tags=tags | {_FINGERPRINT_TAG: fingerprint}
                )
            self._client.set_registered_model_alias(self._name, alias, version.version)
        return int(version.version)

    def load(self, alias: str) -> RegisteredScorer:
        """The Scorer an alias points to.

        Raises:
            ModelNotFoundError: no version has that alias.
            StorageError: its files are missing or damaged.
        """
        return self._loaded(self._version_of(alias))

    def load_version(self, number: int) -> RegisteredScorer:
        """The Scorer of one version; raises like ``load``."""
        with self._clear_errors():
            try:
                version = self._client.get_model_version(self._name, str(number))
            except MlflowException as error:
                if error.error_code not in _NOT_FOUND:
                    raise
                raise ModelNotFoundError(
                    f"The registry {without_password(self.tracking_uri)} holds no version {number} of {self._name}.",
                    "Restore the registry from a backup; a version that decided must be kept.",
                ) from error
        return self._loaded(version)

    def _loaded(self, version: ModelVersion) -> RegisteredScorer:
        try:
            folder = mlflow.artifacts.download_artifacts(
                artifact_uri=version.source, tracking_uri=self.tracking_uri
            )
        except (MlflowException, OSError) as error:
            raise StorageError(
                f"The files of {self._name} version {version.version} are not at {version.source} ({error}).",
                "Run `credit-scoring train --force`, or choose another model version.",
            ) from error
        return RegisteredScorer(load_scorer(Path(folder)), self._name, int(version.version))

    def _version_of(self, alias: str) -> ModelVersion:
        with self._clear_errors():
            try:
                return self._client.get_model_version_by_alias(self._name, alias)
            except MlflowException as error:
                if error.error_code not in _NOT_FOUND:
                    raise
                raise ModelNotFoundError(
                    f"The registry {without_password(self.tracking_uri)} holds no version of {self._name} "
                    f"with the alias {alias!r}.",
                    "Run `credit-scoring train`, or set CREDIT_MODEL_ALIAS to an alias that exists.",
                ) from error

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except (MlflowException, SQLAlchemyError) as error:
            reason = str(error).splitlines()[0]
            raise StorageError(
                without_password(f"The model registry {self.tracking_uri} does not answer ({reason})."),
                "Check CREDIT_TRACKING_URI, and that the server or database behind it runs.",
            ) from error
