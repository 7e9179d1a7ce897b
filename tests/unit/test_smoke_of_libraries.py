"""Every library the project depends on does one small piece of work at its locked version.

A resolution that succeeds can still fail at run time. The list comes from pyproject.toml, so a new dependency fails
here until it has an exercise.
"""

import re
import tomllib
from pathlib import Path

import pytest

from tests.support.library_exercises import EXERCISES

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
RUN_BY_MAKE_CHECK_AND_TEST = {
    "bandit",
    "black",
    "detect-secrets",
    "flake8",
    "flake8-bugbear",
    "git-cliff",
    "import-linter",
    "isort",
    "mypy",
    "pip-audit",
    "pre-commit",
    "pytest",
    "pytest-cov",
    "pytest-xdist",
    "pyyaml",
}
TESTED_IN_ITS_IMAGE = {"jupyterlab"}


def declared_libraries() -> set[str]:
    """Names of all dependencies, without versions, extras and the project's own parts."""
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    names = {re.split(r"[\[<>=~!; ]", line)[0] for group in groups for line in group}
    return names - {PROJECT["name"]} - TESTED_IN_ITS_IMAGE


def test_every_declared_library_has_an_exercise() -> None:
    assert declared_libraries() == EXERCISES.keys() | RUN_BY_MAKE_CHECK_AND_TEST


@pytest.mark.slow
@pytest.mark.parametrize("library", sorted(declared_libraries() - RUN_BY_MAKE_CHECK_AND_TEST))
def test_the_library_works_at_its_locked_version(library: str, tmp_path: Path) -> None:
    EXERCISES[library](tmp_path)
