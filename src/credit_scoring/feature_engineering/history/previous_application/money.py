"""Amounts requested and granted, interest, and instalments still to come."""

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import MONEY, less_is_riskier, more_is_riskier
from credit_scoring.feature_engineering.history.aggregations import Measure
from credit_scoring.feature_engineering.history.previous_application import rows
from credit_scoring.feature_engineering.history.previous_application.rows import previous
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN, TOTAL

LOANS = Concept.LOANS_WITH_US
REQUESTED = Measure("application", "amount requested", MONEY, "AMT_APPLICATION")
GRANTED = Measure("credit", "amount granted or offered", MONEY, "AMT_CREDIT")
INSTALMENT = Measure("annuity", "instalment", MONEY, "AMT_ANNUITY")
TERM = Measure("term", "number of instalments planned", "instalments", "CNT_PAYMENT")
GRANTED_SHARE = Measure("granted_share", "amount granted relative to the amount requested", "ratio")
CUT = Measure("cut", "amount requested that was not granted, below zero if more was granted", MONEY, minimum=None)
CREDIT_TO_GOODS = Measure("credit_to_goods", "amount granted relative to the price of the goods", "ratio")
DOWN_PAYMENT = Measure("down_payment_share", "down payment relative to the amount granted", "ratio", minimum=None)
DOWN_PAYMENT_AMOUNT = Measure("down_payment", "down payment", MONEY, "AMT_DOWN_PAYMENT", minimum=-1)
CREDIT_TO_ANNUITY = Measure("credit_to_annuity", "amount granted, in instalments", "instalments")
INTEREST_SHARE = Measure(
    "interest_share", "interest over the whole term relative to the amount granted", "ratio", minimum=-1
)
INTEREST_RATE = Measure(
    "interest_rate", "simple yearly interest rate implied by instalment, term and amount", "rate per year", minimum=None
)
LEFT_TO_PAY = Measure("left_to_pay", "amount still to be paid by the first plan", MONEY)
DUE_NEXT_YEAR = Measure("due_next_year", "amount due in the 12 months after the application", MONEY)
AHEAD = Measure("instalments_ahead", "number of instalments still ahead", "instalments")

AMOUNTS = (
    *previous.cross_product((REQUESTED,), (rows.ALL,), (MEAN, HIGHEST, LATEST)),
    *previous.cross_product((REQUESTED,), (rows.REFUSED,), (HIGHEST,)),
    *previous.cross_product((GRANTED,), (rows.APPROVED,), (MEAN, HIGHEST, TOTAL, LATEST), concept=LOANS),
    *previous.cross_product((GRANTED,), (rows.REFUSED,), (HIGHEST,)),
    *previous.cross_product((INSTALMENT,), (rows.APPROVED,), (MEAN, HIGHEST, LATEST), concept=LOANS),
    *previous.cross_product((INSTALMENT,), (rows.REFUSED,), (MEAN,)),
    *previous.cross_product((INSTALMENT,), (rows.RUNNING,), (TOTAL,), disclosure=more_is_riskier("amount")),
    *previous.cross_product((TERM,), (rows.APPROVED,), (MEAN, HIGHEST, TOTAL, LATEST), concept=LOANS),
    *previous.cross_product((TERM,), (rows.REFUSED,), (MEAN,)),
    *previous.cross_product((GRANTED_SHARE,), (rows.ALL,), (MEAN, LOWEST, LATEST)),
    *previous.cross_product((CUT,), (rows.ALL,), (LOWEST, HIGHEST)),
    *previous.cross_product((CREDIT_TO_GOODS,), (rows.APPROVED_CONSUMER,), (MEAN,)),
    *previous.cross_product((DOWN_PAYMENT,), (rows.APPROVED,), (MEAN,), disclosure=less_is_riskier("share")),
    *previous.cross_product((DOWN_PAYMENT,), (rows.APPROVED,), (HIGHEST,)),
    *previous.cross_product((DOWN_PAYMENT_AMOUNT,), (rows.APPROVED,), (HIGHEST,)),
    *previous.cross_product((CREDIT_TO_ANNUITY,), (rows.APPROVED,), (MEAN, HIGHEST, LATEST)),
)

PRICE = (
    *previous.cross_product((INTEREST_SHARE,), (rows.APPROVED,), (MEAN, LATEST)),
    *previous.cross_product((INTEREST_RATE,), (rows.APPROVED,), (MEAN,), disclosure=more_is_riskier("rate")),
    *previous.cross_product((INTEREST_RATE,), (rows.APPROVED,), (LOWEST, HIGHEST, LATEST)),
    *previous.cross_product((INTEREST_RATE,), (rows.APPROVED_CASH, rows.APPROVED_CONSUMER, rows.LAST_365), (MEAN,)),
)

SCHEDULED = (
    *previous.cross_product((LEFT_TO_PAY,), (rows.RUNNING,), (TOTAL,), disclosure=more_is_riskier("amount")),
    *previous.cross_product((DUE_NEXT_YEAR,), (rows.RUNNING,), (TOTAL,)),
    *previous.cross_product((AHEAD,), (rows.RUNNING,), (TOTAL, HIGHEST)),
)
