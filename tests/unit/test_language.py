"""Prose and names use the field's terms; words of a private vocabulary are refused."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROSE_FOLDERS = ("src", "docs", "tests", "scripts", "benchmarks", "monitoring", "airflow")
PROSE_SUFFIXES = {".py", ".md", ".jinja", ".html"}
SINGLE_FILES = ("Makefile", "README.md", "CONTRIBUTING.md", ".env.example")
BANNED_WORDS = re.compile(
    r"\b(rooms?|houses?|told|withheld|for ever|nobody|entrants?|contenders?|dearer|coin|dealt out|moved class weights"
    # The source does not say for which period a client declares the income.
    r"|(yearly|annual) income)\b",
    re.IGNORECASE,
)
BANNED_PARTS_OF_NAMES = {"most", "least", "place", "places", "asked", "words", "study", "studies"}
ALLOWED = re.compile(
    # Values of the raw data, fields of stored ledgers, and a Unix account.
    r"House / apartment|terraced house|House Construction|Building a house or an annex|[`\"']withheld[`\"']|\"nobody\"",
    re.IGNORECASE,
)
NAMES_OF_LIBRARIES = {"create_study", "load_study", "delete_study", "study_name", "study"}


def _files() -> list[Path]:
    found = [
        path
        for folder in PROSE_FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in PROSE_SUFFIXES and path != Path(__file__)
    ]
    return [*found, *(ROOT / name for name in SINGLE_FILES)]


def _names(path: Path) -> set[str]:
    """Names that a module defines: functions, classes, parameters and variables."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                # A test's name is a sentence, where "at most" is plain English.
                names |= set() if name.startswith("test_") else {name}
            case ast.arg():
                names.add(node.arg)
            case ast.Name(ctx=ast.Store()):
                names.add(node.id)
            case ast.Attribute(ctx=ast.Store()):
                names.add(node.attr)
    return names


def _is_banned(name: str) -> bool:
    parts = re.split(r"_|(?<=[a-z])(?=[A-Z])", name)
    return name not in NAMES_OF_LIBRARIES and bool(BANNED_PARTS_OF_NAMES & {part.lower() for part in parts})


def test_prose_uses_the_terms_of_the_field() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{number}": line.strip()
        for path in _files()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if BANNED_WORDS.search(ALLOWED.sub("", line))
    }
    assert not found


def test_names_use_the_terms_of_the_field() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): sorted(banned)
        for path in _files()
        if path.suffix == ".py" and (banned := {name for name in _names(path) if _is_banned(name)})
    }
    assert not found


@pytest.mark.parametrize("name", ["most_rows", "MOST_ROWS", "least_share", "place", "AskedFor", "study_tracking"])
def test_a_name_with_a_banned_part_is_found(name: str) -> None:
    assert _is_banned(name)


@pytest.mark.parametrize("name", ["replace", "study_name", "almost", "placement"])
def test_a_name_that_only_resembles_a_banned_one_is_allowed(name: str) -> None:
    assert not _is_banned(name)
