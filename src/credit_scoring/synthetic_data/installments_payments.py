"""installments_payments: what was due on previous loans and cards, and what was paid when."""

import polars as pl

from credit_scoring.synthetic_data.draws import DAYS_PER_MONTH, bin_number, case, interpolated, named
from credit_scoring.synthetic_data.noise import correlated, evenly, of_client, uniform
from credit_scoring.synthetic_data.previous_credits import DAYS_BETWEEN_INSTALMENTS
from credit_scoring.synthetic_data.profile import as_printed
from credit_scoring.synthetic_data.source import Columns, Source, shuffled

TABLE = "installments_payments"
_OLDEST_DAY = -2922
_SPLIT_SHARE, _UNPAID_SHARE = 0.10, 0.00021
_OVERPAID_SHARE, _OVERPAID_TIMES = 0.008, 1.4
_CHANGED_PLAN_SHARE, _PAYOFF_DISCOUNT = 0.07, 0.15
# Days from due to paid, early ones negative: quantiles of real loans, and of regular card payments.
_DELAY_RANKS = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.83, 0.893, 0.94, 0.97, 0.99, 0.998, 1.0)
_LOAN_DELAYS = (-150, -78, -39, -30, -17, -9, -2.4, -0.6, 0.4, 3, 8, 20, 60, 400)
_CARD_DELAYS = (-40, -30, -25, -22, -15, -10, -3, -0.6, 0.4, 3, 8, 20, 60, 300)
# In how many payments a month's sum on a card is paid: cumulative shares of one, two ...; long ago more often in one.
_CARD_PARTS = (0.25, 0.53, 0.74, 0.89)
_FEW_PARTS_BEFORE, _ONE_PART_THEN = -54, 0.4

_DUE, _AMOUNT, _NUMBER, _LEFT, _ENTRY = named(
    "DAYS_INSTALMENT", "AMT_INSTALMENT", "NUM_INSTALMENT_NUMBER", "left", "DAYS_ENTRY_PAYMENT"
)
_IS_FIRST_PART = pl.col("part") == 0
_PLAN = ("NUM_INSTALMENT_VERSION", "NUM_INSTALMENT_NUMBER", "DAYS_INSTALMENT", "AMT_INSTALMENT")


def _delay(quantiles: tuple[float, ...]) -> pl.Expr:
    """Days between due and paid: careless clients are late more often, and some more so in the last three years."""
    worsening = of_client("worsening") * (1.0 + _DUE / (3 * 365.25)).clip(0.0, 1.0)
    habit = (of_client("late payments") + 0.6 * worsening) / 1.1
    return interpolated(evenly(correlated(habit, 0.4, "delay"), "delay"), _DELAY_RANKS, quantiles).round()


