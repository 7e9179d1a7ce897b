"""`credit-scoring audit`: the fairness audit and the model's documents."""

import typer

from credit_scoring.cli.options import Force, start
from credit_scoring.cli.output import print_summary
from credit_scoring.governance import step

app = typer.Typer()


@app.command()
def audit(force: Force = False) -> None:
    """Compare decisions by group, report the verdict to the registry, and write the model's documents."""
    settings = start()
    print_summary([step.run(settings, force)], settings.data_directory)
