"""The rules of a contract, and the functions that declare columns."""

from typing import Any

import pytest
from pydantic import ValidationError

from credit_scoring.data_contracts.column_types import NO_DATE, category, days, event, flag, identifier, share, whole
from credit_scoring.data_contracts.contract import Column, ForeignKey, Table


def column(**declared: Any) -> Column:
    return Column(**{"name": "AMT_CREDIT", "type": "Float64", "meaning": "Requested loan."} | declared)


def table(**declared: Any) -> Table:
    columns = (identifier("SK_ID_CURR", "The application."), flag("FLAG_EMAIL", "1 if e-mail is known."))
    defaults = {"meaning": "Test.", "columns": columns, "sort_order": ("SK_ID_CURR",), "published_rows": 1}
    return Table(**{"name": "application_test"} | defaults | declared)


@pytest.mark.parametrize(
    ("declared", "complaint"),
    [
        ({"type": "String"}, "needs categories"),
        ({"categories": ("a",)}, "must not have any"),
        ({"missing_codes": ("XNA",)}, "of the column's type"),
        ({"type": "String", "categories": ("a",), "missing_codes": (365_243,)}, "of the column's type"),
        ({"type": "String", "categories": ("a", "XNA"), "missing_codes": ("XNA",)}, "category and a missing code"),
        ({"type": "String", "categories": ("a", "a")}, "declared twice"),
        ({"minimum": 1, "maximum": 0}, "is above maximum"),
        ({"type": "Int8", "maximum": 128}, "does not fit in Int8"),
        ({"type": "Int8", "minimum": -129}, "does not fit in Int8"),
        ({"type": "Int16", "missing_codes": (365_243,)}, "does not fit in Int16"),
        ({"past_only": True, "maximum": 0}, "declare no maximum"),
        ({"required": True, "null_share": 0.1}, "cannot be required"),
        ({"null_share": 1.1}, "less than or equal to 1"),
        ({"comment": "no such field"}, "Extra inputs"),
    ],
)
def test_a_column_that_contradicts_itself_is_refused(declared: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        column(**declared)


@pytest.mark.parametrize(
    ("declared", "complaint"),
    [
        ({"primary_key": ("SK_ID_PREV",)}, "unknown columns.*SK_ID_PREV"),
        ({"sort_order": ("MONTHS_BALANCE",)}, "unknown columns.*MONTHS_BALANCE"),
        ({"primary_key": ("FLAG_EMAIL",)}, "FLAG_EMAIL.*must be required"),
        ({"columns": (identifier("SK_ID_CURR", "Once."), identifier("SK_ID_CURR", "Twice."))}, "declared twice"),
        (
            {"foreign_keys": (ForeignKey(column="SK_ID_PREV", tables=("bureau",), tolerated_orphan_share=0),)},
            "unknown columns.*SK_ID_PREV",
        ),
    ],
)
def test_a_table_whose_keys_are_not_its_columns_is_rejected(declared: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        table(**declared)


@pytest.mark.parametrize("orphan_share", [-0.1, 1.1])
def test_an_orphan_share_outside_0_to_1_is_refused(orphan_share: float) -> None:
    with pytest.raises(ValidationError):
        ForeignKey(column="SK_ID_CURR", tables=("bureau",), tolerated_orphan_share=orphan_share)


def test_a_foreign_key_must_name_a_table() -> None:
    with pytest.raises(ValidationError):
        ForeignKey(column="SK_ID_CURR", tables=(), tolerated_orphan_share=0)


def test_a_table_finds_its_columns_and_its_file() -> None:
    applications = table()
    assert applications.file_name == "application_test.csv"
    assert applications.column_names == ("SK_ID_CURR", "FLAG_EMAIL")
    assert applications.column("FLAG_EMAIL").maximum == 1
    with pytest.raises(KeyError, match="application_test has no column TARGET"):
        applications.column("TARGET")


def test_a_contract_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        column().name = "AMT_ANNUITY"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("minimum", "maximum", "missing", "expected"),
    [
        (0, 127, (), "Int8"),
        (-128, 0, (), "Int8"),
        (0, 128, (), "Int16"),
        (-129, 0, (), "Int16"),
        (-32_768, 32_767, (), "Int16"),
        (0, 32_768, (), "Int32"),
        (0, 2**31, (), "Int64"),
        (-25_000, 0, (NO_DATE,), "Int32"),
    ],
)
def test_the_narrowest_integer_type_fits_range_and_missing_codes(
    minimum: int, maximum: int, missing: tuple[int, ...], expected: str
) -> None:
    assert whole("DAYS_EMPLOYED", "Start of the job.", "days", minimum, maximum, missing_codes=missing).type == expected


def test_a_range_beyond_64_bits_has_no_type() -> None:
    with pytest.raises(ValueError, match="no integer type"):
        whole("CNT_CHILDREN", "Children.", "people", 0, 2**63)


def test_an_event_is_required_unless_the_source_leaves_it_empty() -> None:
    always = event("DAYS_DECISION", "Day of the decision.", "days", -20_000)
    at_times = event("DAYS_ENTRY_PAYMENT", "Day of the payment.", "days", -20_000, null_share=0.000214)
    assert (always.required, at_times.required) == (True, False)
    assert always.past_only and at_times.past_only
    assert always.unit == "days from the application"


def test_a_planned_date_may_be_in_the_future() -> None:
    planned_end = days("DAYS_CREDIT_ENDDATE", "End by contract.", -45_000, 45_000)
    assert not planned_end.past_only
    assert planned_end.maximum == 45_000


def test_column_types_are_lossless() -> None:
    assert share("EXT_SOURCE_1", "Outside score.").type == "Float64"
    assert category("CODE_GENDER", "Gender.", ("F", "M"), missing_codes=("XNA",)).categories == ("F", "M")
    assert identifier("SK_ID_CURR", "The application.").required
