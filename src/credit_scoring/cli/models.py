"""`credit-scoring model <command>`: which models there are, which one answers, and how that changes."""

from typing import Annotated

import typer

from credit_scoring.cli.options import start

app = typer.Typer(
    help="Registered models: list them, put one into production, go back.", no_args_is_help=True
)

Version = Annotated[str, typer.Argument(help="Number or alias of a version.", show_default=False)]
Why = Annotated[str, typer.Option(help="The reason, for the journal.", show_default=False)]
By = Annotated[str | None, typer.Option(help="Who asks for it.", show_default="your login name")]


@app.command(name="list")
def list_versions() -> None:
    """List the registered versions with their aliases and figures."""
    from credit_scoring.cli.output_models import print_versions
    from credit_scoring.model_registry.registry import ModelRegistry

    print_versions(ModelRegistry(start()).versions())


@app.command(name="show")
def show_version(version: Version) -> None:
    """Show a version's model card, tags and gates."""
    from credit_scoring.cli.output_models import print_version
    from credit_scoring.model_registry.registry import ModelRegistry

    print_version(ModelRegistry(start()).summary(version))


@app.command()
def promote(
    version: Version,
    why: Why,
    by: By = None,
    allow_synthetic: Annotated[
        bool,
        typer.Option("--allow-synthetic", help="Let a model of generated clients pass, for a demonstration."),
    ] = False,
    waive: Annotated[
        list[str] | None,
        typer.Option(help="GATE=REASON: overrule a gate that another step reported.", show_default=False),
    ] = None,
) -> None:
    """Put a version into production, if every gate lets it through."""
    from credit_scoring.cli.output_models import print_move
    from credit_scoring.model_registry import promotion

    waivers = dict(_waiver(text) for text in waive or [])
    settings = start()
    request = promotion.Request(why, by or promotion.current_user(), allow_synthetic, waivers)
    move = promotion.promote(settings, version, request)
    if move is None:
        typer.echo(f"Version {version} is in production already; nothing was changed.")
    else:
        print_move(move)


@app.command()
def rollback(
    why: Why,
    by: By = None,
    to: Annotated[
        int | None,
        typer.Option(help="A version that was in production before.", show_default="the one before"),
    ] = None,
) -> None:
    """Put the version that was in production before there again."""
    from credit_scoring.cli.output_models import print_move
    from credit_scoring.model_registry import promotion

    settings = start()
    request = promotion.Request(why, by or promotion.current_user())
    print_move(promotion.roll_back(settings, request, to))


@app.command()
def history() -> None:
    """Show what was put into production, by whom and why, newest last."""
    from credit_scoring.cli.output_models import print_history
    from credit_scoring.model_registry.connection import RegistryConnection
    from credit_scoring.model_registry.promotion_log import Journal

    print_history(Journal(RegistryConnection(start())).read().moves)


def _waiver(text: str) -> tuple[str, str]:
    gate, _, reason = text.partition("=")
    if not gate.strip() or not reason.strip():
        raise typer.BadParameter(f"{text!r} is not of the form GATE=REASON", param_hint="--waive")
    return gate.strip(), reason.strip()
