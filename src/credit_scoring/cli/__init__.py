"""`credit-scoring <command>`: one command per step, nothing else.

docs/ARCHITECTURE.md lists the exit codes.
"""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from credit_scoring import __version__
from credit_scoring.cli import decisions
from credit_scoring.cli import explain as explanations
from credit_scoring.cli import features, keys, models, synthesize
from credit_scoring.cli.options import Force, show, start, with_overrides
from credit_scoring.core.errors import CreditScoringError
from credit_scoring.core.settings import Settings
from credit_scoring.core.urls import without_password

app = typer.Typer(
    help="Credit scoring from raw tables to explained, recorded decisions. Start with `pipeline --source PATH`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.add_typer(synthesize.app, name="synthesize")
app.add_typer(features.app, name="features")
app.add_typer(decisions.app, name="decisions")
app.add_typer(keys.app, name="keys")
app.add_typer(models.app, name="model")

Source = Annotated[
    Path,
    typer.Option(help="Folder or zip with the eight Home Credit CSV files, or `kaggle`.", show_default=False),
]
BudgetOption = Annotated[
    Literal["quick", "full"] | None,
    typer.Option(
        "--budget",
        help="How much time training may take: quick (a look) or full (all rows, larger models, 50 trials).",
        show_default="CREDIT_TRAINING_BUDGET",
    ),
]
NOTHING_NEW = 10


def main() -> None:
    """Run a command; an error of the user's is one clear line and an exit code, never a traceback."""
    try:
        app()
    except CreditScoringError as error:
        console = Console(stderr=True, soft_wrap=True)
        console.print(f"Error: {error.message}", style="bold red", markup=False, highlight=False)
        console.print(error.next_step, markup=False, highlight=False)
        sys.exit(error.exit_code)


@app.command()
def ingest(
    source: Source,
    force: Force = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Only ask whether the source holds new data: exit code 0 if it does, 10 if not."
        ),
    ] = False,
) -> None:
    """Read the raw CSV files into typed, compressed Parquet buckets."""
    from credit_scoring.data_ingestion import step

    settings = start()
    if check:
        is_new = step.has_new_data(settings, source)
        typer.echo(f"{source}: {'new data' if is_new else 'nothing new since it was ingested'}.")
        raise typer.Exit(0 if is_new else NOTHING_NEW)
    show(settings, [step.run(settings, source, force)])


@app.command()
def validate(force: Force = False) -> None:
    """Check the ingested tables against their contracts and write the quality report."""
    from credit_scoring.data_validation import step

    settings = start()
    show(settings, [step.run(settings, force)])


@app.command()
def train(
    force: Force = False,
    budget: BudgetOption = None,
    families: Annotated[
        str | None, typer.Option(help="Model families to train, separated by commas.", show_default="all")
    ] = None,
    trials: Annotated[
        int | None, typer.Option(min=0, help="Trials of the tuning study; 0: none.", show_default="by budget")
    ] = None,
) -> None:
    """Train and compare all model families on the published features and register the Scorer of the champion."""
    from credit_scoring.train import step

    settings = with_overrides(
        start(),
        training={"budget": budget, "families": families},
        tuning={"trials": trials},
    )
    show(settings, [step.run(settings, force)])


@app.command()
def tune(
    family: Annotated[str, typer.Option(help="Model family to tune.")] = "lightgbm",
    budget: BudgetOption = None,
    trials: Annotated[
        int | None, typer.Option(min=1, help="Trials the study shall have in all.", show_default="by budget")
    ] = None,
) -> None:
    """Work on the tuning study of a family, beside other workers on the same database; training takes its best."""
    from credit_scoring.cli.output import print_tuning
    from credit_scoring.train.tuning import join

    tuning = join(with_overrides(start(), training={"budget": budget}, tuning={"trials": trials}), family)
    print_tuning(tuning.name, len(tuning.trials), tuning.best_cost, tuning.best or {})


