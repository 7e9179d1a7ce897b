"""The eight contracts together."""

import pytest

from credit_scoring.data_contracts import ALL_TABLES, Table, table_named
from credit_scoring.data_contracts.column_types import NO_DATE

NAMES = [table.name for table in ALL_TABLES]


def test_all_eight_files_are_known() -> None:
    assert sorted(table.file_name for table in ALL_TABLES) == [
        "POS_CASH_balance.csv",
        "application_test.csv",
        "application_train.csv",
        "bureau.csv",
        "bureau_balance.csv",
        "credit_card_balance.csv",
        "installments_payments.csv",
        "previous_application.csv",
    ]


def test_a_table_is_found_by_name_and_an_unknown_name_is_an_error() -> None:
    assert table_named("bureau").primary_key == ("SK_ID_BUREAU",)
    with pytest.raises(KeyError, match="no table breau"):
        table_named("breau")


@pytest.mark.parametrize("table", ALL_TABLES, ids=NAMES)
def test_foreign_keys_refer_to_the_primary_key_of_an_earlier_table(table: Table) -> None:
    earlier = NAMES[: NAMES.index(table.name)]
    for key in table.foreign_keys:
        for target in key.tables:
            assert target in earlier
            assert table_named(target).primary_key == (key.column,)


def test_every_table_reaches_the_application() -> None:
    reached = {"application_train", "application_test"}
    for table in ALL_TABLES:
        if any(set(key.tables) <= reached for key in table.foreign_keys):
            reached.add(table.name)
    assert reached == set(NAMES)


def test_test_applications_have_the_columns_of_training_without_the_outcome() -> None:
    train, test = table_named("application_train"), table_named("application_test")
    assert test.column_names == tuple(name for name in train.column_names if name != "TARGET")
    for column in test.columns:
        expected = train.column(column.name).model_copy(update={"null_share": column.null_share})
        assert column == expected


@pytest.mark.parametrize("table", ALL_TABLES, ids=NAMES)
def test_every_meaning_says_more_than_the_name(table: Table) -> None:
    for column in table.columns:
        assert column.meaning.endswith("."), column.name
        assert column.name not in column.meaning
        assert len(column.meaning.split()) >= 3, column.name


@pytest.mark.parametrize("table", ALL_TABLES, ids=NAMES)
def test_every_number_has_a_range_and_all_but_identifiers_a_unit(table: Table) -> None:
    for column in table.columns:
        if column.is_category:
            continue
        assert column.minimum is not None, column.name
        assert column.maximum is not None or column.past_only, column.name
        assert bool(column.unit) != column.name.startswith("SK_ID"), column.name


def test_the_thousand_year_date_is_a_missing_code_where_it_occurs() -> None:
    affected = {column.name for table in ALL_TABLES for column in table.columns if NO_DATE in column.missing_codes}
    assert affected == {
        "DAYS_EMPLOYED",
        "DAYS_FIRST_DRAWING",
        "DAYS_FIRST_DUE",
        "DAYS_LAST_DUE_1ST_VERSION",
        "DAYS_LAST_DUE",
        "DAYS_TERMINATION",
    }


def test_a_key_has_one_type_in_every_table() -> None:
    types: dict[str, set[str]] = {}
    for table in ALL_TABLES:
        for column in table.columns:
            if column.name.startswith("SK_ID"):
                types.setdefault(column.name, set()).add(column.type)
    assert all(len(found) == 1 for found in types.values())
