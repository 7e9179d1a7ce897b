"""The contracts against rows of the real tables.

The sample is not part of the repository; without it (`CREDIT_SAMPLE=PATH`) these tests are skipped.
"""

import zipfile

import polars as pl
import pytest

from credit_scoring.data_contracts import ALL_TABLES, Column, Table, table_named
from tests.support.real_sample import SAMPLE, needs_real_sample

pytestmark = needs_real_sample


@pytest.fixture(scope="module")
def printed() -> dict[str, pl.DataFrame]:
    """All eight tables of the sample, every cell as the text that the file prints, empty cells null."""
    with zipfile.ZipFile(SAMPLE) as archive:
        return {table.name: pl.read_csv(archive.read(table.file_name), infer_schema=False) for table in ALL_TABLES}


def known_values(column: Column, cells: pl.Series) -> pl.Series:
    """The column in its declared type, without nulls and missing codes; fails where the type loses a digit."""
    cells = cells.drop_nulls()
    if column.is_category:
        return cells.filter(~cells.is_in([str(code) for code in column.missing_codes]))
    numbers = cells.cast(pl.Float64)
    typed = numbers.cast(getattr(pl, column.type))
    assert (typed.cast(pl.Float64) == numbers).all(), f"{column.name} has fractions that {column.type} loses"
    return typed.filter(~typed.is_in([int(code) for code in column.missing_codes]))


def test_headers_are_the_declared_columns_in_order(printed: dict[str, pl.DataFrame]) -> None:
    for table in ALL_TABLES:
        assert tuple(printed[table.name].columns) == table.column_names


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_values_are_in_the_declared_ranges_and_categories(printed: dict[str, pl.DataFrame], table: Table) -> None:
    for column in table.columns:
        values = known_values(column, printed[table.name][column.name])
        if column.is_category:
            assert set(values) <= set(column.categories), column.name
            continue
        if column.minimum is not None:
            assert (values >= column.minimum).all(), f"{column.name} goes below {column.minimum}"
        if column.maximum is not None:
            assert (values <= column.maximum).all(), f"{column.name} goes above {column.maximum}"
        if column.past_only:
            assert (values <= 0).all(), f"{column.name} has rows from the future"


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_decimals_are_kept_to_the_last_printed_digit(printed: dict[str, pl.DataFrame], table: Table) -> None:
    for column in table.columns:
        if column.type != "Float64":
            continue
        cells = printed[table.name][column.name].drop_nulls().unique()
        assert [cell for cell in cells if repr(float(cell)) != cell] == [], column.name


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_required_columns_have_no_null_and_the_others_as_many_as_published(
    printed: dict[str, pl.DataFrame], table: Table
) -> None:
    for column in table.columns:
        cells = printed[table.name][column.name]
        null_share = cells.null_count() / len(cells)
        if column.required:
            assert null_share == 0, column.name
        assert abs(null_share - column.null_share) <= column.null_gap, column.name


@pytest.mark.parametrize("table", [table for table in ALL_TABLES if table.primary_key], ids=lambda table: table.name)
def test_primary_keys_are_unique(printed: dict[str, pl.DataFrame], table: Table) -> None:
    assert not printed[table.name].select(table.primary_key).is_duplicated().any()


@pytest.mark.parametrize("table", [table for table in ALL_TABLES if table.foreign_keys], ids=lambda table: table.name)
def test_orphans_are_no_more_than_tolerated(printed: dict[str, pl.DataFrame], table: Table) -> None:
    for key in table.foreign_keys:
        known = pl.concat([printed[target][key.column] for target in key.tables])
        cells = printed[table.name][key.column]
        orphan_share = (~cells.is_in(known.implode())).sum() / len(cells)
        assert orphan_share <= key.tolerated_orphan_share, f"{key.column}: {orphan_share:.4f}"


def test_training_and_test_applications_are_strangers(printed: dict[str, pl.DataFrame]) -> None:
    train, test = (printed[table_named(name).name] for name in ("application_train", "application_test"))
    assert not set(train["SK_ID_CURR"]) & set(test["SK_ID_CURR"])
