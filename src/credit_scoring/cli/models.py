"""`credit-scoring model <command>`: which versions exist, which one is in production, and how that changes."""

from typing import Annotated

import typer
from rich.markdown import Markdown

from credit_scoring.cli.options import By, not_blank, start
from credit_scoring.cli.output import console_of_results, print_table
from credit_scoring.data_contracts.column_types import MAX_IDENTIFIER
from credit_scoring.model_registry import promotion
from credit_scoring.model_registry.promotion_log import PromotionEvent, PromotionLog
from credit_scoring.model_registry.registry import ModelRegistry

app = typer.Typer(help="Registered models: list, promote, roll back.", no_args_is_help=True)

Version = Annotated[str, typer.Argument(help="Number or alias of a version.", show_default=False)]
Why = Annotated[str, typer.Option(help="The reason, for the promotion log.", show_default=False, callback=not_blank)]

_COLUMNS = {
    "auc": "AUC",
    "cost_per_client": "cost per client",
    "family": "family",
    "feature_version": "feature version",
    "source": "data",
    "trained_at": "trained",
}


@app.command(name="list")
def list_versions() -> None:
    """List the registered versions with their aliases and figures."""
    registry = ModelRegistry(start())
    versions = registry.versions()
    rows = []
    for version in versions:
        trained_at = version.tags.get("trained_at", "")[:16].replace("T", " ")
        figures = ((version.tags | {"trained_at": trained_at}).get(name, "") for name in _COLUMNS)
        rows.append((str(version.number), ", ".join(version.aliases), version.stage, *figures))
    if_empty = f"No version is registered in {registry.location}. Run `credit-scoring train`."
    print_table(("version", "alias", "stage", *_COLUMNS.values()), rows, if_empty)
    if any(version.tags.get("source") == "synthetic" for version in versions):
        typer.echo("Figures of synthetic data do not describe real clients.")


@app.command(name="show")
def show_version(version: Version) -> None:
    """Show a version's model card, tags and gates."""
    found = ModelRegistry(start()).summary(version)
    console = console_of_results()
    aliases = ", ".join(found.aliases) or "no alias"
    console.print(f"Version {found.number} ({aliases}, stage {found.stage}), run {found.run_id}\n")
    console.print(Markdown(found.card))
    console.print()
    for name, value in sorted(found.tags.items()):
        console.print(f"{name:<22}{value}")


@app.command()
def promote(
    version: Version,
    why: Why,
    by: By,
    allow_synthetic: Annotated[
        bool, typer.Option("--allow-synthetic", help="Allow a model trained on synthetic clients, for a demonstration.")
    ] = False,
    waive: Annotated[
        list[str] | None, typer.Option(help="GATE=REASON: waive a gate that another step reported.", show_default=False)
    ] = None,
) -> None:
    """Promote a version to production if it passes every gate."""
    waivers = dict(_waiver(text) for text in waive or [])
    settings = start()
    request = promotion.PromotionRequest(why, by, allow_synthetic, waivers)
    event = promotion.promote(settings, version, request)
    if event is None:
        typer.echo(f"Version {version} is already in production; nothing was changed.")
    else:
        _print_event(event)


@app.command()
def rollback(
    why: Why,
    by: By,
    to: Annotated[
        int | None,
        typer.Option(
            min=1, max=MAX_IDENTIFIER, help="A version that was in production before.", show_default="the one before"
        ),
    ] = None,
) -> None:
    """Return to a version that was in production before."""
    settings = start()
    _print_event(promotion.roll_back(settings, promotion.PromotionRequest(why, by), to))


@app.command()
def history() -> None:
    """Show all promotions and rollbacks, by whom and why, newest last."""
    registry = ModelRegistry(start())
    rows = []
    for event in PromotionLog(registry.connection).read().completed if registry.versions() else ():
        waived = ", ".join(f"{result.gate}: {result.waiver}" for result in event.gate_results if result.waiver)
        before = "-" if event.from_version is None else str(event.from_version)
        at = f"{event.at:%Y-%m-%d %H:%M}"
        rows.append((at, event.kind, before, str(event.to_version), event.by, event.why, waived))
    if_empty = f"No version was promoted yet in {registry.location}. Run `credit-scoring model promote`."
    print_table(("date (UTC)", "what", "from", "to", "by", "why", "waived"), rows, if_empty)


def _waiver(text: str) -> tuple[str, str]:
    gate, _, reason = text.partition("=")
    if not gate.strip() or not reason.strip():
        raise typer.BadParameter(f"{text!r} does not have the form GATE=REASON", param_hint="--waive")
    return gate.strip(), reason.strip()


def _print_event(event: PromotionEvent) -> None:
    """Print the result of every gate, and the version in production."""
    for result in event.gate_results:
        mark = "passed" if result.passed else "waived"
        reason = f" (waived: {result.waiver})" if result.waiver else ""
        typer.echo(f"{mark:<8}{result.gate:<20}{result.message}{reason}")
    before = "" if event.from_version is None else f" instead of version {event.from_version}"
    reference = f"{event.kind} {event.number} by {event.by}: {event.why}"
    typer.echo(f"Version {event.to_version} is in production{before} ({reference}).")
