"""previous_application: earlier applications of the client to Home Credit itself."""

import polars as pl

from credit_scoring.synthetic_data.clients import owned_rows
from credit_scoring.synthetic_data.draws import bin_number, case, chance, draw, interpolated, named, published, stepped
from credit_scoring.synthetic_data.noise import correlated, evenly, of_habit, uniform
from credit_scoring.synthetic_data.previous_credits import (
    CARDS,
    HAS_BEGUN,
    LOANS,
    OLD_CARD_DAYS,
    TABLE,
    TERM_BINS,
    draw_kinds,
    known_dates,
)
from credit_scoring.synthetic_data.profile import as_printed
from credit_scoring.synthetic_data.source import Columns, Groups, Source

FIRST_ID, LAST_ID = 1_000_001, 2_845_382
_INTEREST_RATE_SHARE = 0.00356
_NOT_LAST_OF_CONTRACT, _NOT_LAST_OF_DAY = 0.00507, 0.00353
# RATE_DOWN_PAYMENT is this many times the down payment's share of credit and down payment.
_DOWN_PAYMENT_FACTOR = 1.0890909
_INSTALMENTS_OF_A_CARD, _USUAL_INSTALMENTS = 20.0, 12.0
# Loans and cards without a previous application are frequent in the source, and old; here all have one.
_OLD_CARD_SHARE, _OLD_CARD_SHARE_OF_TEST, _OLDEST_DAY, _OLD_CARD_UNTIL = 0.158, 0.042, -2922.0, -2550.0
_OLD_LOAN_SHIFT_DAYS, _FIRST_SHIFTED_DAY = 100.0, -1300.0
# The source has no dates for some approved loans, and loans without an application; here some of the former get dates.
_UNDATED_KEPT = 1.05
_LIMIT_STEP = 22_500.0
_LIMITS_OF_OLD_CARDS = (
    (0.0, 0.09, 0.15, 0.3, 0.52, 0.65, 0.8, 1.0),
    (45e3, 45e3, 80e3, 105e3, 120e3, 165e3, 182e3, 191e3),
)

_GROUP = ["NAME_CONTRACT_TYPE", "NAME_CONTRACT_STATUS"]
_PRODUCT = ["PRODUCT_COMBINATION", "NAME_CONTRACT_STATUS"]
_PURPOSE = ["NAME_CONTRACT_TYPE", "NAME_PRODUCT_TYPE", "NAME_CONTRACT_STATUS"]
_COST: Groups = ["NAME_YIELD_GROUP", bin_number(pl.col("CNT_PAYMENT").fill_null(0), TERM_BINS)]
_IS_APPROVED = pl.col("NAME_CONTRACT_STATUS") == "Approved"
_IS_CARD = pl.col("NAME_CONTRACT_TYPE") == "Revolving loans"
_FOR_GOODS = pl.col("NAME_CONTRACT_TYPE") == "Consumer loans"
_SIZE, _PRICE, _GOODS, _DOWN, _CREDIT, _RATE, _PAYMENTS, _FEE = named(
    "size", "price", "goods", "down payment", "AMT_CREDIT", "rate", "CNT_PAYMENT", "fee"
)
_NOTHING, _WITHOUT_TERMS = named("requested nothing", "without terms")
_LIMIT_OF_OLD_CARD = interpolated(evenly(_SIZE, "limit"), *_LIMITS_OF_OLD_CARDS)
_OLD_CARDS_SHARE = case((pl.col("is_test"), _OLD_CARD_SHARE_OF_TEST), otherwise=_OLD_CARD_SHARE)
_SHIFT = ((_FIRST_SHIFTED_DAY - pl.col("decided")) / (_FIRST_SHIFTED_DAY - _OLDEST_DAY)).clip(0.0, 1.0)