@app.command()
def score(
    client: Annotated[
        int | None, typer.Option(help="Decide on this client's application alone, and record the decision.")
    ] = None,
    examples: Annotated[
        bool, typer.Option("--examples", help="Decide on two new clients, one to accept and one to refuse.")
    ] = False,
    source: Annotated[
        Path | None, typer.Option("--input", help="Score the raw applications of this CSV or Parquet file.")
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--output", help="CSV or Parquet file for the scores of --input.")
    ] = None,
    force: Force = False,
) -> None:
    """Score every published application or those of a file, or decide on single clients and record the decisions."""
    from credit_scoring.batch_scoring import step
    from credit_scoring.batch_scoring.known_clients import decide_on_clients, example_clients
    from credit_scoring.cli.output import print_decision

    if (source is None) != (target is None):
        raise typer.BadParameter("they belong together", param_hint="--input and --output")
    settings = start()
    if source is not None and target is not None:
        _score_file(settings, source, target)
        return
    if client is None and not examples:
        show(settings, [step.run(settings, force)])
        return
    chosen = example_clients(settings) if client is None else [client]
    for record in decide_on_clients(settings, chosen):
        print_decision(record)


def _score_file(settings: Settings, source: Path, target: Path) -> None:
    from credit_scoring.batch_scoring.score_file import score_file
    from credit_scoring.cli.output_models import print_scored_file

    print_scored_file(score_file(settings, source, target))


@app.command()
def explain(
    client: Annotated[
        int | None, typer.Option(help="Explain the decision on this client instead.", show_default=False)
    ] = None,
    decision: Annotated[
        str | None, typer.Option(help="Explain this recorded decision instead.", show_default=False)
    ] = None,
    language: Annotated[
        Literal["fr", "en"], typer.Option(help="Language of what a client may be told.")
    ] = "fr",
    force: Force = False,
) -> None:
    """Write which features drive the registered Scorer, or explain one decision with its reasons."""
    if client is not None and decision is not None:
        raise typer.BadParameter("give either --client or --decision")
    settings = start()
    if client is not None or decision is not None:
        explanations.explain_one(settings, client, decision, language)
        return
    from credit_scoring.governance import step

    show(settings, [step.run(settings, force)])


@app.command()
def drift(force: Force = False) -> None:
    """Compare new applications with those of the training."""
    from credit_scoring.drift_detection import step

    settings = start()
    show(settings, [step.run(settings, force)])


@app.command()
def pipeline(source: Source, force: Force = False, budget: BudgetOption = None) -> None:
    """Run every step in order, from CSV files to scores and reports; unchanged steps are skipped."""
    from credit_scoring import pipeline as flow

    settings = with_overrides(start(), training={"budget": budget})
    show(settings, flow.run(settings, source, force))


@app.command()
def reports() -> None:
    """List the reports of the current results."""
    from credit_scoring import pipeline as flow
    from credit_scoring.cli.output import print_reports

    settings = start()
    print_reports(flow.reports(settings))


@app.command()
def tracking(port: Annotated[int, typer.Option(help="Port on this machine.")] = 5000) -> None:
    """Start the MLflow interface on the tracked runs and registered models."""
    from mlflow.cli import cli as mlflow_command
    from mlflow.environment_variables import MLFLOW_SERVER_ENABLE_JOB_EXECUTION

    from credit_scoring.model_registry.registry import ModelRegistry

    uri = ModelRegistry(start()).tracking_uri
    if uri.startswith("http"):
        typer.echo(
            f"Runs and models are tracked by a server, which shows them itself: {without_password(uri)}"
        )
        return
    if not MLFLOW_SERVER_ENABLE_JOB_EXECUTION.is_set():
        # Its jobs judge language models, and take half a core.
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION.set(False)
    mlflow_command(["server", "--backend-store-uri", uri, "--host", "127.0.0.1", "--port", str(port)])


@app.command()
def serve() -> None:
    """Start the prediction service (address and port: CREDIT_API_HOST, CREDIT_API_PORT)."""
    from credit_scoring.api import server

    settings = start()
    address = f"http://{settings.api.host}:{settings.api.port}"
    server.run(
        settings, lambda: typer.echo(f"ServiceState on {address}, documented at /docs; Ctrl-C ends it.")
    )


@app.command()
def version() -> None:
    """Print the version of this program."""
    typer.echo(__version__)


if __name__ == "__main__":
    main()
