"""`credit-scoring bootstrap`: the first start of an installation."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from credit_scoring import pipeline as flow
from credit_scoring.batch_scoring.known_clients import scored_example
from credit_scoring.cli.database import checked_schemas
from credit_scoring.cli.options import start
from credit_scoring.cli.output import print_summary
from credit_scoring.core.atomic_files import write_atomically
from credit_scoring.core.errors import MissingArtefactError, ModelNotFoundError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.column_types import MAX_IDENTIFIER
from credit_scoring.data_ingestion.raw_data import is_empty
from credit_scoring.decisions.service import open_decision_service
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer
from credit_scoring.smoke.example import SmokeExample
from credit_scoring.synthetic_data import step as synthetic_data

app = typer.Typer()


@app.command()
def bootstrap(
    source: Annotated[
        Path | None,
        typer.Option(
            help="Folder or zip with the tables; synthetic clients are drawn if it is missing or empty.",
            show_default=False,
        ),
    ] = None,
    clients: Annotated[int, typer.Option(min=1, max=MAX_IDENTIFIER, help="Number of synthetic clients.")] = 2_000,
    seed: Annotated[int, typer.Option(min=0, max=MAX_IDENTIFIER, help="Of the synthetic clients.")] = 1,
) -> None:
    """Make sure that there is a model to serve: train one if there is none.

    A trained model stays in staging, and no gate is waived. Then the example of the smoke test is written. An
    interrupted run continues when it is started again.
    """
    settings = start()
    # A schema that does not fit would be found after minutes of work.
    list(checked_schemas(settings))
    try:
        registered = _model_to_serve(settings)
    except (ModelNotFoundError, MissingArtefactError):
        manifests = flow.run(settings, _tables(settings, source, clients, seed))
        print_summary(list(manifests), settings.data_directory)
        registered = _model_to_serve(settings)
    origin = registered.scorer.description.source
    typer.echo(f"Model version {registered.version}, trained on {origin} data, can be served.")
    if registered.deployment and registered.deployment.alias != settings.registry.model_alias:
        typer.echo(
            "It is in staging; with CREDIT_ENVIRONMENT=production, a service starts only after "
            "`credit-scoring model promote staging --why REASON`."
        )
    try:
        _write_example(settings)
    except MissingArtefactError as error:
        typer.echo(f"The example of the smoke test is not up to date: {error}", err=True)


def _model_to_serve(settings: Settings) -> RegisteredScorer:
    """The model that a service would start with.

    Raises:
        ModelNotFoundError, MissingArtefactError: nothing is registered or published yet.
        StorageError: the model does not fit the published features, or a database is unavailable.
    """
    with closing(open_decision_service(settings, reads_only=True)) as service:
        return service.registered


def _tables(settings: Settings, source: Path | None, clients: int, seed: int) -> Path:
    """The source if it holds anything, else synthetic tables.

    Raises:
        MissingArtefactError: the installation has seen real clients, which synthetic ones must not replace.
    """
    if source is not None and not is_empty(source):
        return source
    storage = Storage.of(settings)
    origins = {manifest.source for manifest, _ in storage.current_versions()}
    if "real" in origins | {version.tags.get("source") for version in ModelRegistry(settings).versions()}:
        raise MissingArtefactError(
            f"{storage.root} or the registry holds results of real clients, but no model can be served.",
            "Give the tables with --source, or restore what is missing.",
        )
    typer.echo(
        f"{'No source was given' if source is None else f'{source} holds no tables'}: drawing synthetic clients."
    )
    synthetic_data.run(settings, output=storage.synthetic_tables(), clients=clients, seed=seed)
    return storage.synthetic_tables()


def _write_example(settings: Settings) -> None:
    """Run what an interrupted run left of the flow, and write the example of the smoke test.

    Raises:
        MissingArtefactError: the tables of the published features are not in this data directory.
    """
    storage = Storage.of(settings)
    finished = {manifest.step for manifest, _ in storage.current_versions()}
    for name, step in flow.STEPS_OF_A_MODEL.items():
        if name not in finished:
            step(settings)
    example = SmokeExample(**scored_example(settings)._asdict())
    write_atomically(storage.smoke_example(), example.model_dump_json(indent=1).encode())
    typer.echo(f"{storage.smoke_example()} is the example of the smoke test.")
