"""`credit-scoring features <command>`: compute features, publish them, and work with published versions."""

import json
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from credit_scoring.batch_scoring.writing import writing_table
from credit_scoring.cli.options import Force, Output, start
from credit_scoring.cli.output import BYTES_PER_MEGABYTE, print_summary, print_table
from credit_scoring.core.storage import Storage
from credit_scoring.feature_engineering import definition
from credit_scoring.feature_engineering import step as feature_engineering
from credit_scoring.feature_engineering.catalogue import FEATURES, feature_names, range_of
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.offline import bytes_of_version, read_version, versions
from credit_scoring.feature_store.step import published_version, use_version
from credit_scoring.feature_store.versions import compare_versions, describe, find_version, tag_version, tags_of

app = typer.Typer(help="Compute features and work with their published versions.", no_args_is_help=True)

Version = Annotated[str, typer.Argument(help="Number or tag of a published version.", show_default=False)]
_VERSION_COLUMNS = ("version", "date", "rows", "features", "MB", "content", "source", "data", "code", "tags")
InUse = Annotated[str | None, typer.Option("--version", help="Number or tag; the version in use by default.")]


@app.command()
def build(force: Force = False) -> None:
    """Compute all features of the validated tables."""
    settings = start()
    print_summary([feature_engineering.run(settings, force)], settings.data_directory)


@app.command()
def publish(force: Force = False) -> None:
    """Publish the computed features: an offline version, and online rows for the service."""
    settings = start()
    print_summary([feature_store.run(settings, force)], settings.data_directory)


@app.command(name="list")
def list_versions() -> None:
    """List the published versions."""
    storage = Storage.of(start())
    offline = storage.offline_features()
    rows = [
        (
            str(version.number),
            f"{version.created_at:%Y-%m-%d %H:%M}",
            f"{version.rows:,}",
            str(version.features),
            f"{bytes_of_version(offline, version.number) / BYTES_PER_MEGABYTE:,.1f}",
            version.content_hash,
            version.source_fingerprint,
            version.source,
            version.code_version,
            ", ".join(tags_of(storage, version)),
        )
        for version in versions(offline)
    ]
    print_table(_VERSION_COLUMNS, rows, f"No version is published in {offline}. Run `credit-scoring features publish`.")


@app.command(name="show")
def show_version(version: Version) -> None:
    """Print everything about a published version as JSON: date, size, contents, code, tags, documents."""
    storage = Storage.of(start())
    typer.echo(json.dumps(describe(storage, find_version(storage, version)), indent=2))


@app.command()
def tag(version: Version, name: Annotated[str, typer.Argument(help="The tag; it cannot be moved later.")]) -> None:
    """Tag a published version."""
    storage = Storage.of(start())
    chosen = find_version(storage, version)
    tag_version(storage, chosen, name)
    typer.echo(f"Feature version {chosen.number} is tagged {name}.")


@app.command()
def export(output: Output, version: InUse = None) -> None:
    """Write SK_ID_CURR, TARGET and all features of a version to one CSV or Parquet file."""
    settings = start()
    storage = Storage.of(settings)
    chosen = find_version(storage, version) if version else published_version(settings)
    frame = read_version(storage.offline_features(), chosen.number)
    with writing_table(output, frame.schema) as write:
        write(frame)
    synthetic = " synthetic" if chosen.source == "synthetic" else ""
    typer.echo(f"{output}: {frame.height:,}{synthetic} rows, {frame.width} columns")


@app.command()
def diff(before: Version, after: Version) -> None:
    """List the features that appeared, vanished or drifted between two versions."""
    storage = Storage.of(start())
    old, new = find_version(storage, before), find_version(storage, after)
    difference = compare_versions(storage.offline_features(), old, new)
    for title, names in (("appeared", difference.appeared), ("vanished", difference.vanished)):
        typer.echo(f"{len(names)} features {title}{': ' if names else ''}{', '.join(names)}")
    typer.echo(f"{len(difference.moved)} of {difference.compared} features moved")
    for name, index in difference.moved.items():
        typer.echo(f"  {name}  stability index {index:.3f}")


@app.command()
def use(version: Version) -> None:
    """Use a published version from now on: for training, and for the service's online rows."""
    settings = start()
    chosen = find_version(Storage.of(settings), version)
    print_summary([use_version(settings, chosen)], settings.data_directory)


@app.command()
def reload(version: InUse = None) -> None:
    """Load the online rows of a version again, for instance into another database."""
    settings = start()
    chosen = find_version(Storage.of(settings), version) if version else published_version(settings)
    print_summary([use_version(settings, chosen, reload=True)], settings.data_directory)


@app.command()
def where(name: Annotated[str, typer.Argument(help="Name of a feature.", show_default=False)]) -> None:
    """Print where a feature is declared, what it is computed from and what it means."""
    feature = next((feature for feature in FEATURES if feature.name == name), None)
    if feature is None:
        similar = ", ".join(get_close_matches(name, feature_names())) or "see docs/FEATURES.md"
        raise typer.BadParameter(f"No feature is called {name!r}; similar names: {similar}.")
    disclosure, constraint = feature.disclosure, {-1: "only lowers it", 0: "free", 1: "only raises it"}
    lines = {
        "declared at": Path(definition.__file__).parent / feature.declared_at,
        "meaning": feature.meaning,
        "source": feature.source,
        "inputs": ", ".join(feature.inputs),
        "unit": feature.unit,
        "range": range_of(feature),
        "concept": feature.concept + (" (protected)" if feature.concept.is_protected else ""),
        "disclosed": f"as {disclosure.shown_as}" if disclosure else "no",
        "probability of default in a constrained model": constraint[feature.monotone],
    }
    for title, value in lines.items():
        typer.echo(f"{title}: {value}")
