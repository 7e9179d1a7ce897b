"""One file per model family: adding a family is adding a file that defines CANDIDATE."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from credit_scoring.train.families.family import Candidate


@cache
def candidates() -> dict[str, Candidate]:
    """Every family of this folder by name, in alphabetical order."""
    modules = sorted(found.name for found in iter_modules(__path__) if found.name != "family")
    every: list[Candidate] = [import_module(f"{__name__}.{module}").CANDIDATE for module in modules]
    return {candidate.family: candidate for candidate in every}
