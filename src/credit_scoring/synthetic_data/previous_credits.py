"""Which kind each previous application is, and what became of approved ones: dates of loans and cards, and their ends.

Nearly every client had a loan before, and none has two credit cards.
"""

import numpy as np
import polars as pl

from credit_scoring.synthetic_data.draws import bin_number, case, chance, draw, named
from credit_scoring.synthetic_data.noise import evenly, follows, normal, of_client, of_habit, uniform
from credit_scoring.synthetic_data.profile import index_at, kinds_of
from credit_scoring.synthetic_data.source import OWNER, Columns, Source

DAYS_BETWEEN_INSTALMENTS = 30
LAST_KNOWN_DAY = -2.0
# Edges of groups by instalments agreed; the calibration numbers its groups by them.
TERM_BINS = (4, 7, 11, 13, 19, 25, 37)
# Cards older than five years are another product: nearly all are drawn, and many are closed.
OLD_CARD_DAYS = -1826.0
_FIRST_PLAN_ENDS = "DAYS_LAST_DUE_1ST_VERSION"
_DATES = ("DAYS_FIRST_DRAWING", "DAYS_FIRST_DUE", _FIRST_PLAN_ENDS, "DAYS_LAST_DUE", "DAYS_TERMINATION")
TABLE = "previous_application"
_UNKNOWN_DAY = 365_243.0
_CAREFUL_PAY_OFF, _GIVEN_UP_SHARE = 0.15, 0.0042
_SMALL_LIMIT, _UNDRAWN_OF_SMALL, _UNDRAWN_OF_LARGE = 120_000.0, 1.25, 0.85
_CLOSING_DATE_KNOWN, _LAST_DUE_KNOWN = 0.8, 0.37

_TYPE = ["NAME_CONTRACT_TYPE"]
_DECIDED, _PLANNED, _FIRST_DUE, _IS_GIVEN_UP = named("DAYS_DECISION", "planned", "DAYS_FIRST_DUE", "is given up")
_PAY_OFF = (
    chance(TABLE, "PAID_OFF", [*_TYPE, bin_number(_PLANNED, TERM_BINS)])
    * (-_CAREFUL_PAY_OFF * of_client("late payments")).exp()
).clip(1e-4, 0.9)

# ``planned`` instalments are agreed; ``paid`` ones until the loan is paid off or given up; it stays open in the latter
# case. Instalments are due every 30 days from the first due day on; ``ended`` is null while the loan is open.
LOANS: Columns = {
    "planned": pl.col("CNT_PAYMENT").fill_null(1).clip(lower_bound=1).cast(pl.Int64),
    "DAYS_FIRST_DUE": _DECIDED + draw(TABLE, "FIRST_DUE", _TYPE).fill_null(30).round().clip(1, 400),
    "DAYS_LAST_DUE_1ST_VERSION": _FIRST_DUE + DAYS_BETWEEN_INSTALMENTS * (_PLANNED - 1),
    "is given up": follows("late payments", 0.5, "given up") > 1.0 - _GIVEN_UP_SHARE,
    # Early repayment has the same chance in every month; careful clients repay sooner.
    "paid off after": ((1.0 - uniform("paid off")).log() / (1.0 - _PAY_OFF).log()).ceil().clip(lower_bound=1),
    "paid": case(
        (_IS_GIVEN_UP, (_PLANNED * uniform("given up after")).ceil()),
        otherwise=pl.min_horizontal("paid off after", _PLANNED),
    ).cast(pl.Int64),
    "last due": _FIRST_DUE + DAYS_BETWEEN_INSTALMENTS * (pl.col("paid") - 1),
    "DAYS_LAST_DUE": pl.when(~_IS_GIVEN_UP).then("last due"),
    "closed": pl.col("last due") + draw(TABLE, "CLOSED", _TYPE).fill_null(5).round(),
    "ended": pl.when(~_IS_GIVEN_UP & (pl.col("closed") <= LAST_KNOWN_DAY)).then("closed"),
    "DAYS_TERMINATION": pl.col("ended"),
}

HAS_BEGUN = _FIRST_DUE <= LAST_KNOWN_DAY

_DRAWN, _IS_OLD, _IS_DRAWN, _LAST_DUE = named("DAYS_FIRST_DRAWING", "is old", "is drawn", "last due")
_UNDRAWN_SHARE = case((_IS_OLD, 0.065), otherwise=0.387) * case(
    (pl.col("AMT_CREDIT") < _SMALL_LIMIT, _UNDRAWN_OF_SMALL), otherwise=_UNDRAWN_OF_LARGE
)
_CLOSED_SHARE = case((_IS_OLD, 0.43), otherwise=0.21)

