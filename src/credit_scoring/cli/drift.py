"""`credit-scoring drift`: compare new applications with those of the training data."""

import typer

from credit_scoring.cli.options import Force, start
from credit_scoring.cli.output import print_summary
from credit_scoring.drift_detection import step

app = typer.Typer()


@app.command()
def drift(force: Force = False) -> None:
    """Compare new applications with those of the training data."""
    settings = start()
    print_summary([step.run(settings, force)], settings.data_directory)
