"""`credit-scoring synthesize`: write synthetic tables."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from credit_scoring.cli.options import start
from credit_scoring.cli.output import BYTES_PER_MEGABYTE, console_of_results
from credit_scoring.data_contracts.column_types import MAX_IDENTIFIER
from credit_scoring.synthetic_data import step

_DEFAULT_CLIENTS = 10_000

app = typer.Typer()


@app.command()
def synthesize(
    output: Annotated[Path, typer.Option(help="Folder for the eight CSV files.")],
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
