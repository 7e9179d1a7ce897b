"""Credits with other lenders as reported by the credit bureau: their timing, amounts and arrears."""

from functools import partial

import polars as pl

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import MONEY, less_is_riskier, more_is_riskier
from credit_scoring.feature_engineering.history import bureau_rows as rows
from credit_scoring.feature_engineering.history.aggregations import AS_OF_DAYS, Measure, Selection, joined
from credit_scoring.feature_engineering.history.bureau_rows import bureau
from credit_scoring.feature_engineering.history.feature_builder import FeatureGroup, HistoryFeature
from credit_scoring.feature_engineering.history.formulas import ratio
from credit_scoring.feature_engineering.history.shared_measures import ENDED
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN, TOTAL

AGE = Measure("days_since_start", "number of days since the start", "days")
REPORT = Measure("days_since_report", "number of days since the lender last reported", "days")
LEFT = Measure("days_left", "number of days until the planned end", "days")
PLANNED = Measure("planned_days", "planned length in days", "days")
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

DEBTS = Concept.DEBTS_ELSEWHERE
LENT = Measure("credit", "amount lent", MONEY, "AMT_CREDIT_SUM", concept=DEBTS)
OWED = Measure("debt", "debt still owed", MONEY, "AMT_CREDIT_SUM_DEBT", minimum=None, concept=DEBTS)
REPAID = Measure("repaid", "part of the amount lent that is no longer owed", MONEY, minimum=None)
LIMIT = Measure(
    "card_limit_left", "amount that could still be drawn", MONEY, "AMT_CREDIT_SUM_LIMIT", minimum=None, concept=DEBTS
)
# Rarely reported for training clients and often for test clients, so only the simplest features use it.
INSTALMENT = Measure("annuity", "monthly instalment", MONEY, "AMT_ANNUITY")
DEBT_SHARE = Measure("debt_share", "debt as a share of the amount lent", "ratio", minimum=None)

_CARD_WITH_LIMIT = Selection(
    "card_with_limit",
    "running credit cards of other lenders whose debt and limit are known",
    pl.all_horizontal(
        rows.ACTIVE_CARD.condition, pl.col("AMT_CREDIT_SUM_DEBT").is_not_null(), pl.col("AMT_CREDIT_SUM_LIMIT") > 0
    ),
)


def _debt_to_credit(selection: Selection) -> HistoryFeature:
    return bureau.feature(
        joined("debt_to_credit", selection.name),
        f"Debt still owed on all {selection.meaning} together, as a share of what was lent.",
        "ratio",
        ratio(
            selection.apply(pl.col("AMT_CREDIT_SUM_DEBT")).sum(),
            # Only credits whose debt is known: an unknown debt is not one of zero.
            selection.apply(pl.when(pl.col("AMT_CREDIT_SUM_DEBT").is_not_null()).then(pl.col("AMT_CREDIT_SUM"))).sum(),
        ),
        concept=DEBTS,
        disclosure=more_is_riskier("share"),
    )


AMOUNTS = (
    *bureau.cross_product((LENT,), (rows.ALL,), (MEAN, HIGHEST, TOTAL, LATEST)),
    *bureau.cross_product((LENT,), (rows.ACTIVE,), (MEAN, TOTAL)),
    *bureau.cross_product((LENT,), (rows.ACTIVE_CONSUMER, rows.ACTIVE_MORTGAGE, rows.LAST_365), (TOTAL,)),
    *bureau.cross_product((OWED,), (rows.ACTIVE,), (TOTAL,), disclosure=more_is_riskier("amount")),
    *bureau.cross_product((OWED,), (rows.ACTIVE,), (MEAN, HIGHEST)),
    *bureau.cross_product((OWED,), (rows.ACTIVE_CONSUMER, rows.ACTIVE_CARD), (TOTAL,)),
    *bureau.cross_product((REPAID,), (rows.ACTIVE,), (TOTAL,)),
    *bureau.cross_product((DEBT_SHARE,), (rows.ACTIVE,), (MEAN,), disclosure=more_is_riskier("share")),
    *bureau.cross_product((DEBT_SHARE,), (rows.ACTIVE,), (HIGHEST,)),
    *bureau.cross_product((DEBT_SHARE,), (rows.ACTIVE_CONSUMER, rows.ACTIVE_CARD), (MEAN,)),
    *map(_debt_to_credit, (rows.ALL, rows.ACTIVE)),
    bureau.feature(
        "debt_share_of_latest",
        "Debt as a share of the amount lent, for the latest credit with another lender.",
        "ratio",
        pl.col("debt_share").filter(rows.IS_LATEST).first(),
        concept=DEBTS,
    ),
    *bureau.cross_product((LIMIT,), (rows.CARD,), (TOTAL,)),
    bureau.feature(
        "card_limit_used",
        "Debt on the credit cards of other lenders as a share of debt and what could still be drawn.",
        "ratio",
        ratio(
            _CARD_WITH_LIMIT.apply(pl.col("AMT_CREDIT_SUM_DEBT")).sum(),
            _CARD_WITH_LIMIT.apply(pl.col("AMT_CREDIT_SUM_DEBT") + pl.col("AMT_CREDIT_SUM_LIMIT")).sum(),
        ),
        concept=DEBTS,
        monotone=1,
        disclosure=more_is_riskier("share"),
    ),
    *bureau.cross_product((INSTALMENT,), (rows.ACTIVE,), (TOTAL,)),
)

