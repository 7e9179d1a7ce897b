"""The connection to the MLflow tracking server, with clear errors and short timeouts."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from mlflow import MlflowClient, environment_variables
from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException
from sqlalchemy.exc import SQLAlchemyError

from credit_scoring.core.database import require_answer
from credit_scoring.core.database_file import make_folder_of
from credit_scoring.core.errors import ModelNotFoundError, StorageError
from credit_scoring.core.logs import forward_logs_of
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.core.urls import missing_file, sqlite_file, without_credentials
from credit_scoring.model_registry.relocation import correct_addresses, relocated

# MLflow logs each migration of a new tracking database, and each error of a database with its traceback.
logging.getLogger("mlflow").setLevel(logging.WARNING)
forward_logs_of("mlflow")

Result = TypeVar("Result")
# An unknown model has the first code, an unknown alias of a known model the second.
_NOT_FOUND = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
_MLFLOW_DEFAULTS = {
    environment_variables.MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: False,
    environment_variables.MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: True,
    environment_variables.MLFLOW_HTTP_REQUEST_MAX_RETRIES: 3,
    environment_variables.MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: 1,
    environment_variables.MLFLOW_HTTP_REQUEST_TIMEOUT: 30,
}
"""Applied where the user set nothing: MLflow's own values retry an unreachable server for four minutes."""
_MLFLOW_DEFAULTS_OF_SERVICES = {
    environment_variables.MLFLOW_HTTP_REQUEST_MAX_RETRIES: 1,
    environment_variables.MLFLOW_HTTP_REQUEST_TIMEOUT: 4,
}


def require_registry(uri: str) -> None:
    """Raises ModelNotFoundError if the registry's SQLite file is missing; MLflow would create an empty one."""
    if file := missing_file(uri):
        raise ModelNotFoundError(
            f"There is no model registry at {file}.",
            "Check CREDIT_DATA_DIRECTORY, or run `credit-scoring train`. If there was a registry, restore its file "
            "first: training starts again at version 1.",
        )


class RegistryConnection:
    """A client of the configured tracking server or database.

    Args:
        may_create: whether a missing SQLite file is created, as training does.

    Attributes:
        uri: address of the tracking server and registry.
        model_name: the registered model.

    Raises:
        ModelNotFoundError: the SQLite file is missing.
        StorageError: the server or database does not respond.
    """

    def __init__(self, settings: Settings, may_create: bool = False) -> None:
        _set_unless_set(_MLFLOW_DEFAULTS)
        storage = Storage.of(settings)
        self.uri = storage.database_url(settings.registry.tracking_uri, "mlflow")
        self._artefacts = storage.tracking_artefacts()
        file = sqlite_file(self.uri)
        if file is not None and may_create:
            make_folder_of(file)
        else:
            require_registry(self.uri)
        if file is not None and file.exists() and os.access(file, os.W_OK) and os.access(file.parent, os.W_OK):
            with self.clear_errors():
                correct_addresses(file, self._artefacts)
        if file is not None and not environment_variables.MLFLOW_SQLALCHEMYSTORE_POOLCLASS.is_set():
            # A pooled connection keeps reading a file that was replaced, for example by a backup.
            environment_variables.MLFLOW_SQLALCHEMYSTORE_POOLCLASS.set("NullPool")
        self.model_name = settings.registry.model_name
        with self.clear_errors():
            if self.uri.startswith("postgresql"):
                # MLflow would try an unreachable database ten times, for two minutes.
                require_answer(self.uri)
            self.client = MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)

    @contextmanager
    def clear_errors(self) -> Iterator[None]:
        """Turn MLflow's errors in a block into a StorageError that names the next step.

        Raises:
            StorageError: the server or database does not respond, or rejects the request.
        """
        try:
            yield
        except (MlflowException, SQLAlchemyError, OSError) as error:
            reason = (str(error) or type(error).__name__).splitlines()[0]
            raise StorageError(
                without_credentials(f"The model registry {self.uri} does not answer ({reason})."),
                "Check CREDIT_REGISTRY_TRACKING_URI, and that its server or database is running; then try again.",
            ) from error

    def found(self, query: Callable[[], Result]) -> Result | None:
        """The result of a query; None if the registry has no such entity.

        Raises:
            StorageError: see ``clear_errors``.
        """
        with self.clear_errors():
            try:
                return query()
            except MlflowException as error:
                if error.error_code not in _NOT_FOUND:
                    raise
                return None

    def local_copy(self, **artefact: str) -> Path:
        """Download files that a run logged, by ``artifact_uri`` or by ``run_id`` and ``artifact_path``.

        Files on this machine are used where they are.

        Raises:
            StorageError: they cannot be downloaded.
        """
        with self.clear_errors():
            if "run_id" in artefact:
                folder = self.client.get_run(artefact["run_id"]).info.artifact_uri
                artefact = {"artifact_uri": f"{folder}/{artefact['artifact_path']}"}
            address = relocated(artefact["artifact_uri"], self._artefacts)
            return Path(download_artifacts(artifact_uri=address, tracking_uri=self.uri))


def shorten_waits() -> None:
    """For a service: give up on a silent tracking server after 8 s. Called before the first connection."""
    _set_unless_set(_MLFLOW_DEFAULTS_OF_SERVICES)


def _set_unless_set(values: Mapping[Any, object]) -> None:
    for variable, value in values.items():
        if not variable.is_set():
            variable.set(value)
