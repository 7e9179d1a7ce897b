"""Outcomes of the client's earlier applications with us, and their dates."""

import polars as pl

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import less_is_riskier
from credit_scoring.feature_engineering.history.aggregations import AS_OF_DAYS, Measure, Selection
from credit_scoring.feature_engineering.history.previous_application import rows
from credit_scoring.feature_engineering.history.previous_application.rows import previous
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN

AGE = Measure("days_since_decision", "number of days since the decision", "days")
ENDED = Measure("days_since_end", "number of days since the end", "days")
GAP = Measure("days_between", "number of days between an application and the one before", "days", "days_since_previous")
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
    "cross_sold", "earlier applications that came from an offer of ours", pl.col("NAME_PRODUCT_TYPE") == "x-sell"
)
INSURED = Selection("insured", "earlier loans taken with insurance", pl.col("NFLAG_INSURED_ON_APPROVAL") == 1)

BY_THEN = Selection(
    f"as_of_{AS_OF_DAYS}_days",
    f"applications with us decided at least {AS_OF_DAYS} days before this one",
    pl.col("DAYS_DECISION") <= -AS_OF_DAYS,
)


OUTCOMES = (
    *previous.counts(
        (
            *(rows.ALL, rows.APPROVED, rows.REFUSED.disclosed(risk_rises=True)),
            *(rows.CANCELLED, rows.UNUSED, rows.RUNNING, rows.CASH, rows.CONSUMER, rows.REVOLVING),
            *(rows.APPROVED_CASH, rows.APPROVED_CONSUMER, rows.REFUSED_CASH, rows.REFUSED_CONSUMER),
            *(rows.LAST_180, rows.LAST_365.disclosed(risk_rises=True), rows.LAST_730),
            rows.REFUSED.within(rows.LAST_180, "applications that we refused in the last 180 days"),
            rows.REFUSED.within(rows.LAST_365, "applications that we refused in the last 365 days").disclosed(
                risk_rises=True
            ),
            rows.REFUSED.within(rows.LAST_730, "applications that we refused in the last 730 days"),
            rows.APPROVED.within(rows.LAST_365, "applications that we approved in the last 365 days"),
            *REASONS,
            OFFERED,
            BY_THEN,
        ),
        "applications",
    ),
    *previous.shares(
        (rows.APPROVED.disclosed(risk_rises=False), rows.REFUSED.disclosed(risk_rises=True)), among=rows.ALL
    ),
    *previous.shares((rows.CANCELLED, rows.CASH, rows.REVOLVING, NEW_CLIENT), among=rows.ALL),
    *previous.shares(
        (rows.APPROVED, rows.REFUSED), among=(rows.LAST_3, rows.LAST_5, rows.LAST_365, rows.LAST_730, BY_THEN)
    ),
    *previous.shares((INSURED,), among=rows.APPROVED),
    *previous.cross_product((AGE,), (rows.ALL,), (MEAN,), concept=Concept.CREDIT_HISTORY),
    *previous.cross_product((AGE,), (rows.ALL,), (LOWEST,)),
    *previous.cross_product(
        (AGE,), (rows.ALL,), (HIGHEST,), concept=Concept.CREDIT_HISTORY, disclosure=less_is_riskier("days_in_years")
    ),
    *previous.cross_product((AGE,), (rows.APPROVED,), (LOWEST,)),
    *previous.cross_product((AGE,), (rows.REFUSED,), (LOWEST,), disclosure=less_is_riskier("days_in_years")),
    *previous.cross_product((AGE,), (rows.APPROVED_CASH, rows.APPROVED_CONSUMER), (LOWEST,)),
    *previous.cross_product((GAP,), (rows.ALL,), (MEAN, LATEST)),
    *previous.cross_product((ENDED,), (rows.FINISHED,), (LOWEST,)),
    *previous.cross_product((FINISHED_LATE,), (rows.FINISHED,), (MEAN, LATEST)),
)
