"""What became of approved previous applications: when they were due, when they ended, how they were to be paid."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.synthetic_data.credits import Codes, Mask, bin_of, paired
from credit_scoring.synthetic_data.normal import Floats
from credit_scoring.synthetic_data.profile import given
from credit_scoring.synthetic_data.ranks import even_ranks

UNKNOWN_DAY = 365_243.0
DAYS_BETWEEN_INSTALMENTS = 30
TERM_BINS = (4, 7, 11, 13, 19, 25, 37)
_LAST_KNOWN_DAY = -2.0
_CAREFUL_PAY_OFF = 0.15
# The source has no dates for some approved loans, and loans without an application; here half of the former get dates.
_UNDATED_KEPT = 0.7
_NEVER_DRAWN_SHARE_OF_OLD_CARDS, _NEVER_DRAWN_SHARE_OF_CARDS = 0.07, 0.392
OLD_CARD_DAYS, _SMALL_LIMIT = -1826, 120_000.0
_CLOSED_SHARE_OF_OLD_CARDS, _CLOSED_SHARE_OF_CARDS = 0.46, 0.22
_CLOSING_DATE_KNOWN, _LAST_DUE_KNOWN = 0.6, 0.37

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Loans:
    """Loans paid in instalments; one value per loan.

    Attributes:
        previous: place of the previous application in its table.
        owner: place of the client in the chunk.
        decided, first_due: days relative to the application, negative.
        planned: instalments agreed.
        paid: instalments until the loan ends; fewer than planned when it is paid off early.
        ended: day of the end, or NaN while it runs.
    """

    previous: Codes
    owner: Codes
    decided: Floats
    first_due: Floats
    planned: Codes
    paid: Codes
    annuity: Floats
    ended: Floats


@dataclass(frozen=True)
class Cards:
    """Credit cards; one value per card.

    Attributes:
        previous: place of the previous application in its table.
        owner: place of the client in the chunk.
        decided: day of the decision.
        drawn: day of the first drawing, or NaN.
        limit: credit limit agreed.
        closed: day of the closing, or NaN while it is open.
    """

    previous: Codes
    owner: Codes
    decided: Floats
    drawn: Floats
    limit: Floats
    closed: Floats


@dataclass(frozen=True)
class Schedules:
    """Date columns of all previous applications, and the loans and cards behind the approved ones."""

    columns: Columns
    loans: Loans
    cards: Cards


def schedules_of(
    columns: Columns,
    groups: dict[str, tuple[list[str], Codes]],
    owner: Codes,
    late: Floats,
    random: np.random.Generator,
) -> Schedules:
    """Dates of each previous application; null where it was not approved, 365243 where they lie ahead.

    A loan's instalments fall due every 30 days from the first due day on. The last planned one gives
    DAYS_LAST_DUE_1ST_VERSION; an early end moves DAYS_LAST_DUE before it.

    Args:
        groups: the groups of the previous applications by contract type, product, and type with status.
        late: the clients' habit of paying late; those who have it seldom pay off early.
    """
    count = len(owner)

    def draw(column: str, group: tuple[list[str], Codes], rank: Floats | None = None) -> Floats:
        rank = random.random(count) if rank is None else rank
        return np.asarray(
            given("previous_application", column).draw(*group, rank, random.random(count)), dtype=float
        )

    undated = _chance_of_no_dates(groups["group"]) > random.random(count)
    dated = (columns["NAME_CONTRACT_STATUS"] == "Approved") & ~undated
    revolving = columns["NAME_CONTRACT_TYPE"] == "Revolving loans"
    decided = columns["DAYS_DECISION"]
    planned = np.maximum(np.nan_to_num(columns["CNT_PAYMENT"]), 1.0)
    by_term = paired(*groups["type"], bin_of(planned, TERM_BINS), len(TERM_BINS) + 1)
    labels, term = by_term
    chance = np.array([given("previous_application", "PAID_OFF").chance(label) for label in labels])[term]
    # A careful client pays off early more often; the month of an event of constant chance is geometric.
    chance = np.clip(chance * np.exp(-_CAREFUL_PAY_OFF * late), 1e-4, 0.9)
    paid = np.minimum(np.ceil(np.log(1.0 - random.random(count)) / np.log(1.0 - chance)), planned)
    gap = np.nan_to_num(draw("FIRST_DUE", groups["type"]), nan=30.0)
    first_due = decided + np.clip(np.round(gap), 1, 400)
    last_due = first_due + DAYS_BETWEEN_INSTALMENTS * (paid - 1)
    ended = last_due + np.round(np.nan_to_num(draw("CLOSED", groups["type"]), nan=5.0))
    dates = {
        "DAYS_FIRST_DRAWING": np.full(count, np.nan),
        "DAYS_FIRST_DUE": first_due,
        "DAYS_LAST_DUE_1ST_VERSION": first_due + DAYS_BETWEEN_INSTALMENTS * (planned - 1),
        "DAYS_LAST_DUE": last_due,
        "DAYS_TERMINATION": ended,
    }
    cards, card_dates = _cards(
        columns, np.flatnonzero(dated & revolving), owner, draw("DRAWING", groups["type"]), random
    )
    for name, days in card_dates.items():
        dates[name] = dates[name].copy()
        dates[name][cards.previous] = days
    known = {name: _as_known(name, days, dated) for name, days in dates.items()}
    insured = draw("NFLAG_INSURED_ON_APPROVAL", groups["product"])
    known["NFLAG_INSURED_ON_APPROVAL"] = np.where(dated, np.nan_to_num(insured), np.nan)
    loan = np.flatnonzero(dated & ~revolving & (first_due <= _LAST_KNOWN_DAY))
    loans = Loans(
        previous=loan,
        owner=owner[loan],
        decided=decided[loan],
        first_due=first_due[loan],
        planned=planned[loan].astype(np.int64),
        paid=paid[loan].astype(np.int64),
        annuity=np.nan_to_num(columns["AMT_ANNUITY"])[loan],
        ended=np.where(ended > _LAST_KNOWN_DAY, np.nan, ended)[loan],
    )
    return Schedules(columns=known, loans=loans, cards=cards)


def _even_chance(old: Mask, random: np.random.Generator) -> Floats:
    """Chances in (0, 1) spread evenly over old and over other cards: few old ones hold many rows."""
    chance = np.empty(len(old))
    for group in (old, ~old):
        chance[group] = even_ranks(random.random(int(group.sum())), random)
    return chance


def _chance_of_no_dates(group: tuple[list[str], Codes]) -> Floats:
    labels, codes = group
    dated = np.array([given("previous_application", "HAS_DATES").chance(label) for label in labels])
    return _UNDATED_KEPT * (1.0 - dated)[codes]


def _as_known(name: str, days: Floats, dated: Mask) -> Floats:
    """A date as the source shows it on the day of the application; only the first plan looks ahead."""
    ahead = np.isnan(days) | ((days > _LAST_KNOWN_DAY) & (name != "DAYS_LAST_DUE_1ST_VERSION"))
    return np.where(dated, np.where(ahead, UNKNOWN_DAY, days), np.nan)


def _cards(
    columns: Columns, previous: Codes, owner: Codes, drawing: Floats, random: np.random.Generator
) -> tuple[Cards, Columns]:
    """The cards, and their dates: first drawing, first due day some six weeks later, closing of some."""
    count = len(previous)
    decided = columns["DAYS_DECISION"][previous]
    drawn: Floats = decided + np.round(np.nan_to_num(drawing[previous], nan=14.0))
    old = decided < OLD_CARD_DAYS
    idle = np.where(old, _NEVER_DRAWN_SHARE_OF_OLD_CARDS, _NEVER_DRAWN_SHARE_OF_CARDS)
    limit = columns["AMT_CREDIT"][previous]
    idle = idle * np.where(limit < _SMALL_LIMIT, 1.25, 0.85)
    never = (_even_chance(old, random) < idle) | (drawn > _LAST_KNOWN_DAY)
    drawn = np.where(never, np.nan, drawn).astype(np.float64)
    share = np.where(old, _CLOSED_SHARE_OF_OLD_CARDS, _CLOSED_SHARE_OF_CARDS)
    start = np.where(never, decided, drawn)
    closed = np.where(
        _even_chance(old, random) < share, np.round(start * random.uniform(0.15, 0.95, count)), np.nan
    )
    first_due = drawn + np.round(random.uniform(25, 60, count))
    last_due = np.round(drawn * random.uniform(0.0, 0.7, count))
    last_due = np.where(random.random(count) < _LAST_DUE_KNOWN, last_due, np.nan)
    last_due = np.where(last_due > first_due, last_due, np.nan)
    dates: Columns = {
        "DAYS_FIRST_DRAWING": drawn,
        "DAYS_FIRST_DUE": first_due,
        "DAYS_LAST_DUE_1ST_VERSION": np.full(count, np.nan),
        "DAYS_LAST_DUE": last_due,
        "DAYS_TERMINATION": np.where(random.random(count) < _CLOSING_DATE_KNOWN, closed, np.nan),
    }
    cards = Cards(
        previous=previous,
        owner=owner[previous],
        decided=decided,
        drawn=drawn,
        limit=limit,
        closed=closed,
    )
    return cards, dates
