"""Start, length and sequence of credits with other lenders."""

import polars as pl

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import less_is_riskier
from credit_scoring.feature_engineering.history.aggregations import (
    HIGHEST,
    LATEST,
    LOWEST,
    MEAN,
    Measure,
    Selection,
)
from credit_scoring.feature_engineering.history.bureau.rows import (
    ACTIVE,
    ACTIVE_CARD,
    ACTIVE_CONSUMER,
    ALL,
    CAR,
    CARD,
    CLOSED,
    CONSUMER,
    LAST_90,
    LAST_180,
    LAST_365,
    LAST_730,
    LAST_1095,
    MICROLOAN,
    MORTGAGE,
    WRITTEN_OFF,
    bureau,
)

AGE = Measure("days_since_start", "number of days since the start", "days")
REPORT = Measure("days_since_report", "number of days since the lender last reported", "days")
LEFT = Measure("days_left", "number of days until the planned end", "days")
PLANNED = Measure("planned_days", "planned length in days", "days")
ENDED = Measure("days_since_end", "number of days since the end", "days")
ENDED_EARLY = Measure(
    "days_ended_early",
    "number of days by which the end came before the planned one, below zero if after it",
    "days",
    minimum=None,
)
GAP = Measure(
    "days_between_starts",
    "number of days between the start of a credit and of the one before",
    "days",
    pl.col("days_since_previous_start"),
)

OVERRUN = Selection(
    "active_past_planned_end",
    "credits with other lenders still running after their planned end",
    (pl.col("CREDIT_ACTIVE") == "Active") & (pl.col("DAYS_CREDIT_ENDDATE") <= 0),
    Concept.PAYMENTS_ELSEWHERE,
)

TIMING = (
    *bureau.counts(
        (
            ALL,
            ACTIVE.disclosed(risk_rises=True),
            CLOSED.disclosed(risk_rises=False),
            WRITTEN_OFF.disclosed(risk_rises=True),
            OVERRUN,
            *(LAST_90, LAST_180, LAST_365.disclosed(risk_rises=True), LAST_730, LAST_1095),
            *(
                CONSUMER,
                CARD,
                CAR,
                MORTGAGE,
                MICROLOAN.disclosed(risk_rises=True),
                ACTIVE_CONSUMER,
                ACTIVE_CARD,
            ),
        ),
        "credits",
    ),
    bureau.feature(
        "credit_type_count",
        "Number of different kinds of credit with other lenders.",
        "kinds of credit",
        pl.col("CREDIT_TYPE").n_unique(),
        minimum=0,
        without_history=0,
    ),
    *bureau.shares((ACTIVE.disclosed(risk_rises=True), LAST_365, CARD, CONSUMER), among=ALL),
    *bureau.cross_product(
        (AGE,), (ALL,), (MEAN, LOWEST, HIGHEST), disclosure=less_is_riskier("days_in_years")
    ),
    *bureau.cross_product((AGE,), (ACTIVE,), (MEAN, LOWEST, HIGHEST)),
    *bureau.cross_product((AGE,), (CONSUMER, CARD), (LOWEST,)),
    *bureau.cross_product((REPORT,), (ALL, ACTIVE), (MEAN,)),
    *bureau.cross_product((REPORT,), (CLOSED,), (HIGHEST,)),
    *bureau.cross_product((LEFT,), (ACTIVE,), (LOWEST, MEAN, HIGHEST)),
    *bureau.cross_product((LEFT,), (ACTIVE_CONSUMER,), (HIGHEST,)),
    *bureau.cross_product((PLANNED,), (ALL,), (MEAN, LATEST)),
    *bureau.cross_product((ENDED,), (CLOSED,), (LOWEST,)),
    *bureau.cross_product((ENDED_EARLY,), (CLOSED,), (MEAN,)),
    *bureau.cross_product((GAP,), (ALL,), (MEAN, LATEST)),
)
