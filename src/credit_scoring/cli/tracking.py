"""`credit-scoring tracking`: the MLflow interface."""

from pathlib import Path
from typing import Annotated

import typer
from mlflow.cli import cli as mlflow_command
from mlflow.environment_variables import MLFLOW_CONFIGURE_LOGGING, MLFLOW_SERVER_ENABLE_JOB_EXECUTION

from credit_scoring import model_registry
from credit_scoring.cli.options import start
from credit_scoring.core.addresses import require_free_address
from credit_scoring.core.logs import writes_json
from credit_scoring.core.settings import Settings
from credit_scoring.core.urls import without_credentials
from credit_scoring.model_registry.connection import require_registry
from credit_scoring.model_registry.registry import ModelRegistry

app = typer.Typer()


@app.command()
def tracking(port: Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)] = 5000) -> None:
    """Start the MLflow interface on the tracked runs and registered models."""
    settings = start()
    uri = ModelRegistry(settings).tracking_uri
    if uri.startswith("http"):
        typer.echo(f"Runs and models are tracked by a server with its own interface: {without_credentials(uri)}")
        return
    # The server of MLflow fails with exit code 0.
    require_free_address("127.0.0.1", port, "Choose another port with --port.")
    require_registry(uri)
    if not MLFLOW_SERVER_ENABLE_JOB_EXECUTION.is_set():
        # Its jobs judge language models and keep half a core busy.
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION.set(False)
    mlflow_command(
        ["server", "--backend-store-uri", uri, "--host", "127.0.0.1", "--port", str(port), *_log_options(settings)]
    )


def _log_options(settings: Settings) -> list[str]:
    """Options that give the lines of the server the shape of ours."""
    if not writes_json(settings):
        return []
    MLFLOW_CONFIGURE_LOGGING.set(False)
    return ["--uvicorn-opts", f"--log-config={Path(*model_registry.__path__) / 'tracking_server_logs.json'}"]
