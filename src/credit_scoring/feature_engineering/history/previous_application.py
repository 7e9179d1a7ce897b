"""Earlier applications with us: their outcomes and dates, amounts and interest, products and sales channels."""

import polars as pl

from credit_scoring.data_contracts.previous_application import PREVIOUS_APPLICATION
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import CATEGORY_INDEX, MONEY, less_is_riskier, more_is_riskier
from credit_scoring.feature_engineering.history import previous_application_rows as rows
from credit_scoring.feature_engineering.history.aggregations import AS_OF_DAYS, Measure, Selection
from credit_scoring.feature_engineering.history.feature_builder import FeatureGroup
from credit_scoring.feature_engineering.history.previous_application_rows import previous
from credit_scoring.feature_engineering.history.shared_measures import ENDED
from credit_scoring.feature_engineering.history.statistics import HIGHEST, LATEST, LOWEST, MEAN, TOTAL

AGE = Measure("days_since_decision", "number of days since the decision", "days")
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
    *previous.cross_product((DOWN_PAYMENT, DOWN_PAYMENT_AMOUNT), (rows.APPROVED,), (HIGHEST,)),
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


def _category(name: str, column: str, meaning: str, concept: Concept | None = None) -> Measure:
    last = len(PREVIOUS_APPLICATION.column(column).categories) - 1
    return Measure(name, meaning, CATEGORY_INDEX, pl.col(name), maximum=last, concept=concept)


STATUS = _category("status", "NAME_CONTRACT_STATUS", "outcome", Concept.LOANS_WITH_US)
CONTRACT = _category("contract_type", "NAME_CONTRACT_TYPE", "kind of loan")
PRODUCT = _category("product", "PRODUCT_COMBINATION", "product in detail")
GOODS = _category("goods", "NAME_GOODS_CATEGORY", "kind of goods bought")
CHANNEL = _category("channel", "CHANNEL_TYPE", "sales channel")
REJECT_REASON = _category("reject_reason", "CODE_REJECT_REASON", "internal reason for refusal")
CLIENT_TYPE = _category("client_type", "NAME_CLIENT_TYPE", "standing of the client with us at that time")
PURPOSE = _category("purpose", "NAME_CASH_LOAN_PURPOSE", "purpose of a cash loan")
INDUSTRY = _category("industry", "NAME_SELLER_INDUSTRY", "trade of the shop")
YIELD_GROUP = Measure("yield_group", "interest group (0 promotional to 3 high)", "group from 0 to 3", maximum=3)
SHOP_AREA = Measure("shop_area", "size of the shop", "area units", "SELLERPLACE_AREA")
HOUR = Measure("hour", "hour of the day of the application", "hour of the day", "HOUR_APPR_PROCESS_START", maximum=23)

PRODUCTS = (
    *previous.cross_product(
        (STATUS, CONTRACT, PRODUCT, GOODS, CHANNEL, CLIENT_TYPE, PURPOSE, INDUSTRY), (rows.ALL,), (LATEST,)
    ),
    *previous.cross_product((PRODUCT, CHANNEL), (rows.APPROVED,), (LATEST,)),
    *previous.cross_product((REJECT_REASON,), (rows.REFUSED,), (LATEST,)),
    *previous.cross_product((YIELD_GROUP,), (rows.APPROVED,), (MEAN, HIGHEST, LATEST)),
    *previous.cross_product((SHOP_AREA,), (rows.ALL,), (MEAN,)),
    *previous.cross_product((HOUR,), (rows.ALL,), (LATEST,)),
)

GROUPS = (FeatureGroup((*OUTCOMES, *AMOUNTS, *PRICE, *SCHEDULED, *PRODUCTS)),)
