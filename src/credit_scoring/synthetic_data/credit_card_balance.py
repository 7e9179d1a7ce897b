"""credit_card_balance: the monthly state of previous credit cards."""

import polars as pl

from credit_scoring.synthetic_data.draws import case, named, number_of_bin
from credit_scoring.synthetic_data.noise import exponential, is_among_highest, of_habit, uniform
from credit_scoring.synthetic_data.profile import as_printed
from credit_scoring.synthetic_data.source import Columns, Source, shuffled

TABLE = "credit_card_balance"
_COMPLETED_SHARE, _SIGNED_SHARE = 0.17, 0.09
_SILENT_SHARE, _PAYMENT_SILENT_SHARE = 0.97, 0.004
_LATE_SHARE, _MORE_THAN_A_DAY, _SERIOUS_SHARE = 0.088, 0.45, 0.55
# Cumulative shares of one, two ... drawings of cash in a month with some.
_CASH_DRAWINGS = (0.407, 0.772, 0.937, 0.987, 0.998)

_BALANCE, _CASH, _PURCHASES = named("AMT_BALANCE", "cash", "purchases")
_NEVER_DRAWN = pl.col("DAYS_FIRST_DRAWING").is_null()

_CARDS: Columns = {
    # No minimum payment is recorded in the first months of some cards.
    "months without plan": case(
        (
            uniform("without plan") < case((_NEVER_DRAWN, 0.58), otherwise=0.23),
            (exponential("months without plan") * case((_NEVER_DRAWN, 28.0), otherwise=4.0)).ceil(),
        ),
        otherwise=0,
    ),
    "completes": uniform("completes") < _COMPLETED_SHARE,
    "signs": uniform("signs") < _SIGNED_SHARE,
}


def _unless(null: str, values: pl.Expr) -> pl.Expr:
    return pl.when(~pl.col(null)).then(values)


_MONTHS: Columns = {
    "is silent": ~pl.col("is drawn") & (uniform("silent") < _SILENT_SHARE),
    "is without plan": pl.col("step") < pl.col("months without plan"),
    "count of cash": case((_CASH > 0, 1 + number_of_bin(uniform("cash"), _CASH_DRAWINGS)), otherwise=0),
    "count of purchases": case((_PURCHASES > 0, 1 + (exponential("purchases") * 3.0).floor()), otherwise=0),
    "AMT_DRAWINGS_CURRENT": _CASH + _PURCHASES,
    "AMT_DRAWINGS_ATM_CURRENT": _unless("is silent", _CASH),
    "AMT_DRAWINGS_OTHER_CURRENT": _unless("is silent", pl.lit(0)),
    "AMT_DRAWINGS_POS_CURRENT": _unless("is silent", _PURCHASES),
    "CNT_DRAWINGS_CURRENT": pl.col("count of cash") + pl.col("count of purchases"),
    "CNT_DRAWINGS_ATM_CURRENT": _unless("is silent", pl.col("count of cash")),
    "CNT_DRAWINGS_OTHER_CURRENT": _unless("is silent", pl.lit(0)),
    "CNT_DRAWINGS_POS_CURRENT": _unless("is silent", pl.col("count of purchases")),
    "AMT_INST_MIN_REGULARITY": _unless("is without plan", pl.col("minimum")),
    "matured": (pl.col("minimum") > 0).cum_sum().over("SK_ID_PREV"),
    "CNT_INSTALMENT_MATURE_CUM": _unless("is without plan", pl.col("matured")),
    "is without payment": pl.col("is silent") | (uniform("payment") < _PAYMENT_SILENT_SHARE),
    "AMT_PAYMENT_CURRENT": _unless("is without payment", pl.col("paid")),
    "AMT_PAYMENT_TOTAL_CURRENT": pl.col("paid"),
    "AMT_RECEIVABLE_PRINCIPAL": (_BALANCE * (0.94 + 0.045 * uniform("principal"))).round(3),
    "AMT_RECIVABLE": _BALANCE,
    "AMT_TOTAL_RECEIVABLE": _BALANCE,
    "NAME_CONTRACT_STATUS": case(
        (pl.col("completes") & pl.col("is closed"), "Completed"),
        (pl.col("signs") & (pl.col("step") == 0), "Signed"),
        otherwise="Active",
    ),
    "lateness": of_habit("late payments", 0.6, "late"),
    "SK_DPD": case(
        ((_BALANCE <= 0) | ~is_among_highest(pl.col("lateness"), _LATE_SHARE), 0.0),
        (uniform("longer") < _MORE_THAN_A_DAY, (4.0 * exponential("days")).pow(2.2).ceil()),
        otherwise=1.0,
    ),
    "SK_DPD_DEF": case((uniform("serious") < _SERIOUS_SHARE, pl.col("SK_DPD").clip(upper_bound=60)), otherwise=0),
}


def credit_card_balance(source: Source, cards: pl.DataFrame, months: pl.DataFrame) -> pl.DataFrame:
    """Months of the credit cards of a chunk, in random order.

    Args:
        months: what ``card_months`` returns.
    """
    cards = source.compute("credit_card_balance cards", cards, _CARDS)
    rows = months.join(cards.select("SK_ID_PREV", *_CARDS), on="SK_ID_PREV", how="left", maintain_order="left")
    return as_printed(TABLE, shuffled(source.compute(TABLE, rows, _MONTHS), source.chunk.random(f"{TABLE} order")))
