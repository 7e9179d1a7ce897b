"""One file per model family: adding a family is adding a file that defines CANDIDATE."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from credit_scoring.train.candidates.candidate import Candidate


@cache
def candidates() -> dict[str, Candidate]:
    """Every family of this folder by name, in alphabetical order."""
    modules = sorted(found.name for found in iter_modules(__path__) if found.name != "candidate")
    every: list[Candidate] = [import_module(f"{__name__}.{module}").CANDIDATE for module in modules]
    return {candidate.family: candidate for candidate in every}
