"""Types of columns, as short functions, so that a contract reads like a table.

The integer type is derived: the narrowest that fits the range and the missing codes.
"""

from functools import partial
from typing import TypedDict, Unpack

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


class Missing(TypedDict, total=False):
    """How often a value is missing, and how that is recorded; see the attributes of ``Column``."""

    missing_codes: tuple[int | str, ...]
    required: bool
    null_share: float
    null_gap: float


def whole(name: str, meaning: str, unit: str, minimum: int, maximum: int, **missing: Unpack[Missing]) -> Column:
    """A whole number within a possible range."""
    codes = (code for code in missing.get("missing_codes", ()) if isinstance(code, int))
    integer = _narrowest_integer(minimum, maximum, *codes)
    return Column(name=name, meaning=meaning, type=integer, unit=unit, minimum=minimum, maximum=maximum, **missing)


def identifier(name: str, meaning: str) -> Column:
    """A number that identifies a client, a credit or an application."""
    return whole(name, meaning, "", 1, MAX_IDENTIFIER, required=True)


def flag(name: str, meaning: str, **missing: Unpack[Missing]) -> Column:
    """A yes (1) or no (0)."""
    return whole(name, meaning, "1 = yes, 0 = no", 0, 1, **missing)


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
        null_share=null_share,
    )


def days(name: str, meaning: str, minimum: int, maximum: int, **missing: Unpack[Missing]) -> Column:
    """A date, in days from the application: negative before it, positive after it."""
    return whole(name, meaning, "days from the application", minimum, maximum, **missing)


def real(name: str, meaning: str, unit: str, minimum: float, maximum: float, **missing: Unpack[Missing]) -> Column:
    """A number with decimals within a possible range."""
    return Column(name=name, meaning=meaning, type="Float64", unit=unit, minimum=minimum, maximum=maximum, **missing)


def amount(name: str, meaning: str, *, minimum: float = 0, **missing: Unpack[Missing]) -> Column:
    """An amount of money, in an unknown currency."""
    return real(name, meaning, "currency units", minimum, MAX_AMOUNT, **missing)


def share(
    name: str, meaning: str, unit: str = "share from 0 to 1", *, minimum: float = 0, null_share: float = 0.0
) -> Column:
    """A fraction from 0 to 1."""
    return real(name, meaning, unit, minimum, 1, null_share=null_share)


def category(name: str, meaning: str, categories: tuple[str, ...], **missing: Unpack[Missing]) -> Column:
    """A text from a known list."""
    return Column(name=name, meaning=meaning, type="String", categories=categories, **missing)


category_or_unknown = partial(category, missing_codes=(NOT_KNOWN,))
"""A text from a known list, or XNA."""


def days_past_due() -> tuple[Column, Column]:
    """The two arrears columns of a monthly balance."""
    late = partial(whole, unit="days past due", minimum=0, maximum=CREDIT_HISTORY_DAYS, required=True)
    return (
        late("SK_DPD", "How late the client was in that month, whatever the amount."),
        late("SK_DPD_DEF", "How late the client was, not counting arrears too small to matter."),
    )
