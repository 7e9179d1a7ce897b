"""`credit-scoring tracking`: the MLflow interface, and the tracking server of other programs."""

from pathlib import Path
from typing import Annotated

import typer
from mlflow.cli import cli as mlflow_command
from mlflow.environment_variables import MLFLOW_SERVER_ENABLE_JOB_EXECUTION

from credit_scoring.cli.options import start
from credit_scoring.core.addresses import require_free_address
from credit_scoring.core.urls import without_credentials
from credit_scoring.model_registry.connection import require_registry
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.model_registry.tracking_server import (
    is_empty,
    log_options,
    require_tracking_database,
    server_arguments,
    with_password_file,
)

app = typer.Typer()


@app.command()
def tracking(
    host: Annotated[str, typer.Option(help="Address to bind.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to bind.", min=1, max=65535)] = 5000,
    server: Annotated[
        bool,
        typer.Option("--server", help="Also keep the files of other programs' runs, in the data directory."),
    ] = False,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Upgrade the database to this version of MLflow, and end.")
    ] = False,
) -> None:
    """Start the MLflow interface on the tracked runs and registered models."""
    settings = start()
    uri = ModelRegistry(settings).tracking_uri
    if uri.startswith("http"):
        typer.echo(f"Runs and models are tracked by a server with its own interface: {without_credentials(uri)}")
        return
    require_tracking_database(uri)
    if upgrade:
        require_registry(uri)
        if is_empty(uri):
            typer.echo(f"{without_credentials(uri)} has no tables yet; the server creates them when it starts.")
            return
        # Ends the program.
        mlflow_command(["db", "upgrade", with_password_file(uri)])
    # The server of MLflow fails with exit code 0.
    require_free_address(host, port, "Choose another port with --port.")
    if not server:
        require_registry(uri)
    if not MLFLOW_SERVER_ENABLE_JOB_EXECUTION.is_set():
        # Its jobs judge language models and keep half a core busy.
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION.set(False)
    artefacts: Path | None = settings.data_directory / "artifacts" if server else None
    arguments = [*server_arguments(uri, artefacts), *log_options(settings)]
    mlflow_command(["server", *arguments, "--host", host, "--port", str(port)])
