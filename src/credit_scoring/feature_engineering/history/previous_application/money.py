"""Amounts requested and granted, interest, and instalments still to come."""

import polars as pl

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import MONEY, less_is_riskier, more_is_riskier
from credit_scoring.feature_engineering.history.aggregations import (
    HIGHEST,
    LATEST,
    LOWEST,
    MEAN,
    TOTAL,
    Measure,
)
from credit_scoring.feature_engineering.history.previous_application.rows import (
    ALL,
    APPROVED,
    APPROVED_CASH,
    APPROVED_CONSUMER,
    LAST_365,
    REFUSED,
    RUNNING,
    previous,
)

LOANS = Concept.LOANS_WITH_US
REQUESTED = Measure("application", "amount requested", MONEY, pl.col("AMT_APPLICATION"))
GRANTED = Measure("credit", "amount granted or offered", MONEY, pl.col("AMT_CREDIT"))
INSTALMENT = Measure("annuity", "instalment", MONEY, pl.col("AMT_ANNUITY"))
GOODS = Measure("goods_price", "price of the goods", MONEY, pl.col("AMT_GOODS_PRICE"))
TERM = Measure("term", "number of instalments planned", "instalments", pl.col("CNT_PAYMENT"))
GRANTED_SHARE = Measure("granted_share", "amount granted relative to the amount requested", "ratio")
CUT = Measure(
    "cut", "amount requested that was not granted, below zero if more was granted", MONEY, minimum=None
)
CREDIT_TO_GOODS = Measure("credit_to_goods", "amount granted relative to the price of the goods", "ratio")
DOWN_PAYMENT = Measure(
    "down_payment_share", "down payment relative to the amount granted", "ratio", minimum=None
)
DOWN_PAYMENT_AMOUNT = Measure("down_payment", "down payment", MONEY, pl.col("AMT_DOWN_PAYMENT"), minimum=-1)
CREDIT_TO_ANNUITY = Measure("credit_to_annuity", "amount granted, in instalments", "instalments")
INTEREST_SHARE = Measure(
    "interest_share", "interest over the whole term relative to the amount granted", "ratio", minimum=-1
)
INTEREST_RATE = Measure(
    "interest_rate",
    "simple yearly interest rate implied by instalment, term and amount",
    "rate per year",
    minimum=None,
)
LEFT_TO_PAY = Measure("left_to_pay", "amount still to be paid by the first plan", MONEY)
DUE_NEXT_YEAR = Measure("due_next_year", "amount due in the 12 months after the application", MONEY)
AHEAD = Measure("instalments_ahead", "number of instalments still ahead", "instalments")

AMOUNTS = (
    *previous.cross_product((REQUESTED,), (ALL,), (MEAN, HIGHEST, LATEST)),
    *previous.cross_product((REQUESTED,), (REFUSED,), (HIGHEST,)),
    *previous.cross_product((GRANTED,), (APPROVED,), (MEAN, HIGHEST, TOTAL, LATEST), concept=LOANS),
    *previous.cross_product((GRANTED,), (REFUSED,), (HIGHEST,)),
    *previous.cross_product((INSTALMENT,), (APPROVED,), (MEAN, HIGHEST, LATEST), concept=LOANS),
    *previous.cross_product((INSTALMENT,), (REFUSED,), (MEAN,)),
    *previous.cross_product((INSTALMENT,), (RUNNING,), (TOTAL,), disclosure=more_is_riskier("amount")),
    *previous.cross_product((TERM,), (APPROVED,), (MEAN, HIGHEST, TOTAL, LATEST), concept=LOANS),
    *previous.cross_product((TERM,), (REFUSED,), (MEAN,)),
    *previous.cross_product((GRANTED_SHARE,), (ALL,), (MEAN, LOWEST, LATEST)),
    *previous.cross_product((CUT,), (ALL,), (LOWEST, HIGHEST)),
    *previous.cross_product((CREDIT_TO_GOODS,), (APPROVED_CONSUMER,), (MEAN,)),
    *previous.cross_product((DOWN_PAYMENT,), (APPROVED,), (MEAN,), disclosure=less_is_riskier("share")),
    *previous.cross_product((DOWN_PAYMENT,), (APPROVED,), (HIGHEST,)),
    *previous.cross_product((DOWN_PAYMENT_AMOUNT,), (APPROVED,), (HIGHEST,)),
    *previous.cross_product((CREDIT_TO_ANNUITY,), (APPROVED,), (MEAN, HIGHEST, LATEST)),
)

PRICE = (
    *previous.cross_product((INTEREST_SHARE,), (APPROVED,), (MEAN, LATEST)),
    *previous.cross_product((INTEREST_RATE,), (APPROVED,), (MEAN,), disclosure=more_is_riskier("rate")),
    *previous.cross_product((INTEREST_RATE,), (APPROVED,), (LOWEST, HIGHEST, LATEST)),
    *previous.cross_product((INTEREST_RATE,), (APPROVED_CASH, APPROVED_CONSUMER, LAST_365), (MEAN,)),
)

SCHEDULED = (
    *previous.cross_product((LEFT_TO_PAY,), (RUNNING,), (TOTAL,), disclosure=more_is_riskier("amount")),
    *previous.cross_product((DUE_NEXT_YEAR,), (RUNNING,), (TOTAL,)),
    *previous.cross_product((AHEAD,), (RUNNING,), (TOTAL, HIGHEST)),
)
