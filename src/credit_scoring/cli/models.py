"""`credit-scoring model <command>`: which versions exist, which one is in production, and how that changes."""

from collections.abc import Iterable
from typing import Annotated, Literal

import typer
from rich.markdown import Markdown

from credit_scoring.cli.options import AsJson, By, not_blank, start
from credit_scoring.cli.output import console_of_results, print_result, print_table
from credit_scoring.core.errors import NOTHING_NEW_EXIT_CODE
from credit_scoring.data_contracts.column_types import MAX_IDENTIFIER
from credit_scoring.governance.version_audit import audit_version
from credit_scoring.model_registry import promotion, restoration, verified
from credit_scoring.model_registry.aliases import PRODUCTION
from credit_scoring.model_registry.gate_result import GateResult
from credit_scoring.model_registry.promotion_log import PromotionEvent, PromotionLog
from credit_scoring.model_registry.registry import ModelRegistry

app = typer.Typer(help="Registered models: list, stage, promote, roll back.", no_args_is_help=True)

Version = Annotated[str, typer.Argument(help="Number or alias of a version.", show_default=False)]
Alias = Annotated[Literal["staging", "production"], typer.Argument(help="Where it is served.", show_default=False)]
Why = Annotated[str, typer.Option(help="The reason, for the promotion log.", show_default=False, callback=not_blank)]

AllowSynthetic = Annotated[
    bool, typer.Option("--allow-synthetic", help="Allow a model trained on synthetic clients, for a demonstration.")
]

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
def stage(version: Version, as_json: AsJson = False) -> None:
    """Move the alias staging to a version; that is also the way back."""
    served = verified.stage(start(), version)
    typer.echo(f"Version {served.version} is in staging.")
    if as_json:
        print_result(served._asdict())


@app.command()
def confirm(
    version: Version,
    alias: Alias,
    as_json: AsJson = False,
) -> None:
    """Record that a version passed the smoke test in an environment; a failed later one is replaced by it."""
    served = verified.confirm(start(), version, alias)
    typer.echo(f"Version {served.verified} passed in {alias}; a later version that fails there is replaced by it.")
    if as_json:
        print_result(served._asdict())


@app.command()
def check(
    version: Version,
    audit: Annotated[
        bool, typer.Option("--audit", help="Compare the version's decisions by group first, as `audit` does.")
    ] = False,
    allow_synthetic: AllowSynthetic = False,
    as_json: AsJson = False,
) -> None:
    """Evaluate every gate of promotion without promoting; exit code 13 if one fails."""
    settings = start()
    if audit:
        audit_version(settings, version)
    number, results = promotion.check(settings, version, allow_synthetic)
    _print_gates(results)
    typer.echo(f"Version {number} can be promoted.")
    if as_json:
        gates = {result.gate: result.message for result in results}
        print_result({"model": settings.registry.model_name, "version": number, "gates": gates})


@app.command()
def promote(
    version: Version,
    why: Why,
    by: By,
    allow_synthetic: AllowSynthetic = False,
    waive: Annotated[
        list[str] | None, typer.Option(help="GATE=REASON: waive a gate that another step reported.", show_default=False)
    ] = None,
    as_json: AsJson = False,
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
    if as_json:
        print_result(verified.served(ModelRegistry(settings), PRODUCTION)._asdict())


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
    as_json: AsJson = False,
) -> None:
    """Return to a version that was in production before."""
    settings = start()
    _print_event(promotion.roll_back(settings, promotion.PromotionRequest(why, by), to))
    if as_json:
        print_result(verified.served(ModelRegistry(settings), PRODUCTION)._asdict())


@app.command()
def restore(
    alias: Alias,
    failed: Annotated[
        int,
        typer.Option(min=1, max=MAX_IDENTIFIER, help="The version that failed its smoke test.", show_default=False),
    ],
    why: Why,
    by: By,
    as_json: AsJson = False,
) -> None:
    """Return from a version that failed its smoke test to the verified one; exit code 10 if there is nothing to do."""
    served = restoration.restore(start(), alias, failed, promotion.PromotionRequest(why, by))
    if served is None:
        typer.echo(f"Nothing was changed: version {failed} does not serve in {alias}, or passed its test there before.")
        raise typer.Exit(NOTHING_NEW_EXIT_CODE)
    typer.echo(f"Version {served.version} is in {alias} again.")
    if as_json:
        print_result(served._asdict())


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


def _print_gates(results: Iterable[GateResult]) -> None:
    for result in results:
        mark = "passed" if result.passed else "waived"
        reason = f" (waived: {result.waiver})" if result.waiver else ""
        typer.echo(f"{mark:<8}{result.gate:<20}{result.message}{reason}")


def _print_event(event: PromotionEvent) -> None:
    """Print the result of every gate, and the version in production."""
    _print_gates(event.gate_results)
    before = "" if event.from_version is None else f" instead of version {event.from_version}"
    reference = f"{event.kind} {event.number} by {event.by}: {event.why}"
    typer.echo(f"Version {event.to_version} is in production{before} ({reference}).")
