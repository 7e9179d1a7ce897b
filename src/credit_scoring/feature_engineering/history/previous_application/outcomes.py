"""Outcomes of the client's earlier applications with us, and their dates."""

import polars as pl

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import less_is_riskier
from credit_scoring.feature_engineering.history.aggregations import AS_OF_DAYS, Measure, Selection
from credit_scoring.feature_engineering.history.feature_builder import HistoryFeature
from credit_scoring.feature_engineering.history.previous_application.rows import (
    ALL,
    APPROVED,
    APPROVED_CASH,
    APPROVED_CONSUMER,
    CANCELLED,
    CASH,
    CONSUMER,
    FINISHED,
    LAST_3,
    LAST_5,
    LAST_180,
    LAST_365,
    LAST_730,
    REFUSED,
    REFUSED_CASH,
    REFUSED_CONSUMER,
    REVOLVING,
    RUNNING,
    UNUSED,
    previous,
)
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN

AGE = Measure("days_since_decision", "number of days since the decision", "days")
ENDED = Measure("days_since_end", "number of days since the end", "days")
GAP = Measure(
    "days_between", "number of days between an application and the one before", "days", "days_since_previous"
)
FINISHED_LATE = Measure(
    "days_finished_late",
    "number of days by which the last instalment fell after the planned one, below zero if before it",
    "days",
    minimum=None,
    concept=Concept.PAYMENTS_WITH_US,
    monotone=1,
)

REJECT_REASONS = {"HC": "hc", "LIMIT": "limit", "SCO": "sco", "SCOFR": "scofr", "VERIF": "verif"}
REASONS = tuple(
    Selection(
        f"refused_for_{name}",
        f"earlier applications that we refused for the internal reason {code}",
        pl.col("CODE_REJECT_REASON") == code,
        monotone=1,
    )
    for code, name in REJECT_REASONS.items()
)
NEW_CLIENT = Selection(
    "as_new_client", "earlier applications filed as a new client", pl.col("NAME_CLIENT_TYPE") == "New"
)
OFFERED = Selection(
    "cross_sold",
    "earlier applications that came from an offer of ours",
    pl.col("NAME_PRODUCT_TYPE") == "x-sell",
)
INSURED = Selection("insured", "earlier loans taken with insurance", pl.col("NFLAG_INSURED_ON_APPROVAL") == 1)

BY_THEN = Selection(
    f"as_of_{AS_OF_DAYS}_days",
    f"applications with us decided at least {AS_OF_DAYS} days before this one",
    pl.col("DAYS_DECISION") <= -AS_OF_DAYS,
)


def _shares_in(window: Selection) -> tuple[HistoryFeature, ...]:
    return previous.shares((APPROVED, REFUSED), among=window)


OUTCOMES = (
    *previous.counts(
        (
            *(ALL, APPROVED, REFUSED.disclosed(risk_rises=True), CANCELLED, UNUSED, RUNNING),
            *(CASH, CONSUMER, REVOLVING, APPROVED_CASH, APPROVED_CONSUMER, REFUSED_CASH, REFUSED_CONSUMER),
            *(LAST_180, LAST_365.disclosed(risk_rises=True), LAST_730),
            REFUSED.within(LAST_180, "applications that we refused in the last 180 days"),
            REFUSED.within(LAST_365, "applications that we refused in the last 365 days").disclosed(
                risk_rises=True
            ),
            REFUSED.within(LAST_730, "applications that we refused in the last 730 days"),
            APPROVED.within(LAST_365, "applications that we approved in the last 365 days"),
            *REASONS,
            OFFERED,
            BY_THEN,
        ),
        "applications",
    ),
    *previous.shares((APPROVED.disclosed(risk_rises=False), REFUSED.disclosed(risk_rises=True)), among=ALL),
    *previous.shares((CANCELLED, CASH, REVOLVING, NEW_CLIENT), among=ALL),
    *(feature for window in (LAST_3, LAST_5, LAST_365, LAST_730, BY_THEN) for feature in _shares_in(window)),
    *previous.shares((INSURED,), among=APPROVED),
    *previous.cross_product((AGE,), (ALL,), (MEAN,), concept=Concept.CREDIT_HISTORY),
    *previous.cross_product((AGE,), (ALL,), (LOWEST,)),
    *previous.cross_product(
        (AGE,),
        (ALL,),
        (HIGHEST,),
        concept=Concept.CREDIT_HISTORY,
        disclosure=less_is_riskier("days_in_years"),
    ),
    *previous.cross_product((AGE,), (APPROVED,), (LOWEST,)),
    *previous.cross_product((AGE,), (REFUSED,), (LOWEST,), disclosure=less_is_riskier("days_in_years")),
    *previous.cross_product((AGE,), (APPROVED_CASH, APPROVED_CONSUMER), (LOWEST,)),
    *previous.cross_product((GAP,), (ALL,), (MEAN, LATEST)),
    *previous.cross_product((ENDED,), (FINISHED,), (LOWEST,)),
    *previous.cross_product((FINISHED_LATE,), (FINISHED,), (MEAN, LATEST)),
)
