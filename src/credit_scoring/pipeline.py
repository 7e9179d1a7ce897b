"""The whole batch flow on one page: from raw CSV files to scores and reports.

Each step reads what an earlier one left in the storage, so the order below is all there is to know. A step whose
inputs, settings and code did not change is skipped; a killed run is continued by running again. Each step is loaded
when its turn comes: a source that is not there is said at once, and not after the libraries of every step.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage

Step = Callable[..., Manifest]


def steps(source: Path) -> dict[str, Step]:
    """The steps by name, in the order in which they run."""
    return {
        "ingest": partial(_run, "data_ingestion", source=source),
        "validate": partial(_run, "data_validation"),
        "features": partial(_run, "feature_engineering"),
        "publish": partial(_run, "feature_store"),
        "train": partial(_run, "train"),
        "score": partial(_run, "decisions"),
        "explain": partial(_run, "explain"),
        "drift": partial(_run, "drift_detection"),
    }


def _run(room: str, settings: Settings, **arguments: object) -> Manifest:
    manifest: Manifest = import_module(f"credit_scoring.{room}.step").run(settings, **arguments)
    return manifest


def run(settings: Settings, source: Path, force: bool = False) -> Iterator[Manifest]:
    """Run all steps; yields each manifest as soon as its step has finished.

    Args:
        source: folder or zip of the eight CSV files.
        force: compute everything again.
    """
    for step in steps(source).values():
        yield step(settings, force=force)


def reports(settings: Settings) -> dict[str, list[Path]]:
    """Paths of the HTML reports of the current results, by step; steps that have not run are left out."""
    storage, found = Storage.of(settings), dict[str, list[Path]]()
    for step in steps(source=Path()):
        with suppress(MissingArtefactError):
            manifest, folder = storage.current_version(step)
            found[step] = [folder / part.path for part in manifest.outputs if part.path.endswith(".html")]
    return found
