"""Which values of a raw column the service accepts, and a plausible example of each.

The contract's ranges cover the published clients. Here a range is closed only where larger values are impossible (a
share, a flag, an hour, the legal age, a date in the future): future clients may be richer or older.
"""

from dataclasses import dataclass
from typing import Final

from credit_scoring.data_contracts.contract import Column, largest_integer

MAX_CATEGORY_LENGTH: Final = 100
AMOUNT_FACTOR: Final = 10
"""Amounts and counts have no natural maximum: accepted up to this multiple of the contract's."""

DATE_FACTOR: Final = 1.5
"""Dates reach back at most a human life: 89 years in the contract, 133 with this factor."""

TOLERATED_UNKNOWN_SHARE: Final = 0.05
"""Share of rows whose category the contract may not know; more are a mistake of the source, not new categories."""

_FEW_UNKNOWN = 10
"""A handful says nothing about the source, however few rows there are."""

_OPEN_UNITS = frozenset({"currency units", "people", "enquiries", "years"})
_DATE_UNIT = "days from the application"
_EXAMPLES: dict[str, float | int | str] = {
    "SK_ID_CURR": 100_001,
    "CNT_CHILDREN": 1,
    "AMT_INCOME_TOTAL": 135_000.0,
    "AMT_CREDIT": 568_800.0,
    "AMT_ANNUITY": 20_560.5,
    "AMT_GOODS_PRICE": 450_000.0,
    "REGION_POPULATION_RELATIVE": 0.01885,
    "DAYS_BIRTH": -14_000,
    "DAYS_EMPLOYED": -2_300,
    "DAYS_REGISTRATION": -5_100,
    "DAYS_ID_PUBLISH": -800,
    "DAYS_LAST_PHONE_CHANGE": -700,
    "OWN_CAR_AGE": 9,
    "CNT_FAM_MEMBERS": 3,
    "REGION_RATING_CLIENT": 2,
    "REGION_RATING_CLIENT_W_CITY": 2,
    "HOUR_APPR_PROCESS_START": 11,
    "FLAG_MOBIL": 1,
    "FLAG_EMP_PHONE": 1,
    "FLAG_CONT_MOBILE": 1,
    "FLAG_DOCUMENT_3": 1,
    "FLAG_OWN_CAR": "Y",
    "FLAG_OWN_REALTY": "Y",
    "OBS_30_CNT_SOCIAL_CIRCLE": 2,
    "OBS_60_CNT_SOCIAL_CIRCLE": 2,
    "AMT_REQ_CREDIT_BUREAU_YEAR": 2,
    "EXT_SOURCE_1": 0.62,
    "EXT_SOURCE_2": 0.57,
    "EXT_SOURCE_3": 0.51,
}


@dataclass(frozen=True)
class Limits:
    """The closed range of a number, and the codes outside it that mean "not known"."""

    minimum: float
    maximum: float
    codes: tuple[int, ...]


def limits_of(column: Column) -> Limits:
    """Accepted range of a numeric column; ValueError if its contract has none."""
    minimum, maximum = column.minimum, column.maximum
    if minimum is None or maximum is None:
        raise ValueError(f"{column.name} has no range, so the service cannot say what it accepts")
    if column.unit in _OPEN_UNITS:
        maximum *= AMOUNT_FACTOR
    elif column.unit == _DATE_UNIT:
        minimum *= DATE_FACTOR
    elif not column.unit:
        maximum = min(maximum, largest_integer("Int32"))
    return Limits(minimum, maximum, tuple(code for code in column.missing_codes if isinstance(code, int)))


def too_many_unknown(unknown: int, rows: int) -> bool:
    """Whether so many rows have a category that the contract does not know that none should be used."""
    return unknown >= _FEW_UNKNOWN and unknown > TOLERATED_UNKNOWN_SHARE * rows


def allowed_values(column: Column) -> str:
    """Description of the accepted values, for documents and errors."""
    if column.is_category:
        known = ", ".join(map(repr, (*column.categories, *column.missing_codes)))
        return (
            f"text of 1 to {MAX_CATEGORY_LENGTH} characters without control characters; known: {known}; "
            "any other counts as missing"
        )
    limits = limits_of(column)
    kind = "a number" if column.type == "Float64" else "a whole number"
    codes = "".join(f", or {code} for not known" for code in limits.codes)
    return f"{kind} from {_number(limits.minimum)} to {_number(limits.maximum)}{codes}"


def example_of(column: Column) -> float | int | str:
    """A plausible value."""
    if column.name in _EXAMPLES:
        return _EXAMPLES[column.name]
    if column.is_category:
        return column.categories[0]
    return 0.1 if column.type == "Float64" else 0


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:g}"
