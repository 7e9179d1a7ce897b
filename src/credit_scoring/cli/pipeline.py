"""`credit-scoring pipeline`: the whole batch flow."""

import typer

from credit_scoring import pipeline as flow
from credit_scoring.cli.options import Budget, Force, Source, start
from credit_scoring.cli.output import print_summary

app = typer.Typer()


@app.command()
def pipeline(source: Source, force: Force = False, budget: Budget = None) -> None:
    """Run every step in order, from CSV files to scores and reports.

    Unchanged steps are skipped; an interrupted run continues where it stopped.
    """
    settings = start(training={"budget": budget})
    print_summary(list(flow.run(settings, source, force)), settings.data_directory)
