"""docs/ARCHITECTURE.md names the functions that an application, and a feature, pass through."""

import importlib
import re
from functools import reduce
from pathlib import Path

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
