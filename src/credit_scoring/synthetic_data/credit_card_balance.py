"""credit_card_balance: the monthly state of previous credit cards: drawings, payments, and the balance they leave."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.bureau_balance import OLDEST_MONTH
from credit_scoring.synthetic_data.draws import bin_number, case, month_of, named
from credit_scoring.synthetic_data.noise import evenly, exponential, is_among_highest, of_client, of_habit, uniform
from credit_scoring.synthetic_data.previous_credits import OLD_CARD_DAYS
from credit_scoring.synthetic_data.profile import as_printed
from credit_scoring.synthetic_data.source import OWNER, Columns, Source, shuffled

_INTEREST_PER_MONTH = 0.027
_MINIMUM_SHARE = 0.05
_MONTHS_OF_USE = 43.5
_PAID_TO_MINIMUM = ((0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0), (0.0, 0.6, 1.0, 1.03, 1.4, 3.0, 10.0))
# Cumulative shares of cards last reported one, two or three months before the application; the others four months.
_LAST_MONTH_SHARES = (0.66, 0.90, 0.97)
_MINIMUM_LIMIT, _SMALL_LIMIT, _MEDIUM_LIMIT = 45_000.0, 67_500.0, 120_000.0
_RAISED_SHARE, _RAISED_TO = 0.35, 3.5
_OVERDRAWN_TO, _CASH_STEP, _PAYMENT_STEP, _SMALL_BALANCE = 1.03, 450.0, 4.5, 300.0
_DUE_SHARE_OF_LIMIT, _DUE_SHARE_OF_BALANCE, _PAYS_ALL_SHARE = 0.85, 0.06, 0.018
_LIKES_CASH_SHARE, _CASH_SHARE_IF_LIKED, _CASH_SHARE_OTHERWISE = 0.7, 0.85, 0.15

_FIRST, _LIMIT, _START, _HUNGER = named("first", "limit", "start", "hunger")
_IS_OLD = pl.col("DAYS_DECISION") < OLD_CARD_DAYS


def _step_of(day: str) -> pl.Expr:
    return (month_of(pl.col(day)) - _FIRST).clip(lower_bound=0)


# ``start`` and ``closing``: months from the first month to the first drawing and to the closing, null for never.
_USE_OF_CARDS: Columns = {
    "first": month_of(pl.col("DAYS_DECISION")).clip(OLDEST_MONTH, -1),
    "last": pl.max_horizontal(-1 - bin_number(uniform("last"), _LAST_MONTH_SHARES), _FIRST),
    "months": pl.col("last") - _FIRST + 1,
    "start": _step_of("DAYS_FIRST_DRAWING"),
    "closing": pl.when(pl.col("closed").is_not_null()).then(pl.max_horizontal(_step_of("closed"), _START + 1)),
    "agreed": pl.col("AMT_CREDIT").clip(lower_bound=_MINIMUM_LIMIT),
    "limit": pl.col("agreed")
    * case(
        ((pl.col("agreed") <= _SMALL_LIMIT) & ~_IS_OLD & (uniform("raised") < _RAISED_SHARE), _RAISED_TO), otherwise=1.0
    ),
    "hunger": evenly(of_habit("utilisation", 0.9, "hunger"), "hunger"),
    "use": case((_LIMIT < _MEDIUM_LIMIT, 0.75), otherwise=1.2) * case((_IS_OLD, 1.65), otherwise=0.68),
    "stop": _START + (_MONTHS_OF_USE * exponential("stop") * (0.4 + 1.2 * _HUNGER) * pl.col("use")).ceil(),
    "cash share": case((uniform("cash") < _LIKES_CASH_SHARE, _CASH_SHARE_IF_LIKED), otherwise=_CASH_SHARE_OTHERWISE),
    "minimum of limit": uniform("minimum") < _DUE_SHARE_OF_LIMIT,
    "worsening": of_client("worsening"),
    "late": of_client("late payments"),
}
_USE_BY_MONTH: Columns = {
    "MONTHS_BALANCE": _FIRST + pl.col("step"),
    "is drawn": (pl.col("step") >= _START).fill_null(False),
    "is closed": (pl.col("step") >= pl.col("closing")).fill_null(False),
    "AMT_CREDIT_LIMIT_ACTUAL": pl.when("is closed").then(0.0).otherwise("limit"),
}
_SIMULATED = ("AMT_BALANCE", "cash", "purchases", "minimum", "paid")


def card_months(source: Source, cards: pl.DataFrame) -> pl.DataFrame:
    """The months of the cards of a chunk, card by card, from the decision to the last month reported.

    Columns: the card's keys, ``step`` (months since the first), month, limit, ``is drawn``, ``is closed``, balance,
    drawings (``cash``, ``purchases``), ``minimum`` payment due and amount ``paid``.
    """
    cards = source.compute("cards by month", cards, _USE_OF_CARDS)
    rows = source.expand("months of cards", cards, "months", "step", _USE_BY_MONTH)
    lengths = cards["months"].to_numpy()
    inside = np.arange(lengths.max(initial=0)) < lengths[:, None]
    simulated = _simulated(cards, inside.shape[1], source.chunk.random("card balances"))
    rows = rows.with_columns(
        pl.Series(name, values[inside]) for name, values in zip(_SIMULATED, simulated, strict=True)
    )
    return rows.select(OWNER, "SK_ID_PREV", "SK_ID_CURR", "step", *_USE_BY_MONTH, *_SIMULATED)


def _simulated(cards: pl.DataFrame, months: int, random: np.random.Generator) -> NDArray[np.float64]:
    """The columns of ``_SIMULATED``, as (columns, cards, months)."""
    limit, hunger, stop, cash_share, worsening, late = (
        cards[name].cast(pl.Float64).to_numpy()
        for name in ("limit", "hunger", "stop", "cash share", "worsening", "late")
    )
    # NaN for never: no comparison with it is true.
    start, closing = (cards[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in ("start", "closing"))
    of_limit = cards["minimum of limit"].to_numpy()
    history = np.zeros((len(_SIMULATED), cards.height, months))
    balance = np.zeros(cards.height)
    for step in range(months):
        is_open = (step >= start) & ~(step >= closing)
        use = (0.32 + 0.40 * hunger) * np.exp(0.25 * worsening * step / months) * (step < stop)
        draws = is_open & ((step == start) | (random.random(len(start)) < use))
        free = np.maximum(_OVERDRAWN_TO * limit - balance, 0.0)
        # Clients who draw take much of what is left below the limit.
        share = np.where(step == start, 0.7 + 0.3 * hunger, 0.4 + 0.6 * hunger) * random.random(len(start)) ** 0.3
        drawn = np.where(draws, free * share, 0.0)
        is_cash = random.random(len(start)) < cash_share
        cash = np.where(is_cash, np.round(drawn / _CASH_STEP) * _CASH_STEP, 0.0)
        purchases = np.where(is_cash, 0.0, np.round(drawn, 3))
        due = np.where(of_limit, _MINIMUM_SHARE * limit, _DUE_SHARE_OF_BALANCE * balance)
        minimum = np.round(np.minimum(due, balance), 3)
        carefulness = random.standard_normal(len(start)) - 0.35 * late
        ratio = np.interp(np.argsort(np.argsort(carefulness)) / len(start), *_PAID_TO_MINIMUM)
        pays_all = (random.random(len(start)) < _PAYS_ALL_SHARE) | (balance < _SMALL_BALANCE) | (step >= closing)
        some = np.minimum(np.round(minimum * ratio / _PAYMENT_STEP) * _PAYMENT_STEP, balance)
        paid = np.round(np.where(pays_all, balance, some), 3)
        balance = np.round((balance - paid) * (1.0 + _INTEREST_PER_MONTH) + cash + purchases, 3)
        history[:, :, step] = np.stack([balance, cash, purchases, minimum, paid])
    return history


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
    "count of cash": case((_CASH > 0, 1 + bin_number(uniform("cash"), _CASH_DRAWINGS)), otherwise=0),
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
