"""`credit-scoring decisions <command>`: examine the ledger, and answer the requests of data subjects."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from credit_scoring.cli.options import AsJson, By, not_blank, start
from credit_scoring.cli.output import print_result
from credit_scoring.core.atomic_files import ending_of, write_atomically
from credit_scoring.core.errors import StorageError
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.column_types import MAX_IDENTIFIER
from credit_scoring.decisions import verification
from credit_scoring.decisions.ledger import Erasure
from credit_scoring.decisions.outcomes import outcomes_of
from credit_scoring.decisions.personal_data import as_json_values, decisions_about, erase_client, require_drained
from credit_scoring.decisions.recorder import open_recorder, opened_ledger
from credit_scoring.decisions.service import open_decision_service
from credit_scoring.model_registry.registry import ModelRegistry

app = typer.Typer(help="Verify, show, replay, export and erase recorded decisions.", no_args_is_help=True)

DecisionId = Annotated[str, typer.Argument(help="Id of a decision; it is part of every answer.", metavar="ID")]
Client = Annotated[int, typer.Option(min=1, max=MAX_IDENTIFIER, help="SK_ID_CURR of the person.")]
Why = Annotated[str, typer.Option(help="The reason; no personal data.", show_default=False, callback=not_blank)]
_SHOWN_FINDINGS = 20


@app.command()
def verify(
    anchor: Annotated[
        str | None, typer.Option(help="Line that an earlier run printed; nothing before it may have changed.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that no recorded decision was changed, removed, inserted or moved."""
    with opened_ledger(start()) as ledger:
        result = verification.verify(ledger, None if anchor is None else verification.parse_anchor(anchor))
    if result.findings:
        for finding in result.findings[:_SHOWN_FINDINGS]:
            typer.echo(finding)
        raise StorageError(
            f"The decision ledger has a broken hash chain: {len(result.findings)} findings.",
            "Keep a copy for the investigation, and restore the ledger from a backup.",
        )
    typer.echo(
        f"{result.decisions:,} decisions, {result.erased:,} of them erased; "
        "none was changed, removed, inserted or moved."
    )
    typer.echo(f"Recorded outcomes, corrections included: {result.outcomes:,}.")
    typer.echo(f"Recorded erasures, each with who, when and why: {result.erasures:,}.")
    if result.unrecorded:
        typer.echo(f"Erasures that an older version did not record: {len(result.unrecorded):,}.")
    typer.echo("Store this line where no writer of the ledger can change it; pass it to `--anchor` later:")
    typer.echo(str(result.head))
    if as_json:
        print_result({"decisions": result.decisions, "erased": result.erased, "anchor": str(result.head)})


@app.command()
def show(decision_id: DecisionId) -> None:
    """Print a recorded decision as JSON, with its feature vector."""
    settings = start()
    with closing(open_recorder(settings, reads_only=True)) as recorder:
        entry = recorder.find(decision_id)
    typer.echo(_json(as_json_values([entry], ModelRegistry(settings))[0]))


@app.command()
def replay(decision_id: DecisionId) -> None:
    """Repeat a decision with the recorded inputs and model version, and compare every bit."""
    with closing(open_decision_service(start(), only_recorded=True)) as service:
        result = service.replay(decision_id)
    for difference in result.differences:
        typer.echo(f"{difference.name}: recorded {difference.recorded}, now {difference.replayed}")
    if not result.is_equal:
        raise StorageError(
            f"Decision {decision_id} is not reproduced: {len(result.differences)} values differ.",
            "Run `credit-scoring decisions verify`; if the ledger is intact, "
            "another model or another program version made the decision.",
        )
    rescored = "the probability, from the recorded features,"
    scope = "features and probability" if result.features_recomputed else rescored
    typer.echo(
        f"Decision {decision_id}: {scope} equal bit for bit (model version {result.record.model_version}, "
        f"probability {result.probability!r}, {result.decision.value})."
    )


@app.command()
def export(
    client: Client,
    output: Annotated[Path | None, typer.Option(help="JSON file to write; standard output by default.")] = None,
) -> None:
    """Export everything the ledger holds about a person, as readable JSON."""
    if output is not None:
        ending_of(output, ".json")
    settings = start()
    with opened_ledger(settings, drains=False) as ledger:
        entries = decisions_about(ledger, Storage.of(settings).decision_spool(), client)
        outcomes = outcomes_of(ledger, [entry.record.decision_id for entry in entries])
    text = _json(
        {
            "client_id": client,
            "exported_at": datetime.now(UTC).isoformat(),
            "decisions": as_json_values(entries, ModelRegistry(settings), outcomes),
        }
    )
    if output is None:
        typer.echo(text)
    else:
        write_atomically(output, text.encode())
        typer.echo(f"{output}: {len(entries)} decisions on client {client}.")


@app.command()
def erase(
    why: Why,
    by: By,
    client: Annotated[int | None, typer.Option(min=1, max=MAX_IDENTIFIER, help="SK_ID_CURR of the person.")] = None,
    decision: Annotated[
        str | None, typer.Option(help="Id of a decision, for an applicant without a client number.", show_default=False)
    ] = None,
    last_decided_before: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="All persons whose last decision is older than this day (UTC), for a retention period.",
            show_default=False,
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
) -> None:
    """Erase personal data in the ledger permanently; totals, the hash chain and a record of the erasure remain."""
    if sum(value is not None for value in (client, decision, last_decided_before)) != 1:
        raise typer.BadParameter("give one of --client, --decision and --last-decided-before")
    if client is not None:
        whose = f"client {client}"
    elif decision is not None:
        whose = f"the applicant of decision {decision}"
    else:
        whose = f"everyone last decided on before {last_decided_before:%Y-%m-%d}"
    if not yes:
        typer.confirm(f"Erase the data of {whose}? This cannot be undone", abort=True)
    settings, erasure = start(), Erasure(by, why)
    spool_folder = Storage.of(settings).decision_spool()
    with opened_ledger(settings) as ledger:
        require_drained(spool_folder)
        if client is not None:
            erased = erase_client(ledger, spool_folder, client, erasure)
        elif decision is not None:
            erased = ledger.erase_decision(decision, erasure)
        elif last_decided_before is not None:
            erased = ledger.erase_older(last_decided_before.replace(tzinfo=UTC), erasure)
    typer.echo(f"Decisions on {whose}, permanently erased: {erased}. Totals and the hash chain remain valid.")


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
