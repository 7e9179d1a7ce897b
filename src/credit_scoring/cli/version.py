"""`credit-scoring version`."""

import typer

from credit_scoring import __version__

app = typer.Typer()


@app.command()
def version() -> None:
    """Print the version of this program."""
    typer.echo(__version__)
