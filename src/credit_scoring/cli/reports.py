"""`credit-scoring reports`: where the reports of the current results are."""

import typer

from credit_scoring.cli.options import start
from credit_scoring.core.storage import Storage

app = typer.Typer()


@app.command()
def reports() -> None:
    """List the reports of the current results."""
    found = [
        f"{manifest.step:<10}{folder / part.path}"
        for manifest, folder in Storage.of(start()).current_versions()
        for part in manifest.outputs
        if part.path.endswith(".html")
    ]
    if not found:
        typer.echo("No step has written a report yet. Run `credit-scoring pipeline --source PATH`.")
    for line in found:
        typer.echo(line)
