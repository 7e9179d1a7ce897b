"""Types of columns, as short functions, so that a contract reads like a table.

The integer type is derived: the narrowest that fits the range and the missing codes.
"""

from credit_scoring.data_contracts.contract import INTEGER_BITS, Column, ColumnType, largest_integer

NOT_KNOWN = "XNA"
NOT_APPLICABLE = "XAP"
NO_DATE = 365_243
"""A thousand years: the source's code for a missing or open date."""

LIFETIME_DAYS = 32_500
"""89 years: no event in a client's life is longer ago."""

CREDIT_HISTORY_DAYS = 20_000
"""55 years: no credit of a client is older or ends later."""

MAX_AMOUNT = 1_000_000_000
"""In currency units; the largest published amount is 585 million."""

MAX_IDENTIFIER = 2**31 - 1


def _narrowest_integer(*values: int) -> ColumnType:
    for column_type in INTEGER_BITS:
        largest = largest_integer(column_type)
        if all(-largest - 1 <= value <= largest for value in values):
            return column_type
    raise ValueError(f"no integer type fits all of {values}")


def identifier(name: str, meaning: str) -> Column:
    """A number that identifies a client, a credit or an application."""
    return whole(name, meaning, "", 1, MAX_IDENTIFIER, required=True)


def whole(
    name: str,
    meaning: str,
    unit: str,
    minimum: int,
    maximum: int,
    *,
    required: bool = False,
    missing: tuple[int, ...] = (),
    null_share: float = 0.0,
    null_gap: float = 0.1,
) -> Column:
    """A whole number within a possible range."""
    return Column(
        name=name,
        type=_narrowest_integer(minimum, maximum, *missing),
        meaning=meaning,
        unit=unit,
        required=required,
        minimum=minimum,
        maximum=maximum,
        missing_codes=missing,
        published_null_share=null_share,
        tolerated_null_gap=null_gap,
    )


def flag(name: str, meaning: str, *, required: bool = False, null_share: float = 0.0) -> Column:
    """A yes (1) or no (0)."""
    return whole(name, meaning, "1 = yes, 0 = no", 0, 1, required=required, null_share=null_share)


def event(name: str, meaning: str, unit: str, minimum: int, *, null_share: float = 0.0) -> Column:
    """A past event, as offset from the application; required if it is never null in the published table."""
    return Column(
        name=name,
        type=_narrowest_integer(minimum),
        meaning=meaning,
        unit=f"{unit} from the application",
        required=null_share == 0,
        past_only=True,
        minimum=minimum,
        published_null_share=null_share,
    )


def days(
    name: str,
    meaning: str,
    minimum: int,
    maximum: int,
    *,
    required: bool = False,
    missing: tuple[int, ...] = (),
    null_share: float = 0.0,
) -> Column:
    """A date, in days from the application: negative before it, positive after it."""
    unit = "days from the application"
    return whole(name, meaning, unit, minimum, maximum, required=required, missing=missing, null_share=null_share)


def amount(
    name: str,
    meaning: str,
    *,
    minimum: float = 0,
    required: bool = False,
    null_share: float = 0.0,
    null_gap: float = 0.1,
) -> Column:
    """An amount of money, in an unknown currency."""
    return Column(
        name=name,
        type="Float64",
        meaning=meaning,
        unit="currency units",
        required=required,
        minimum=minimum,
        maximum=MAX_AMOUNT,
        published_null_share=null_share,
        tolerated_null_gap=null_gap,
    )


def share(
    name: str, meaning: str, unit: str = "share from 0 to 1", *, minimum: float = 0, null_share: float = 0.0
) -> Column:
    """A fraction from 0 to 1."""
    return Column(
        name=name,
        type="Float64",
        meaning=meaning,
        unit=unit,
        minimum=minimum,
        maximum=1,
        published_null_share=null_share,
    )


def category(
    name: str,
    meaning: str,
    categories: tuple[str, ...],
    *,
    missing: tuple[str, ...] = (),
    required: bool = False,
    null_share: float = 0.0,
) -> Column:
    """A text from a known list."""
    return Column(
        name=name,
        type="String",
        meaning=meaning,
        required=required,
        categories=categories,
        missing_codes=missing,
        published_null_share=null_share,
    )


def days_past_due() -> tuple[Column, Column]:
    """The two arrears columns of a monthly balance."""
    unit = "days past due"
    return (
        whole(
            "SK_DPD",
            "How late the client was in that month, whatever the amount.",
            unit,
            0,
            CREDIT_HISTORY_DAYS,
            required=True,
        ),
        whole(
            "SK_DPD_DEF",
            "How late the client was, not counting arrears too small to matter.",
            unit,
            0,
            CREDIT_HISTORY_DAYS,
            required=True,
        ),
    )
