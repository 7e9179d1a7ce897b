"""One file per model family: how its models are fitted, saved, read and evaluated. Each file declares ``FAMILY``.

The prediction service loads these files too, with few libraries installed. A library that only training needs is
therefore imported inside `fit`, and a family whose models need one to answer declares ``is_served=False``.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

from credit_scoring.core.atomic_files import clear_read_errors
from credit_scoring.core.errors import StorageError
from credit_scoring.scoring.model_family import Model, ModelFamily

RETRAIN = "Run `credit-scoring train --force`, or choose another model version."
OPTIONAL_FAMILIES = ("catboost",)
"""Families named after a library that is an extra of its own, since it is large."""


def family_names() -> list[str]:
    """The file names of this folder, in alphabetical order."""
    return sorted(module.name for module in iter_modules(__path__))


def family_named(name: str) -> ModelFamily:
    """The declaration of a family.

    Raises:
        StorageError: the family is unknown, or its library is not installed.
    """
    if name not in family_names():
        raise StorageError(f"There is no model family {name!r} (known: {', '.join(family_names())}).", RETRAIN)
    try:
        family: ModelFamily = import_module(f"{__name__}.{name}").FAMILY
    except ImportError as error:
        raise StorageError(
            f"A model of the family {name} needs a library that is not installed ({error}).",
            f"Install {error.name or name}, or choose another model version.",
        ) from error
    return family


def all_families() -> dict[str, ModelFamily]:
    """Every family by name, in alphabetical order, without optional ones whose library is not installed.

    Raises:
        StorageError: a library that every training needs is not installed.
    """
    missing = {name for name in OPTIONAL_FAMILIES if find_spec(name) is None}
    return {name: family_named(name) for name in family_names() if name not in missing}


def load_model(name: str, folder: Path) -> Model:
    """The model of a family that `save` left in a folder.

    Raises:
        StorageError: the family is unknown, its library is not installed, or a file is missing or damaged.
    """
    family = family_named(name)
    with clear_read_errors(f"The {name} model in {folder}", RETRAIN):
        return family.load(folder)