PAYMENTS = Concept.PAYMENTS_ELSEWHERE
late_measure = partial(Measure, concept=PAYMENTS, monotone=1)
late_rows = partial(Selection, concept=PAYMENTS, monotone=1)

WORST = late_measure("worst_arrears", "worst arrears ever reached", MONEY, "AMT_CREDIT_MAX_OVERDUE")
ARREARS = late_measure("arrears", "arrears on the day of the application", MONEY, "AMT_CREDIT_SUM_OVERDUE")
DAYS_LATE = late_measure("days_late", "number of days late on the day of the application", "days", "CREDIT_DAY_OVERDUE")
PROLONGED = Measure(
    "prolonged", "number of times the end was postponed", "times", "CNT_CREDIT_PROLONG", concept=PAYMENTS
)
EVER_LATE = late_rows(
    "ever_in_arrears", "credits with other lenders that were ever in arrears", pl.col("AMT_CREDIT_MAX_OVERDUE") > 0
)
REPORTED_ARREARS = Selection(
    "", "credits with other lenders whose worst arrears are known", pl.col("AMT_CREDIT_MAX_OVERDUE").is_not_null()
)

_STARTED_BY_THEN = pl.col("DAYS_CREDIT") <= -AS_OF_DAYS
_OPEN_THEN = _STARTED_BY_THEN & ~(pl.col("days_since_end") >= AS_OF_DAYS).fill_null(False)
STARTED_BY_THEN = Selection(
    f"as_of_{AS_OF_DAYS}_days",
    f"credits with other lenders started at least {AS_OF_DAYS} days before the application",
    _STARTED_BY_THEN,
)
OPEN_THEN = Selection(
    f"open_as_of_{AS_OF_DAYS}_days",
    f"credits with other lenders that were open {AS_OF_DAYS} days before the application",
    _OPEN_THEN,
    Concept.DEBTS_ELSEWHERE,
)

ARREARS_AND_PAST = (
    *bureau.cross_product((WORST,), (rows.ALL,), (HIGHEST,), disclosure=more_is_riskier("amount")),
    *bureau.cross_product((WORST,), (rows.ALL,), (TOTAL,)),
    *bureau.cross_product((WORST,), (rows.LAST_730,), (HIGHEST,)),
    bureau.feature(
        "worst_arrears_to_credit",
        "Worst arrears ever reached relative to the amount lent, highest over credits with other lenders.",
        "ratio",
        ratio(pl.col("AMT_CREDIT_MAX_OVERDUE"), pl.col("AMT_CREDIT_SUM")).max(),
        minimum=0,
        concept=PAYMENTS,
        monotone=1,
    ),
    *bureau.counts((EVER_LATE.disclosed(risk_rises=True),), "credits"),
    *bureau.shares((EVER_LATE.disclosed(risk_rises=True),), among=REPORTED_ARREARS),
    *bureau.cross_product((AGE,), (EVER_LATE,), (LOWEST,)),
    *bureau.cross_product((ARREARS,), (rows.ALL,), (TOTAL,), disclosure=more_is_riskier("amount")),
    *bureau.cross_product((DAYS_LATE,), (rows.ALL,), (HIGHEST,), disclosure=more_is_riskier("days")),
    *bureau.cross_product((PROLONGED,), (rows.ALL,), (TOTAL,), disclosure=more_is_riskier("count")),
    *bureau.counts((STARTED_BY_THEN, OPEN_THEN), "credits"),
    *bureau.cross_product((LENT,), (OPEN_THEN,), (TOTAL,)),
    bureau.feature(
        f"open_change_since_{AS_OF_DAYS}_days",
        f"Running credits with other lenders now, minus those open {AS_OF_DAYS} days before the application.",
        "credits",
        (pl.col("CREDIT_ACTIVE") == "Active").sum().cast(pl.Int32) - _OPEN_THEN.sum().cast(pl.Int32),
        without_history=0,
        concept=Concept.DEBTS_ELSEWHERE,
    ),
)

GROUPS = (FeatureGroup((*TIMING, *AMOUNTS, *ARREARS_AND_PAST)),)
