"""Which kind each previous application is: nearly every client had a loan before, and none has two credit cards."""

import numpy as np
import polars as pl

from credit_scoring.synthetic_data.draws import case
from credit_scoring.synthetic_data.noise import evenly, normal, of_habit, uniform
from credit_scoring.synthetic_data.profile import index_at, kinds_of
from credit_scoring.synthetic_data.source import OWNER, Columns, Source

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
