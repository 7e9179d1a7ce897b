"""docs/ARCHITECTURE.md names the functions that an application passes from HTTP to the ledger."""

import importlib
import re
from functools import reduce
from pathlib import Path

MAXIMUM_FUNCTIONS = 15
PAGE = Path(__file__).parents[3] / "docs" / "ARCHITECTURE.md"


def test_every_function_of_the_documented_request_path_exists_and_there_are_at_most_15() -> None:
    section = PAGE.read_text().split("## One application, from HTTP to the ledger")[1].split("\n## ")[0]
    rows = re.findall(r"^\| \d+ \| `(\S+)\.py` \| `([\w.]+)` \|", section, re.MULTILINE)
    assert 0 < len(rows) <= MAXIMUM_FUNCTIONS
    for file, name in rows:
        module = importlib.import_module("credit_scoring." + file.replace("/", "."))
        assert callable(reduce(getattr, name.split("."), module)), f"{file}.py: {name}"
