"""`credit-scoring outcomes`: what became of decided applications."""

from pathlib import Path
from typing import Annotated

import typer

from credit_scoring.cli.options import By, start
from credit_scoring.decisions.recorder import opened_ledger
from credit_scoring.drift_detection.outcome_file import import_outcomes

app = typer.Typer(help="Import what became of decided applications.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    # With one command only, typer would not make a group.
    pass


@app.command("import")
def import_file(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV or Parquet file; columns: decision_id (or client_id and decided_on), defaulted, observed_on."
        ),
    ],
    by: By,
) -> None:
    """Record the outcomes of a file in the ledger: all of them, or none if a row is wrong.

    Importing a file twice changes nothing. Of several outcomes of a decision, the one observed last counts.
    """
    settings = start()
    with opened_ledger(settings) as ledger:
        recorded = import_outcomes(file, ledger, by)
    outdated = f"{recorded.outdated:,} older than what is known, " if recorded.outdated else ""
    typer.echo(
        f"{file}: {recorded.new:,} new, {recorded.corrected:,} corrected, {outdated}{recorded.known:,} known already."
    )