_COLUMNS: Columns = {
    "CHANNEL_TYPE": draw(TABLE, "CHANNEL_TYPE", _PRODUCT),
    "NAME_SELLER_INDUSTRY": draw(TABLE, "NAME_SELLER_INDUSTRY", _PRODUCT),
    "NAME_CLIENT_TYPE": draw(TABLE, "NAME_CLIENT_TYPE", _PRODUCT),
    "NAME_TYPE_SUITE": draw(TABLE, "NAME_TYPE_SUITE", _PRODUCT),
    "NAME_PAYMENT_TYPE": draw(TABLE, "NAME_PAYMENT_TYPE", _PRODUCT),
    "CODE_REJECT_REASON": draw(TABLE, "CODE_REJECT_REASON", _GROUP),
    "NAME_CASH_LOAN_PURPOSE": draw(TABLE, "NAME_CASH_LOAN_PURPOSE", _PURPOSE),
    "NAME_GOODS_CATEGORY": draw(TABLE, "NAME_GOODS_CATEGORY", ["NAME_SELLER_INDUSTRY"]),
    "SELLERPLACE_AREA": draw(TABLE, "SELLERPLACE_AREA", ["CHANNEL_TYPE"]).round(),
    "WEEKDAY_APPR_PROCESS_START": draw(TABLE, "WEEKDAY_APPR_PROCESS_START"),
    "HOUR_APPR_PROCESS_START": draw(TABLE, "HOUR_APPR_PROCESS_START"),
    "FLAG_LAST_APPL_PER_CONTRACT": case((uniform("contract") < _NOT_LAST_OF_CONTRACT, "N"), otherwise="Y"),
    "NFLAG_LAST_APPL_IN_DAY": (uniform("day") >= _NOT_LAST_OF_DAY).cast(pl.Int64),
    # The source knows the interest rates of few applications, and then both.
    "has rates": uniform("has rates") < _INTEREST_RATE_SHARE,
    **{
        name: pl.when("has rates").then(published(TABLE, name, evenly(uniform(name), name).over("has rates")))
        for name in ("RATE_INTEREST_PRIMARY", "RATE_INTEREST_PRIVILEGED")
    },
    "decided": draw(TABLE, "DAYS_DECISION", _PRODUCT, of_habit("hunger for credit", 0.3, "decided")),
    "DAYS_DECISION": case(
        (
            _IS_APPROVED & _IS_CARD & (uniform("is old") < _OLD_CARDS_SHARE),
            _OLDEST_DAY + (_OLD_CARD_UNTIL - _OLDEST_DAY) * uniform("old card"),
        ),
        (_IS_APPROVED & ~_IS_CARD, pl.col("decided") - _OLD_LOAN_SHIFT_DAYS * 4.0 * _SHIFT * (1.0 - _SHIFT)),
        otherwise=pl.col("decided"),
    )
    .round()
    .clip(upper_bound=-1),
    # The credit is the price less the down payment, plus fees.
    "size": of_habit("AMT_INCOME_TOTAL", 0.35, "size"),
    "price": case(
        (_IS_CARD & (pl.col("DAYS_DECISION") < OLD_CARD_DAYS), _LIMIT_OF_OLD_CARD),
        otherwise=draw(TABLE, "REQUESTED", _PRODUCT, _SIZE),
    ),
    "goods": case(
        (_IS_CARD, stepped(_PRICE, _LIMIT_STEP).clip(lower_bound=2 * _LIMIT_STEP)), otherwise=stepped(_PRICE, 4.5)
    ),
    "requested nothing": uniform("nothing") < chance(TABLE, "REQUESTED_IS_ZERO", _GROUP),
    "without terms": uniform("nothing") < chance(TABLE, "TERMS_ARE_NULL", _GROUP),
    "fee": draw(TABLE, "FEE", _GROUP).fill_null(1.0),
    "rate": draw(TABLE, "RATE_DOWN_PAYMENT", _GROUP, correlated(-_SIZE, 0.2, "rate")),
    "down payment": case(
        (_NOTHING | _RATE.is_null(), 0.0),
        otherwise=stepped(_RATE * _GOODS * _FEE / (_DOWN_PAYMENT_FACTOR - _RATE * (1.0 - _FEE)), 4.5),
    ),
    # A card that was offered has a limit though no amount was requested; goods not bought still have a price.
    "AMT_CREDIT": case(
        (case((_FOR_GOODS, _NOTHING), otherwise=_WITHOUT_TERMS), 0.0),
        otherwise=stepped((_GOODS - _DOWN).clip(lower_bound=0.0) * _FEE, 4.5),
    ),
    "payments": draw(TABLE, "CNT_PAYMENT", _PRODUCT, correlated(_SIZE, 0.55, "payments")),
    "CNT_PAYMENT": case(
        (_WITHOUT_TERMS, None),
        (pl.col("payments").is_null() | (~_IS_CARD & (pl.col("payments") == 0)), _USUAL_INSTALMENTS),
        otherwise=pl.col("payments"),
    ),
    "instalments": case((_PAYMENTS == 0, _INSTALMENTS_OF_A_CARD), otherwise=_PAYMENTS),
    "factor": draw(TABLE, "FACTOR", _COST).fill_null(1.0),
    "AMT_ANNUITY": stepped(_CREDIT * pl.col("factor") / pl.col("instalments"), 0.045),
    "AMT_DOWN_PAYMENT": pl.when(_RATE.is_not_null()).then(_DOWN),
    "paid in all": (_CREDIT + _DOWN).clip(lower_bound=1.0),
    "RATE_DOWN_PAYMENT": _DOWN_PAYMENT_FACTOR * pl.col("AMT_DOWN_PAYMENT") / pl.col("paid in all"),
    "AMT_APPLICATION": case((_NOTHING, 0.0), otherwise=_GOODS),
    "AMT_GOODS_PRICE": pl.when(~_NOTHING).then(_GOODS),
    # What became of the approved ones is known of each client's first loan, and of most others.
    "without dates": _UNDATED_KEPT * (1.0 - chance(TABLE, "HAS_DATES", _GROUP)),
    "is dated": _IS_APPROVED & (pl.col("is first") | (uniform("is dated") >= pl.col("without dates"))),
    "insured": draw(TABLE, "NFLAG_INSURED_ON_APPROVAL", _PRODUCT).fill_null(0),
    "NFLAG_INSURED_ON_APPROVAL": pl.when("is dated").then("insured"),
    "PRODUCT_COMBINATION": pl.col("PRODUCT_COMBINATION").replace("", None),
}


def previous_application(source: Source) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The previous applications of the clients of a chunk; and the loans and cards among them, with their history.

    Dates are null where an application was not approved, and 365243 where they are ahead or never come.
    """
    rows = draw_kinds(source, owned_rows(source, TABLE))
    identifiers = source.chunk.identifiers(rows.height, FIRST_ID, LAST_ID)
    rows = rows.with_columns(pl.Series("SK_ID_PREV", identifiers)).with_row_index("row")
    rows = source.compute(TABLE, rows, _COLUMNS)
    undated, dated = rows.filter(~pl.col("is dated")), rows.filter("is dated")
    loans = source.compute("loans", dated.filter(~_IS_CARD), LOANS)
    cards = source.compute("cards", dated.filter(_IS_CARD), CARDS)
    rows = pl.concat([undated, loans, cards], how="diagonal_relaxed").sort("row")
    return (as_printed(TABLE, rows.with_columns(known_dates())), loans.filter(HAS_BEGUN), cards)
