"""The source's list of columns is compared with the contracts."""

import csv
import io

import pytest

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.data_ingestion.column_descriptions import differences_from_contracts

Lines = set[tuple[str, str]]


def lines_of_contracts() -> Lines:
    """Table and column of every contract, as the file names them."""
    return {
        ("application_{train|test}.csv" if table.is_main else table.file_name, name)
        for table in ALL_TABLES
        for name in table.column_names
    }


def content(lines: Lines) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(("", "Table", "Row", "Description", "Special"))
    writer.writerows(
        (number, table, f"{column} ", "Income, maternity leave…", "")
        for number, (table, column) in enumerate(sorted(lines))
    )
    return stream.getvalue().encode("cp1252")


def test_the_columns_of_the_contracts_need_no_warning() -> None:
    assert differences_from_contracts(content(lines_of_contracts())) == ""


def test_lacking_and_additional_columns_are_named_by_table() -> None:
    lines = lines_of_contracts() - {("bureau.csv", "CREDIT_TYPE")}
    lines |= {("bureau.csv", "CREDIT_KIND"), ("moon.csv", "CRATERS")}
    assert differences_from_contracts(content(lines)) == (
        "HomeCredit_columns_description.csv differs from the contracts: "
        "bureau.csv lacks CREDIT_TYPE and has in addition CREDIT_KIND; moon.csv has in addition CRATERS."
    )


def test_the_two_errors_of_the_published_list_need_no_warning() -> None:
    lines = {(table, column.replace("SK_ID_BUREAU", "SK_BUREAU_ID")) for table, column in lines_of_contracts()}
    assert differences_from_contracts(content(lines | {("previous_application.csv", "NFLAG_MICRO_CASH")})) == ""
    elsewhere = content(lines | {("bureau.csv", "NFLAG_MICRO_CASH")})
    assert "bureau.csv has in addition NFLAG_MICRO_CASH." in differences_from_contracts(elsewhere)


@pytest.mark.parametrize(
    "damaged", [b"", b"a,b\n", b"a,b\n1,2\n", b"Table,Row\nbureau.csv\n", b'Table,Row\n"bureau.csv,x\n']
)
def test_a_file_that_is_no_list_of_columns_is_said_not_to_be_compared(damaged: bytes) -> None:
    assert differences_from_contracts(damaged) == (
        "HomeCredit_columns_description.csv is not compared with the contracts: "
        "it is not a CSV file with the columns Table and Row."
    )
