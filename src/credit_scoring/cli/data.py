"""`credit-scoring ingest` and `validate`: raw CSV files to checked tables."""

from typing import Annotated

import typer

from credit_scoring.cli.options import AsJson, Force, Source, start
from credit_scoring.cli.output import print_result, print_summary
from credit_scoring.core.errors import NOTHING_NEW_EXIT_CODE
from credit_scoring.core.storage import Storage
from credit_scoring.data_ingestion import step as ingestion
from credit_scoring.data_validation import step as validation
from credit_scoring.data_validation.report import REPORT_PAGE

app = typer.Typer()


@app.command()
def ingest(
    source: Source,
    force: Force = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Only check whether the source holds new data: exit code 0 if it does, 10 if not."
        ),
    ] = False,
) -> None:
    """Read the raw CSV files into typed, compressed Parquet buckets."""
    settings = start()
    if check:
        is_new = ingestion.has_new_data(settings, source)
        typer.echo(f"{source}: {'new data' if is_new else 'nothing new since the last ingestion'}.")
        raise typer.Exit(0 if is_new else NOTHING_NEW_EXIT_CODE)
    print_summary([ingestion.run(settings, source, force)], settings.data_directory)


@app.command()
def validate(force: Force = False, as_json: AsJson = False) -> None:
    """Check the ingested tables against their contracts and write the quality report."""
    settings = start()
    manifest = validation.run(settings, force)
    print_summary([manifest], settings.data_directory)
    if as_json:
        report = Storage.of(settings).current(manifest.step) / REPORT_PAGE
        print_result({"source": manifest.source, **manifest.measures, "report": report})
