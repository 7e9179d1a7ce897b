"""`make serve-mlflow`: the registered model behind MLflow's own server, without the prediction service.

It serves the version that every command uses: that of CREDIT_REGISTRY_MODEL_ALIAS, by default `production`, or the one
in staging as long as none was promoted.
"""

import os
import sys

from credit_scoring.core.errors import CreditScoringError, SettingsError
from credit_scoring.core.settings import Settings, load_settings
from credit_scoring.model_registry.registry import ModelRegistry

MAXIMUM_PORT = 65_535


def port_of(value: str) -> int:
    """The port that a text names.

    Raises:
        SettingsError: it names none.
    """
    if not value.isdecimal() or not 0 < int(value) <= MAXIMUM_PORT:
        raise SettingsError(f"PORT={value} is no port.", f"Set a number from 1 to {MAXIMUM_PORT}.")
    return int(value)


def model_server(settings: Settings, port: int) -> tuple[list[str], dict[str, str]]:
    """Command and environment that serve the version in use, on loopback.

    Raises:
        ModelNotFoundError: nothing is registered.
        StorageError: the registry does not answer.
    """
    registry = ModelRegistry(settings)
    number = registry.deployment(settings.registry.model_alias).version
    command = ["mlflow", "models", "serve", "--model-uri", f"models:/{settings.registry.model_name}/{number}"]
    command += ["--env-manager", "local", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    return command, {**os.environ, "MLFLOW_TRACKING_URI": registry.tracking_uri}


if __name__ == "__main__":
    try:
        command, variables = model_server(load_settings(), port_of(os.environ.get("PORT", "5001")))
    except CreditScoringError as error:
        sys.exit(f"{error}")
    os.execvpe(command[0], command, variables)
