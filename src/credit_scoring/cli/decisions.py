"""`credit-scoring decisions <command>`: examine the ledger, and answer what a person may ask of it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from credit_scoring.cli.options import start
from credit_scoring.core.errors import StorageError
from credit_scoring.core.storage import Storage, write_atomically

app = typer.Typer(help="Verify, show, replay, export and erase recorded decisions.", no_args_is_help=True)

DecisionId = Annotated[
    str, typer.Argument(help="Id of a decision; it is part of every answer.", metavar="ID")
]
Client = Annotated[int, typer.Option(help="SK_ID_CURR of the person.", show_default=False)]
_SHOWN_FINDINGS = 20


@app.command()
def verify(
    anchor: Annotated[
        str | None, typer.Option(help="Line that an earlier run printed; nothing before it may have changed.")
    ] = None,
) -> None:
    """Check that no recorded decision was changed, removed, inserted or moved."""
    from credit_scoring.decisions.factory import opened_ledger
    from credit_scoring.decisions.verification import anchor_of, verify

    with opened_ledger(start()) as ledger:
        result = verify(ledger, anchor_of(anchor) if anchor else None)
    if result.findings:
        for finding in result.findings[:_SHOWN_FINDINGS]:
            typer.echo(finding)
        raise StorageError(
            f"The decision ledger breaks its chain in {len(result.findings)} places.",
            "Keep a copy for whoever examines it, and restore the ledger from a backup.",
        )
    typer.echo(
        f"{result.head.rows:,} decisions, {result.erased:,} of them erased; "
        "none was changed, removed, inserted or moved."
    )
    typer.echo("Keep this line where nobody who can write the ledger can change it, for `--anchor`:")
    typer.echo(str(result.head))


@app.command()
def show(decision_id: DecisionId) -> None:
    """Print a recorded decision as JSON, with the vector it was made from."""
    from credit_scoring.decisions.factory import opened_ledger
    from credit_scoring.decisions.personal_data import Readable
    from credit_scoring.model_registry.registry import ModelRegistry

    settings = start()
    with opened_ledger(settings) as ledger:
        entry = ledger.get(decision_id)
    typer.echo(_json(Readable(ModelRegistry(settings)).of(entry)))


@app.command()
def replay(decision_id: DecisionId) -> None:
    """Make a decision again with the recorded inputs and model version, and say whether every bit is equal."""
    from credit_scoring.decisions.service import open_decision_service

    service = open_decision_service(start())
    try:
        result = service.replay(decision_id)
    finally:
        service.close()
    for difference in result.differences:
        typer.echo(f"{difference.name}: recorded {difference.recorded}, now {difference.replayed}")
    if not result.is_equal:
        raise StorageError(
            f"Decision {decision_id} comes out otherwise in {len(result.differences)} places.",
            "Run `credit-scoring decisions verify`; if the ledger is whole, "
            "the model or the program is not the one that decided.",
        )
    scope = (
        "features and probability"
        if result.features_recomputed
        else "the probability, from the recorded features,"
    )
    typer.echo(
        f"Decision {decision_id}: {scope} equal to the bit (model version {result.record.model_version}, "
        f"probability {result.probability!r}, {result.decision.value})."
    )


@app.command()
def export(
    client: Client,
    out: Annotated[Path | None, typer.Option(help="JSON file to write; standard output by default.")] = None,
) -> None:
    """Give everything the ledger holds about a person, as readable JSON."""
    from credit_scoring.decisions.factory import opened_ledger
    from credit_scoring.decisions.personal_data import Readable, decisions_about
    from credit_scoring.model_registry.registry import ModelRegistry

    settings = start()
    with opened_ledger(settings) as ledger:
        entries = decisions_about(ledger, Storage.of(settings).decision_spool(), client)
    readable = Readable(ModelRegistry(settings))
    text = _json(
        {
            "client_id": client,
            "exported_at": datetime.now(UTC).isoformat(),
            "decisions": [readable.of(entry) for entry in entries],
        }
    )
    if out is None:
        typer.echo(text)
    else:
        write_atomically(out, text.encode())
        typer.echo(f"{out}: {len(entries)} decisions on client {client}.")


@app.command()
def erase(
    client: Annotated[int | None, typer.Option(help="SK_ID_CURR of the person.", show_default=False)] = None,
    decision: Annotated[
        str | None,
        typer.Option(help="Id of a decision, for an applicant without a number.", show_default=False),
    ] = None,
    last_decided_before: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Everybody whose last decision is older than this day (UTC), as a retention period asks.",
            show_default=False,
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Make personal data in the ledger unreadable for ever; totals and the chain stay."""
    from credit_scoring.decisions.factory import opened_ledger
    from credit_scoring.decisions.personal_data import erase_applicant, erase_client

    if sum(value is not None for value in (client, decision, last_decided_before)) != 1:
        raise typer.BadParameter("give one of --client, --decision and --last-decided-before")
    if client is not None:
        whose = f"client {client}"
    elif decision is not None:
        whose = f"the applicant of decision {decision}"
    else:
        whose = f"everybody last decided on before {last_decided_before:%Y-%m-%d}"
    if not yes:
        typer.confirm(f"Erase the data of {whose}? Nothing brings it back", abort=True)
    settings = start()
    with opened_ledger(settings) as ledger:
        if client is not None:
            erased = erase_client(ledger, Storage.of(settings).decision_spool(), client)
        elif decision is not None:
            erased = erase_applicant(ledger, decision)
        elif last_decided_before is not None:
            erased = ledger.erase_older(last_decided_before.replace(tzinfo=UTC))
    typer.echo(f"{erased} decisions on {whose} can never be read again; they still count, the chain holds.")


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
