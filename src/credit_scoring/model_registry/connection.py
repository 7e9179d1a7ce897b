"""The way to the tracking server: one client, with clear errors, and no waiting for minutes when it is away."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts
from mlflow.environment_variables import (
    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR,
    MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES,
    MLFLOW_HTTP_REQUEST_TIMEOUT,
    MLFLOW_SQLALCHEMYSTORE_POOLCLASS,
    MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT,
)
from mlflow.exceptions import MlflowException
from sqlalchemy.exc import SQLAlchemyError

from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.core.urls import sqlite_file, without_password

# Creating the tracking database is no news for whoever runs a step.
logging.getLogger("mlflow").setLevel(logging.WARNING)

Found = TypeVar("Found")
# An unknown model has the first code, an unknown alias of a known one the second.
_NOT_FOUND = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
_QUIET_AND_IMPATIENT = {
    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: False,
    MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT: True,
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: 3,
    MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: 1,
    MLFLOW_HTTP_REQUEST_TIMEOUT: 30,
}
"""MLflow's own settings, where the user did not choose: it would ask a server that is away for four minutes."""


class RegistryConnection:
    """A client of the tracking server or database that the settings name.

    Attributes:
        uri: address of the tracking server and registry.
        model_name: the registered model whose versions are meant.

    Raises:
        StorageError: it does not answer.
    """

    def __init__(self, settings: Settings) -> None:
        for variable, value in _QUIET_AND_IMPATIENT.items():
            if not variable.is_set():
                variable.set(value)
        self.uri = Storage.of(settings).database_url(settings.registry.tracking_uri, "mlflow")
        if sqlite_file(self.uri) is not None and not MLFLOW_SQLALCHEMYSTORE_POOLCLASS.is_set():
            # A connection that is kept reads a file that was replaced, by a backup say, for ever.
            MLFLOW_SQLALCHEMYSTORE_POOLCLASS.set("NullPool")
        self.model_name = settings.registry.model_name
        with self.clear_errors():
            self.client = MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)

    @contextmanager
    def clear_errors(self) -> Iterator[None]:
        """Turn what MLflow says in a block into a StorageError that says what to do.

        Raises:
            StorageError: the server or database does not answer, or refuses.
        """
        try:
            yield
        except (MlflowException, SQLAlchemyError, OSError) as error:
            reason = (str(error) or type(error).__name__).splitlines()[0]
            raise StorageError(
                without_password(f"The model registry {self.uri} does not answer ({reason})."),
                "Check CREDIT_REGISTRY_TRACKING_URI, and that the server or database behind it runs; then try again.",
            ) from error

    def found(self, ask: Callable[[], Found]) -> Found | None:
        """What a question is answered; None where the registry holds no such thing.

        Raises:
            StorageError: like ``clear_errors``.
        """
        with self.clear_errors():
            try:
                return ask()
            except MlflowException as error:
                if error.error_code not in _NOT_FOUND:
                    raise
                return None

    def local_copy(self, **artefact: str) -> Path:
        """Files that a run logged, on this machine.

        Args:
            artefact: ``artifact_uri``, or ``run_id`` and ``artifact_path``.

        Raises:
            StorageError: they cannot be had.
        """
        with self.clear_errors():
            return Path(download_artifacts(**artefact, tracking_uri=self.uri))
