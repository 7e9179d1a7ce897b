"""`credit-scoring synthesize`: write synthetic tables, and compare them with the published profile."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from credit_scoring.cli.options import start
from credit_scoring.cli.output import BYTES_PER_MEGABYTE, console_of_results
from credit_scoring.core.atomic_files import ending_of
from credit_scoring.data_contracts.column_types import MAX_IDENTIFIER
from credit_scoring.synthetic_data import step

_DEFAULT_CLIENTS = 10_000

app = typer.Typer(help="Write synthetic tables: clients drawn from the published profile of the real ones.")


@app.callback(invoke_without_command=True)
def synthesize(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option(help="Folder for the eight CSV files.", show_default=False)] = None,
    clients: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MAX_IDENTIFIER,
            help=f"Number of clients, train and test together; {_DEFAULT_CLIENTS} by default.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=MAX_IDENTIFIER, help="The same seed gives the same bytes.")] = 0,
    full: Annotated[bool, typer.Option("--full", help="As many clients as in the published tables.")] = False,
) -> None:
    """Write synthetic tables: clients drawn from the published profile of the real ones."""
    if context.invoked_subcommand is not None:
        return
    if output is None:
        raise typer.BadParameter("name the folder to write: --output PATH", param_hint="--output")
    if full and clients is not None:
        raise typer.BadParameter("--full sets the number of clients; omit --clients", param_hint="--full")

    count = _DEFAULT_CLIENTS if clients is None else clients
    written = step.run(start(), output=output, clients=count, seed=seed, full=full)
    table = Table("table", show_edge=False, pad_edge=False)
    table.add_column("rows", justify="right")
    table.add_column("MB", justify="right")
    for part in written.outputs:
        table.add_row(part.name, f"{part.rows or 0:,}", f"{(part.bytes or 0) / BYTES_PER_MEGABYTE:,.1f}")
    console = console_of_results()
    console.print(table)
    measures = written.measures
    console.print(
        f"{measures['clients']:,} synthetic clients (seed {measures['seed']}) are in {output}; "
        f"{written.seconds:.1f} s. Default rate {measures['default_rate']:.2%}; a model that knew every true "
        f"probability would reach an AUC of {measures['auc_of_a_perfect_model']:.3f}."
    )


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder written by `synthesize --output`.")],
    output: Annotated[
        Path | None, typer.Option(help="HTML page to write; synthetic_report.html beside the tables by default.")
    ] = None,
) -> None:
    """Compare synthetic tables with the published profile, column by column, in one HTML page."""
    page = folder / step.REPORT_FILE if output is None else output
    ending_of(page, ".html")
    comparison = step.run_report(start(), folder=folder, output=page)
    outside = [gap for gap in comparison.gaps if not gap.is_within]
    for gap in outside:
        typer.echo(
            f"{gap.table}, {gap.column or 'the whole table'}: {gap.measure} {gap.found:,.6g} instead of "
            f"{gap.published:,.6g}, {gap.relative:.2f} times the tolerance"
        )
    within = len(comparison.gaps) - len(outside)
    typer.echo(
        f"{within} of {len(comparison.gaps)} measures are within tolerance; AUC of a perfect model "
        f"{comparison.ceiling_auc:.3f} (synthetic). {page}"
    )
