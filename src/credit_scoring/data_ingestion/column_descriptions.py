"""Compares the source's own list of columns, which Kaggle ships beside the tables, with the contracts."""

import csv
from collections import defaultdict

from credit_scoring.data_contracts import ALL_TABLES

DESCRIPTIONS_FILE = "HomeCredit_columns_description.csv"
_ENCODING = "cp1252"
_TABLE, _COLUMN = "Table", "Row"
_BOTH_APPLICATIONS = "application_{train|test}.csv"
"""What the file calls the two application tables, which it describes together."""
_PUBLISHED_NAMES = {"SK_BUREAU_ID": "SK_ID_BUREAU"}
"""Names of the published file that differ from those in the published tables."""
_WITHOUT_COLUMN = ("previous_application.csv", "NFLAG_MICRO_CASH")
"""Described in the published file, but not a column of the published table."""


def differences_from_contracts(content: bytes) -> str:
    """One warning that names the columns that the list lacks or has in addition, by table; empty if there are none.

    The two known errors of the published list are not differences.
    """
    declared: dict[str, set[str]] = defaultdict(set)
    for table in ALL_TABLES:
        declared[_BOTH_APPLICATIONS if table.is_main else table.file_name].update(table.column_names)
    described = _described(content)
    if not described:
        return (
            f"{DESCRIPTIONS_FILE} is not compared with the contracts: "
            f"it is not a CSV file with the columns {_TABLE} and {_COLUMN}."
        )
    parts = [
        f"{name} {' and '.join(found)}"
        for name in sorted(declared.keys() | described.keys())
        if (found := _differences(declared[name], described[name]))
    ]
    return f"{DESCRIPTIONS_FILE} differs from the contracts: {'; '.join(parts)}." if parts else ""


def _described(content: bytes) -> dict[str, set[str]]:
    """Columns by table; empty if the content is no such list."""
    described: dict[str, set[str]] = defaultdict(set)
    try:
        for line in csv.DictReader(content.decode(_ENCODING, errors="replace").splitlines(), strict=True):
            table, column = line[_TABLE].strip(), line[_COLUMN].strip()
            if (table, column) != _WITHOUT_COLUMN:
                described[table].add(_PUBLISHED_NAMES.get(column, column))
    except (csv.Error, KeyError, AttributeError):  # a short line has None in place of a text
        return {}
    return described


def _differences(declared: set[str], described: set[str]) -> list[str]:
    pairs = (("lacks", declared - described), ("has in addition", described - declared))
    return [f"{verb} {', '.join(sorted(columns))}" for verb, columns in pairs if columns]
