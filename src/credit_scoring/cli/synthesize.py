"""`credit-scoring synthesize`: look-alike tables, and how alike they are."""

from pathlib import Path
from typing import Annotated

import typer

from credit_scoring.cli.options import start

_FEW_CLIENTS = 10_000

app = typer.Typer(help="Write look-alike tables: generated clients that resemble the real ones.")


@app.callback(invoke_without_command=True)
def synthesize(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the eight CSV files.", show_default=False)
    ] = None,
    clients: Annotated[
        int | None,
        typer.Option(help="Number of clients, with and without known outcome; 10000 if not said."),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 0,
    full: Annotated[bool, typer.Option("--full", help="As many clients as the published tables.")] = False,
) -> None:
    """Write look-alike tables: generated clients that resemble the real ones."""
    if context.invoked_subcommand is not None:
        return
    if out is None:
        raise typer.BadParameter("name the folder to write: --out PATH", param_hint="--out")
    if full and clients is not None:
        raise typer.BadParameter("--full says how many clients; leave out --clients", param_hint="--full")
    from credit_scoring.cli.output import print_look_alike
    from credit_scoring.synthetic_data import step

    count = _FEW_CLIENTS if clients is None else clients
    print_look_alike(step.run(start(), out=out, clients=count, seed=seed, full=full), out)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder that `synthesize --out` wrote.")],
    out: Annotated[
        Path | None,
        typer.Option(help="HTML page to write; look_alike_report.html beside the tables by default."),
    ] = None,
) -> None:
    """Compare look-alike tables with the published profile, column by column, in one HTML page."""
    from credit_scoring.cli.output import print_likeness
    from credit_scoring.synthetic_data import step

    page = folder / step.REPORT_FILE if out is None else out
    print_likeness(step.run_report(start(), folder=folder, out=page), page)
