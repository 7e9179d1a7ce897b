"""docs/ARCHITECTURE.md names the functions that an application, and a feature, pass through, and every database."""

import importlib
import re
from functools import reduce
from pathlib import Path

from credit_scoring.cli.database import SCHEMAS

SOURCES = Path(__file__).parents[2] / "src"
PAGE = Path(__file__).parents[2] / "docs" / "ARCHITECTURE.md"
MAXIMUM_FUNCTIONS_OF_A_REQUEST = 15


def _functions(title: str) -> list[tuple[str, str]]:
    """File and function of each row of a section's table."""
    section = PAGE.read_text().split(f"## {title}")[1].split("\n## ")[0]
    return re.findall(r"^\| \d+ \| `(\S+)\.py` \| (?:`([\w.]+)`)? ?\|", section, re.MULTILINE)


def _require_existing(functions: list[tuple[str, str]]) -> None:
    for file, name in functions:
        module = importlib.import_module("credit_scoring." + file.removesuffix("/__init__").replace("/", "."))
        assert not name or callable(reduce(getattr, name.split("."), module)), f"{file}.py: {name}"


def test_a_request_crosses_at_most_15_functions_which_all_exist() -> None:
    functions = _functions("One application, from HTTP to the ledger")
    assert 0 < len(functions) <= MAXIMUM_FUNCTIONS_OF_A_REQUEST
    _require_existing(functions)


def test_every_function_on_the_way_from_a_declaration_to_a_reason_exists() -> None:
    functions = _functions("One feature, from its declaration to a reason")
    assert len(functions) == 12
    _require_existing(functions)


def test_every_database_is_in_the_picture_of_the_processes_and_in_the_list_of_files() -> None:
    code = "\n".join(path.read_text() for path in SOURCES.rglob("*.py"))
    databases = set(re.findall(r"database_url\([^,)]+, \"(\w+)\"\)", code)) | {schema.file for schema in SCHEMAS}
    assert len(databases) == 6
    page = PAGE.read_text()
    assert databases == set(re.findall(r"\[\(\"(\w+)(?:<br/>[^\"]*)?\"\)\]", page))
    (files,) = re.findall(r"databases/ +(.+) \(or PostgreSQL", page)
    assert {f"{name}.db" for name in databases} == set(files.split(", "))
