"""`credit-scoring synthesize`: write synthetic tables, and compare them with the published profile."""

from pathlib import Path
from typing import Annotated

import typer

from credit_scoring.cli.options import start

_DEFAULT_CLIENTS = 10_000

app = typer.Typer(help="Write synthetic tables: clients drawn from the published profile of the real ones.")


@app.callback(invoke_without_command=True)
def synthesize(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option(help="Folder for the eight CSV files.", show_default=False)
    ] = None,
    clients: Annotated[
        int | None,
        typer.Option(help=f"Number of clients, train and test together; {_DEFAULT_CLIENTS} by default."),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 0,
    full: Annotated[bool, typer.Option("--full", help="As many clients as in the published tables.")] = False,
) -> None:
    """Write synthetic tables: clients drawn from the published profile of the real ones."""
    if context.invoked_subcommand is not None:
        return
    if output is None:
        raise typer.BadParameter("name the folder to write: --output PATH", param_hint="--output")
    if full and clients is not None:
        raise typer.BadParameter("--full sets the number of clients; omit --clients", param_hint="--full")
    from credit_scoring.cli.output import print_synthetic_tables
    from credit_scoring.synthetic_data import step

    count = _DEFAULT_CLIENTS if clients is None else clients
    print_synthetic_tables(step.run(start(), output=output, clients=count, seed=seed, full=full), output)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder written by `synthesize --output`.")],
    output: Annotated[
        Path | None,
        typer.Option(help="HTML page to write; synthetic_report.html beside the tables by default."),
    ] = None,
) -> None:
    """Compare synthetic tables with the published profile, column by column, in one HTML page."""
    from credit_scoring.cli.output import print_comparison
    from credit_scoring.synthetic_data import step

    page = folder / step.REPORT_FILE if output is None else output
    print_comparison(step.run_report(start(), folder=folder, output=page), page)
