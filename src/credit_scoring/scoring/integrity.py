"""Checks before a saved model is used: checksums of its files, and versions of the libraries that it depends on.

A changed or missing file is detected, and so is a library that may not read what a newer major version wrote.
"""

import json
from importlib import import_module
from pathlib import Path

from credit_scoring.core.atomic_files import clear_read_errors
from credit_scoring.core.errors import StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.manifest import fingerprint_of_file

SEAL_FILE = "checksums.json"


def file_hashes(folder: Path) -> dict[str, str]:
    """Hash of every file below a folder, by relative path; without checksums.json."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SEAL_FILE)
    return {path.relative_to(folder).as_posix(): fingerprint_of_file(path) for path in files}


def seal(folder: Path) -> None:
    """Write checksums.json with the hash of every file below the folder."""
    (folder / SEAL_FILE).write_text(json.dumps(file_hashes(folder), indent=1))


def check_seal(folder: Path, next_step: str) -> None:
    """Compare every file with its hash.

    Raises:
        StorageError: a file is missing, changed, or was added after the folder was sealed.
    """
    with clear_read_errors(folder / SEAL_FILE, next_step):
        expected: dict[str, str] = dict(json.loads((folder / SEAL_FILE).read_bytes()))
    found = file_hashes(folder)
    for name, wanted in expected.items():
        if name not in found:
            raise StorageError(f"{folder / name} is missing.", next_step)
        if found[name] != wanted:
            raise StorageError(f"{folder / name} has the hash {found[name]} instead of {wanted}.", next_step)
    if added := sorted(found.keys() - expected.keys()):
        raise StorageError(f"{folder / added[0]} does not belong there.", next_step)


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