# Events are spread evenly over old and over other cards: few old ones hold many rows.
CARDS: Columns = {
    "is old": _DECIDED < OLD_CARD_DAYS,
    "drawn": _DECIDED + draw(TABLE, "DRAWING", _TYPE).fill_null(14).round(),
    "use": evenly(of_habit("utilisation", 0.5, "drawn"), "drawn").over("is old"),
    "is drawn": (pl.col("use") >= _UNDRAWN_SHARE) & (pl.col("drawn") <= LAST_KNOWN_DAY),
    "DAYS_FIRST_DRAWING": pl.when(_IS_DRAWN).then("drawn"),
    "closing": (pl.coalesce(_DRAWN, _DECIDED) * (0.15 + 0.8 * uniform("life"))).round(),
    "is closed": evenly(uniform("closed"), "closed").over("is old") < _CLOSED_SHARE,
    "closed": pl.when("is closed").then("closing"),
    "DAYS_TERMINATION": pl.when(uniform("closing") < _CLOSING_DATE_KNOWN).then("closed"),
    "DAYS_FIRST_DUE": _DRAWN + (25.0 + 35.0 * uniform("first due")).round(),
    "last due": (_DRAWN * 0.7 * uniform("last due")).round(),
    "is last due known": (_LAST_DUE > _FIRST_DUE) & (uniform("last due known") < _LAST_DUE_KNOWN),
    "DAYS_LAST_DUE": pl.when("is last due known").then("last due"),
}


def known_dates() -> list[pl.Expr]:
    """Dates as the source shows them on the day of the application; only the first plan contains future dates."""
    is_known = {name: pl.lit(True) if name == _FIRST_PLAN_ENDS else pl.col(name) <= LAST_KNOWN_DAY for name in _DATES}
    return [
        pl.when("is dated").then(pl.when(known).then(pl.col(name)).fill_null(_UNKNOWN_DAY)).alias(name)
        for name, known in is_known.items()
    ]


_FROM_GOOD_TO_BAD = ("Approved", "Unused offer", "Canceled", "Refused")
_REFUSALS_FOLLOW_HABIT = 0.5

_IS_FIRST, _LOT = pl.col("is first"), pl.col("lot")
# A client's first application is a loan. Each other one draws a lot, and each client's best lot may become a card.
_LOTS: Columns = {
    "is first": pl.int_range(pl.len()).over(OWNER) == 0,
    "lot": pl.when(_IS_FIRST).then(-1.0).otherwise(uniform("lot")),
    "card lot": pl.when(~_IS_FIRST & (_LOT == _LOT.max().over(OWNER))).then("lot").otherwise(-1.0),
    "card order": pl.col("card lot").rank("ordinal", descending=True).over("is_test"),
}
_ROLES: Columns = {
    "role": case(
        (_IS_FIRST, "loan"),
        ((pl.col("card lot") >= 0) & (pl.col("card order") <= pl.col("cards")), "card"),
        otherwise="other",
    ),
    "refusals": of_habit("refusals", _REFUSALS_FOLLOW_HABIT, "refusals"),
    "order": case((pl.col("role") == "other", pl.col("refusals")), otherwise=normal("kind")),
    "rank": evenly(pl.col("order"), "rank").over("is_test", "role"),
}


def draw_kinds(source: Source, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the columns of a kind for each previous application, so that kinds have their published shares.

    The first one of each client is an approved loan, another one of some clients is their card, and the others supply
    the rest; clients used to being refused get more refusals.
    """
    labels, shares = kinds_of("previous_application", "NAME_CONTRACT_STATUS", _FROM_GOOD_TO_BAD)
    approved = (labels["NAME_CONTRACT_STATUS"] == "Approved").to_numpy()
    card = approved & (labels["NAME_CONTRACT_TYPE"] == "Revolving loans").to_numpy()
    loan = approved & ~card
    size = {part: int((rows["part"] == part).sum()) for part in shares}
    cards = {part: round(shares[part][card].sum() * size[part]) for part in shares}
    rows = source.compute("lots", rows, _LOTS)
    rows = rows.with_columns(cards=pl.col("part").replace_strict(cards))
    rows = source.compute("roles", rows, _ROLES)
    kind = np.zeros(rows.height, dtype=np.int64)
    for part, wanted in shares.items():
        firsts = int((rows["is first"] & (rows["part"] == part)).sum())
        wanted_loans = wanted[loan].sum() * size[part]
        missing = max(wanted_loans - firsts, 0.0) / max(wanted_loans, 1e-9)
        weights = {
            "loan": np.where(loan, wanted, 0.0),
            "card": np.where(card, wanted, 0.0),
            "other": np.where(card, 0.0, np.where(loan, missing * wanted, wanted)),
        }
        for role, weight in weights.items():
            chosen = ((rows["role"] == role) & (rows["part"] == part)).to_numpy()
            kind[chosen] = index_at(rows["rank"].to_numpy()[chosen], weight)
    return rows.drop("lot", "card lot", "card order", "cards", "role", "refusals", "order", "rank").hstack(labels[kind])
