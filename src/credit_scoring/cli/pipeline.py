"""`credit-scoring pipeline` and `reports`: the whole batch flow, and where its reports are."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import typer

from credit_scoring import pipeline as flow
from credit_scoring.cli.options import Budget, Force, Source, start, with_overrides
from credit_scoring.cli.output import console_of_results, print_summary

app = typer.Typer()


@app.command()
def pipeline(source: Source, force: Force = False, budget: Budget = None) -> None:
    """Run every step in order, from CSV files to scores and reports.

    Unchanged steps are skipped; an interrupted run continues where it stopped.
    """
    settings = with_overrides(start(), training={"budget": budget})
    print_summary(list(flow.run(settings, source, force)), settings.data_directory)


@app.command()
def reports() -> None:
    """List the reports of the current results."""
    print_reports(flow.reports(start()))


def print_reports(found: Mapping[str, Iterable[Path]]) -> None:
    """Print the path of every report, by step."""
    console = console_of_results()
    if not any(found.values()):
        console.print("No step has written a report yet. Run `credit-scoring pipeline --source PATH`.")
    for step, paths in found.items():
        for path in paths:
            console.print(f"{step:<10}{path}", highlight=False, soft_wrap=True)