_LOANS: Columns = {
    "count": (((-1 - pl.col("DAYS_FIRST_DUE")) // DAYS_BETWEEN_INSTALMENTS) + 1).cast(pl.Int64).clip(0, pl.col("paid")),
    "changed after": (pl.col("paid") * uniform("new plan from")).ceil(),
    "new plan from": pl.when(uniform("changes") < _CHANGED_PLAN_SHARE).then("changed after"),
    "new plan": 1 + pl.int_range(pl.len()) % 3,
}
# The instalments of a loan that runs to its end add up to the annuity times their number. The last one of a loan paid
# off early holds what was left, at a discount for the interest saved, under a new version of the plan.
_LOAN_INSTALMENTS: Columns = {
    "NUM_INSTALMENT_NUMBER": pl.col("step") + 1,
    "DAYS_INSTALMENT": pl.col("DAYS_FIRST_DUE") + DAYS_BETWEEN_INSTALMENTS * pl.col("step"),
    "left": pl.col("planned") - pl.col("step"),
    "is payoff": (_NUMBER == pl.col("paid")) & (_LEFT > 1) & ~pl.col("is given up"),
    "annuities": case((pl.col("is payoff"), 1 + (1 - _PAYOFF_DISCOUNT) * (_LEFT - 1)), otherwise=1.0),
    "AMT_INSTALMENT": (pl.col("AMT_ANNUITY").fill_null(0.0) * pl.col("annuities")).round(3),
    "new": case((_NUMBER >= pl.col("new plan from"), pl.col("new plan")), otherwise=0),
    "NUM_INSTALMENT_VERSION": 1.0 + pl.col("is payoff") + pl.col("new"),
    "DAYS_ENTRY_PAYMENT": (_DUE + _delay(_LOAN_DELAYS)).clip(upper_bound=-1),
    "parts": 1 + (uniform("split") < _SPLIT_SHARE).cast(pl.Int64),
    "first part": case(
        (pl.col("parts") == 2, (_AMOUNT * uniform("first part")).round(3)),
        (uniform("overpaid") < _OVERPAID_SHARE, (_AMOUNT * _OVERPAID_TIMES).round(3)),
        otherwise=_AMOUNT,
    ),
}
_LOAN_PAYMENTS: Columns = {
    **{name: pl.col(name) for name in _PLAN},
    "AMT_PAYMENT": case((_IS_FIRST_PART, pl.col("first part")), otherwise=(_AMOUNT - pl.col("first part")).round(3)),
    "later": case((_IS_FIRST_PART, 0), otherwise=1 + (24 * uniform("later")).floor()),
    "DAYS_ENTRY_PAYMENT": (_ENTRY + pl.col("later")).clip(upper_bound=-1),
}
_CARD_MONTHS: Columns = {
    "parts": case(
        ((pl.col("MONTHS_BALANCE") < _FEW_PARTS_BEFORE) & (uniform("one part") < _ONE_PART_THEN), 1),
        otherwise=1 + bin_number(uniform("parts"), _CARD_PARTS),
    ),
    "month": pl.int_range(pl.len()),
}
# The regular payment of a month is due on its day, others are paid on the day they are recorded as due.
_CARD_PAYMENTS: Columns = {
    "weight": case((_IS_FIRST_PART, 1.0), otherwise=0.35) * (0.3 + 0.7 * uniform("weight")),
    "share": pl.col("weight") / pl.col("weight").sum().over("month"),
    "AMT_INSTALMENT": (pl.col("paid") * pl.col("share")).round(3).clip(lower_bound=0.045),
    "AMT_PAYMENT": _AMOUNT,
    "end of month": (pl.col("MONTHS_BALANCE") * DAYS_PER_MONTH).ceil(),
    "DAYS_INSTALMENT": (pl.col("end of month") - (28 * uniform("due")).floor()).clip(upper_bound=-1),
    "delay": case((_IS_FIRST_PART, _delay(_CARD_DELAYS)), otherwise=0),
    "DAYS_ENTRY_PAYMENT": (_DUE + pl.col("delay")).clip(upper_bound=-1),
    "NUM_INSTALMENT_VERSION": pl.lit(0),
    "NUM_INSTALMENT_NUMBER": 1 + pl.int_range(pl.len()).over("SK_ID_PREV"),
}
_UNPAID: Columns = {
    "is unpaid": uniform("unpaid") < _UNPAID_SHARE,
    **{name: pl.when(~pl.col("is unpaid")).then(name) for name in ("DAYS_ENTRY_PAYMENT", "AMT_PAYMENT")},
}
_KEPT = ("SK_ID_PREV", "SK_ID_CURR", *_PLAN, "DAYS_ENTRY_PAYMENT", "AMT_PAYMENT")


def installments_payments(source: Source, loans: pl.DataFrame, card_months: pl.DataFrame) -> pl.DataFrame:
    """Instalments of the loans and cards of a chunk that fell due before the application, in random order."""
    plans = source.compute("plans of loans", loans, _LOANS)
    due = source.expand("loan instalments", plans, "count", "step", _LOAN_INSTALMENTS)
    of_loans = source.expand("loan payments", due, "parts", "part", _LOAN_PAYMENTS)
    paying = source.compute("card months", card_months.filter(pl.col("paid") > 0), _CARD_MONTHS)
    of_cards = source.expand("card payments", paying, "parts", "part", _CARD_PAYMENTS)
    rows = pl.concat((of.select(_KEPT) for of in (of_loans, of_cards)), how="vertical_relaxed")
    rows = source.compute(TABLE, rows.filter(_DUE >= _OLDEST_DAY), _UNPAID)
    return as_printed(TABLE, shuffled(rows, source.chunk.random(f"{TABLE} order")))
