"""What can be said about the inputs of a model: why a feature is there, and why a raw column gives none."""

from collections.abc import Mapping
from enum import StrEnum

REDUNDANT_CORRELATION = 0.95
"""A feature is redundant if its correlation with a stronger one is at least so high, whatever its sign."""


class Finding(StrEnum):
    """What was found about a feature."""

    INFORMATIVE = "carries information of its own"
    REDUNDANT = "redundant"
    UNUSED = "no contribution"


class LeftOutBecause(StrEnum):
    """Why a raw column gives no feature."""

    KEY = "a key"
    OUTCOME = "the outcome"
    FILTER = "only selects the rows that count"
    CONSTANT = "nearly always the same value"
    MISSING = "nearly always missing"
    REPEATED = "repeats other columns"


LEFT_OUT: Mapping[str, LeftOutBecause] = {
    "TARGET": LeftOutBecause.OUTCOME,
    "SK_ID_BUREAU": LeftOutBecause.KEY,
    "FLAG_LAST_APPL_PER_CONTRACT": LeftOutBecause.FILTER,
    # Of the first 5,000 published clients: 100 %, 99.9 %, 99.7 %, 99.1 % of what is stated, 99.7 % and 99.7 %.
    "FLAG_MOBIL": LeftOutBecause.CONSTANT,
    "CREDIT_CURRENCY": LeftOutBecause.CONSTANT,
    "NFLAG_LAST_APPL_IN_DAY": LeftOutBecause.CONSTANT,
    "NAME_PAYMENT_TYPE": LeftOutBecause.CONSTANT,
    "AMT_DRAWINGS_OTHER_CURRENT": LeftOutBecause.CONSTANT,
    "CNT_DRAWINGS_OTHER_CURRENT": LeftOutBecause.CONSTANT,
    # Missing in 99.6 % of the rows; the last one in 42 %, and a code for "none" in 94 % of the others.
    "RATE_INTEREST_PRIMARY": LeftOutBecause.MISSING,
    "RATE_INTEREST_PRIVILEGED": LeftOutBecause.MISSING,
    "DAYS_FIRST_DRAWING": LeftOutBecause.MISSING,
    # Whether the client has a job; a ratio of two amounts; the type of the contract; a month after the decision; a sum
    # without its other parts.
    "FLAG_EMP_PHONE": LeftOutBecause.REPEATED,
    "RATE_DOWN_PAYMENT": LeftOutBecause.REPEATED,
    "NAME_PORTFOLIO": LeftOutBecause.REPEATED,
    "DAYS_FIRST_DUE": LeftOutBecause.REPEATED,
    "AMT_DRAWINGS_POS_CURRENT": LeftOutBecause.REPEATED,
    "CNT_DRAWINGS_POS_CURRENT": LeftOutBecause.REPEATED,
    "AMT_RECIVABLE": LeftOutBecause.REPEATED,
}
"""Raw columns that no feature is computed from."""
