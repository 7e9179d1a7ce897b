"""Start, length and sequence of credits with other lenders."""

import polars as pl

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import less_is_riskier
from credit_scoring.feature_engineering.history.aggregations import Measure, Selection
from credit_scoring.feature_engineering.history.bureau import rows
from credit_scoring.feature_engineering.history.bureau.rows import bureau
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN

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
    "days_since_previous_start",
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
            rows.ALL,
            rows.ACTIVE.disclosed(risk_rises=True),
            rows.CLOSED.disclosed(risk_rises=False),
            rows.WRITTEN_OFF.disclosed(risk_rises=True),
            OVERRUN,
            *(rows.LAST_90, rows.LAST_180, rows.LAST_365.disclosed(risk_rises=True)),
            *(rows.LAST_730, rows.LAST_1095, rows.CONSUMER, rows.CARD, rows.CAR, rows.MORTGAGE),
            *(rows.MICROLOAN.disclosed(risk_rises=True), rows.ACTIVE_CONSUMER, rows.ACTIVE_CARD),
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
    *bureau.shares((rows.ACTIVE.disclosed(risk_rises=True), rows.LAST_365, rows.CARD, rows.CONSUMER), among=rows.ALL),
    *bureau.cross_product((AGE,), (rows.ALL,), (MEAN, LOWEST, HIGHEST), disclosure=less_is_riskier("days_in_years")),
    *bureau.cross_product((AGE,), (rows.ACTIVE,), (MEAN, LOWEST, HIGHEST)),
    *bureau.cross_product((AGE,), (rows.CONSUMER, rows.CARD), (LOWEST,)),
    *bureau.cross_product((REPORT,), (rows.ALL, rows.ACTIVE), (MEAN,)),
    *bureau.cross_product((REPORT,), (rows.CLOSED,), (HIGHEST,)),
    *bureau.cross_product((LEFT,), (rows.ACTIVE,), (LOWEST, MEAN, HIGHEST)),
    *bureau.cross_product((LEFT,), (rows.ACTIVE_CONSUMER,), (HIGHEST,)),
    *bureau.cross_product((PLANNED,), (rows.ALL,), (MEAN, LATEST)),
    *bureau.cross_product((ENDED,), (rows.CLOSED,), (LOWEST,)),
    *bureau.cross_product((ENDED_EARLY,), (rows.CLOSED,), (MEAN,)),
    *bureau.cross_product((GAP,), (rows.ALL,), (MEAN, LATEST)),
)
