"""Which libraries a saved model depends on: newer major versions of them may not be read by older ones."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from credit_scoring.core.errors import StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.scoring.models.blend import BlendModel
from credit_scoring.scoring.models.model import Model

_DISTRIBUTIONS = {
    "catboost": ("catboost",),
    "lightgbm": ("lightgbm",),
    "xgboost": ("xgboost-cpu", "xgboost"),
}
"""Packages that hold the library of a family, the first that is installed counts; other families are plain NumPy."""


def library_versions(model: Model) -> dict[str, str]:
    """Installed versions of NumPy and of the library of each family in the model."""
    families = {part.family for part in model.components} if isinstance(model, BlendModel) else {model.family}
    found = {family: _installed(family) for family in sorted(families & _DISTRIBUTIONS.keys())}
    return {"numpy": version("numpy")} | {family: known for family, known in found.items() if known}


def check_library_versions(folder: Path, saved_with: dict[str, str]) -> None:
    """Compare with what is installed; a difference that should do no harm is logged.

    Raises:
        StorageError: a library is of an older major version than the one the model was saved with.
    """
    for library, written in saved_with.items():
        installed = _installed(library)
        # A library that is not there at all is reported by the family that cannot be loaded without it.
        if installed is None or installed == written:
            continue
        if _major(installed) < _major(written):
            raise StorageError(
                f"The Scorer in {folder} was saved with {library} {written}, installed is {installed}.",
                f"Install {library} {written}, or choose another model version.",
            )
        get_logger("scoring").warning(
            "library differs from training", library=library, saved_with=written, installed=installed
        )


def _installed(library: str) -> str | None:
    for distribution in _DISTRIBUTIONS.get(library, (library,)):
        try:
            return version(distribution)
        except PackageNotFoundError:
            continue
    return None


def _major(number: str) -> int:
    return int(number.split(".")[0])
