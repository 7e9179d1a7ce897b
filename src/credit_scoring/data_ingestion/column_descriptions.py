"""Compares the source's own list of columns, which Kaggle ships beside the tables, with the contracts."""

import csv
from collections import defaultdict

from credit_scoring.data_contracts import ALL_TABLES

DESCRIPTIONS_FILE = "HomeCredit_columns_description.csv"
_ENCODING = "cp1252"
_TABLE, _COLUMN = "Table", "Row"
_BOTH_APPLICATIONS = "application_{train|test}.csv"
"""What the file calls the two application tables, which it describes together."""


def differences_from_contracts(content: bytes) -> str:
    """One warning that names the columns that the list lacks or has in addition, by table; empty if there are none."""
    declared: dict[str, set[str]] = defaultdict(set)
    for table in ALL_TABLES:
        declared[_BOTH_APPLICATIONS if table.is_main else table.file_name].update(table.column_names)
    try:
        described = _described(content)
    except (csv.Error, KeyError, AttributeError) as error:
        return f"{DESCRIPTIONS_FILE} is not compared with the contracts, because it cannot be read ({error!r})."
    parts = [
        f"{name} {' and '.join(found)}"
        for name in sorted(declared.keys() | described.keys())
        if (found := _differences(declared[name], described[name]))
    ]
    return f"{DESCRIPTIONS_FILE} differs from the contracts: {'; '.join(parts)}." if parts else ""


def _described(content: bytes) -> dict[str, set[str]]:
    described: dict[str, set[str]] = defaultdict(set)
    for line in csv.DictReader(content.decode(_ENCODING, errors="replace").splitlines(), strict=True):
        described[line[_TABLE].strip()].add(line[_COLUMN].strip())
    return described


def _differences(declared: set[str], described: set[str]) -> list[str]:
    pairs = (("lacks", declared - described), ("has in addition", described - declared))
    return [f"{verb} {', '.join(sorted(columns))}" for verb, columns in pairs if columns]
