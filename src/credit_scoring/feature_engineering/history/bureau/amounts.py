"""Amounts lent by other lenders and still owed to them."""

import polars as pl

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import MONEY, more_is_riskier
from credit_scoring.feature_engineering.history.aggregations import Measure, Selection
from credit_scoring.feature_engineering.history.bureau import rows
from credit_scoring.feature_engineering.history.bureau.rows import bureau
from credit_scoring.feature_engineering.history.feature_builder import HistoryFeature
from credit_scoring.feature_engineering.history.formulas import ratio
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, MEAN, TOTAL

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
    name = f"debt_to_credit_{selection.name}" if selection.name else "debt_to_credit"
    return bureau.feature(
        name,
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
