"""`credit-scoring features <command>`: compute features, publish them, and work with published versions."""

from pathlib import Path
from typing import Annotated

import typer

from credit_scoring.cli.options import Force, show, start
from credit_scoring.core.atomic_files import replacing_file
from credit_scoring.core.storage import Storage

app = typer.Typer(help="Compute features and work with their published versions.", no_args_is_help=True)

Version = Annotated[str, typer.Argument(help="Number or tag of a published version.", show_default=False)]
InUse = Annotated[str | None, typer.Option("--version", help="Number or tag; the version in use by default.")]
Out = Annotated[Path, typer.Option(help="Parquet file to write.", show_default=False)]


@app.command()
def build(force: Force = False) -> None:
    """Compute all features of the validated tables."""
    from credit_scoring.feature_engineering import step

    settings = start()
    show(settings, [step.run(settings, force)])


@app.command()
def publish(force: Force = False) -> None:
    """Publish the computed features: an offline version, and online rows for the service."""
    from credit_scoring.feature_store import step

    settings = start()
    show(settings, [step.run(settings, force)])


@app.command(name="list")
def list_versions() -> None:
    """List the published versions."""
    from credit_scoring.cli.output import print_feature_versions
    from credit_scoring.feature_store.offline import bytes_of_version, versions
    from credit_scoring.feature_store.versions import tags

    storage = Storage.of(start())
    known = versions(storage.offline_features())
    sizes = {
        version.number: bytes_of_version(storage.offline_features(), version.number) for version in known
    }
    print_feature_versions(known, sizes, tags(storage))


@app.command(name="show")
def show_version(version: Version) -> None:
    """Show everything a published version says of itself, as JSON."""
    from credit_scoring.feature_store.versions import find_version

    typer.echo(find_version(Storage.of(start()), version).model_dump_json(indent=2, exclude={"population"}))


@app.command()
def tag(version: Version, name: Annotated[str, typer.Argument(help="A word; tags never move.")]) -> None:
    """Give a published version a name."""
    from credit_scoring.feature_store.versions import find_version, tag_version

    storage = Storage.of(start())
    chosen = find_version(storage, version)
    tag_version(storage, chosen, name)
    typer.echo(f"Feature version {chosen.number} is called {name}.")


@app.command()
def read(version: Version, out: Out) -> None:
    """Write all rows of a published version, as they were published, into one Parquet file."""
    _write(version, out)


@app.command()
def export(out: Out, version: InUse = None) -> None:
    """Write SK_ID_CURR, TARGET and all features of the version in use into one Parquet file, for analysis."""
    _write(version, out)


@app.command()
def diff(before: Version, after: Version) -> None:
    """Say which features appeared, vanished or moved from one version to another."""
    from credit_scoring.cli.output import print_version_difference
    from credit_scoring.feature_store.versions import compare_versions, find_version

    storage = Storage.of(start())
    old, new = find_version(storage, before), find_version(storage, after)
    print_version_difference(compare_versions(storage.offline_features(), old, new))


@app.command()
def restore(version: Version) -> None:
    """Use an older version again: for training, and for the service's online rows."""
    from credit_scoring.feature_store.step import use_version
    from credit_scoring.feature_store.versions import find_version

    settings = start()
    show(settings, [use_version(settings, find_version(Storage.of(settings), version))])


@app.command()
def materialize(version: InUse = None) -> None:
    """Load the online rows of a version again, for instance into another database."""
    from credit_scoring.feature_store.step import published_version, use_version
    from credit_scoring.feature_store.versions import find_version

    settings = start()
    chosen = find_version(Storage.of(settings), version) if version else published_version(settings)
    show(settings, [use_version(settings, chosen, reload=True)])


def _write(version: str | None, out: Path) -> None:
    from credit_scoring.cli.output import print_written
    from credit_scoring.feature_store.offline import read_version
    from credit_scoring.feature_store.step import published_version
    from credit_scoring.feature_store.versions import find_version

    settings = start()
    storage = Storage.of(settings)
    chosen = find_version(storage, version) if version else published_version(settings)
    frame = read_version(storage.offline_features(), chosen.number)
    with replacing_file(out) as aside:
        frame.write_parquet(aside)
    print_written(out, frame.height, frame.width, chosen.source)
