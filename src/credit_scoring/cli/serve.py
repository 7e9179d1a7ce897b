"""`credit-scoring serve`: the prediction service."""

from typing import Annotated

import typer

from credit_scoring.api import server
from credit_scoring.cli.options import start

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind.", show_default="CREDIT_API_HOST")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port to bind.", show_default="CREDIT_API_PORT")
    ] = None,
) -> None:
    """Start the prediction service."""
    settings = start(api={"host": host, "port": port})
    address = f"http://{settings.api.host}:{settings.api.port}"
    server.run(settings, lambda: typer.echo(f"Serving on {address}, documented at /docs; Ctrl-C stops it."))
