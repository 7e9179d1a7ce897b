"""`credit-scoring score`: score a portfolio or a file, or decide on single clients."""

from pathlib import Path
from typing import Annotated

import typer

from credit_scoring.batch_scoring import step
from credit_scoring.batch_scoring.known_clients import decide_on_clients, example_clients
from credit_scoring.batch_scoring.score_file import ScoredFile, score_file
from credit_scoring.cli.options import Force, start
from credit_scoring.cli.output import console_of_results, print_summary
from credit_scoring.core.atomic_files import ending_of
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.column_types import MAX_IDENTIFIER
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.spool import spooled_entries

app = typer.Typer()


@app.command()
def score(
    client: Annotated[
        int | None,
        typer.Option(
            min=1, max=MAX_IDENTIFIER, help="Decide on this client's application only, and record the decision."
        ),
    ] = None,
    examples: Annotated[
        bool, typer.Option("--examples", help="Decide on two new clients, one to accept and one to refuse.")
    ] = False,
    source: Annotated[
        Path | None, typer.Option("--input", help="Score the raw applications of this CSV or Parquet file.")
    ] = None,
    target: Annotated[Path | None, typer.Option("--output", help="CSV or Parquet file to write the scores to.")] = None,
    force: Force = False,
) -> None:
    """Score all applications or those of a file, or decide on single clients.

    Decisions on single clients are recorded in the ledger; scores are not.
    """
    if sum((client is not None, examples, source is not None)) > 1:
        raise typer.BadParameter("give one of them", param_hint="--client, --examples and --input")
    if (client is not None or examples) and target is not None:
        raise typer.BadParameter("decisions go to the ledger, not to a file", param_hint="--output")
    if source is not None and target is None:
        raise typer.BadParameter("name the file for the scores", param_hint="--output")
    if target is not None:
        ending_of(target, ".csv", ".parquet")
    settings = start()
    if source is not None and target is not None:
        _print_scored_file(score_file(settings, source, target))
    elif client is None and not examples:
        print_summary([step.run(settings, force)], settings.data_directory)
        if target is not None:
            typer.echo(f"{target}: {step.export_scores(settings, target):,} scores")
    else:
        chosen = example_clients(settings) if client is None else [client]
        for record in decide_on_clients(settings, chosen):
            _print_decision(record, Storage.of(settings).decision_spool())


def _print_decision(record: DecisionRecord, spool: Path) -> None:
    waits = any(spooled_entries(spool, record.decision_id))
    where = (
        f"waits in {spool}, because the ledger did not accept it (the log says why); "
        "`credit-scoring decisions verify` moves it once the ledger works"
        if waits
        else "is in the ledger"
    )
    synthetic = " (model trained on synthetic data)" if record.source == "synthetic" else ""
    console_of_results().print(
        f"Client {record.client_id}: {record.decision.value}, probability of default "
        f"{record.probability:.4f}, threshold {record.threshold:.4f}{synthetic}; "
        f"decision {record.decision_id} {where}.",
        soft_wrap=True,
    )


def _print_scored_file(scored: ScoredFile) -> None:
    synthetic = ", trained on synthetic data" if scored.source == "synthetic" else ""
    share = scored.accepted / max(scored.rows, 1)
    typer.echo(
        f"{scored.path}: {scored.rows:,} applications, {share:.1%} accepted by model version "
        f"{scored.model_version}{synthetic}. These are scores, not decisions: nothing is in the ledger."
    )
    if scored.unknown:
        columns = ", ".join(f"{name} in {count:,} rows" for name, count in scored.unknown.items())
        typer.echo(f"Categories that the contract does not know counted as missing: {columns}.")
