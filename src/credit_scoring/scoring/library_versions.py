"""Versions of the libraries a saved model depends on: an older major version may not read what a newer one wrote."""

from importlib import import_module
from pathlib import Path

from credit_scoring.core.errors import StorageError
from credit_scoring.core.logs import get_logger


def library_versions(libraries: tuple[str, ...]) -> dict[str, str]:
    """Installed versions of NumPy and of libraries, by import name."""
    return {name: str(import_module(name).__version__) for name in ("numpy", *libraries)}


def check_library_versions(folder: Path, saved_with: dict[str, str]) -> None:
    """Compare with the installed versions; a harmless difference is logged.

    Raises:
        StorageError: a library is of an older major version than the one the model was saved with.
    """
    for library, saved in saved_with.items():
        try:
            installed = str(import_module(library).__version__)
        except ImportError:
            # Loading the model reports it.
            continue
        if installed == saved:
            continue
        if _major(installed) < _major(saved):
            raise StorageError(
                f"The Scorer in {folder} was saved with {library} {saved}, installed is {installed}.",
                f"Install {library} {saved}, or choose another model version.",
            )
        get_logger("scoring").warning(
            "library differs from training", library=library, saved_with=saved, installed=installed
        )


def _major(version: str) -> int:
    return int(version.split(".")[0])
