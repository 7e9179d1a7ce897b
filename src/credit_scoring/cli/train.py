"""`credit-scoring train` and `tune`: compare model families and register the champion."""

from typing import Annotated

import typer

from credit_scoring.cli.options import Budget, Force, start
from credit_scoring.cli.output import print_summary
from credit_scoring.train import step
from credit_scoring.train.tuning import join

app = typer.Typer()


@app.command()
def train(
    force: Force = False,
    budget: Budget = None,
    families: Annotated[
        str | None, typer.Option(help="Model families to train, separated by commas.", show_default="all")
    ] = None,
    trials: Annotated[
        int | None, typer.Option(min=0, max=100_000, help="Number of tuning trials; 0: none.", show_default="50")
    ] = None,
) -> None:
    """Train and compare all model families, and register the champion."""
    settings = start(training={"budget": budget, "families": families}, tuning={"trials": trials})
    print_summary([step.run(settings, force)], settings.data_directory)


@app.command()
def tune(
    family: Annotated[str, typer.Option(help="Model family to tune.")] = "lightgbm",
    budget: Budget = None,
    trials: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="Number of trials in total.", show_default="50")
    ] = None,
) -> None:
    """Run tuning trials of one family, alongside other workers on the same database.

    The next training uses them if this family then leads; MLflow shows them in any case.
    """
    settings = start(training={"budget": budget}, tuning={"trials": trials})
    tuning = join(settings, family)
    cost = f"lowest cost per client {tuning.best_cost:.4f}"
    typer.echo(f"Tuning {tuning.name}: {len(tuning.trials)} trials, {cost} with")
    for name, value in (tuning.best or {}).items():
        typer.echo(f"  {name} {value}")
