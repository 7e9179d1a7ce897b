"""What became of the approved previous applications, as dates in their table and as loans and cards behind it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.synthetic_data.cards import Cards, draw_cards
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import Codes, Groups, draw_given
from credit_scoring.synthetic_data.loans import LAST_KNOWN_DAY, Loans, draw_loans
from credit_scoring.synthetic_data.marginals import Floats
from credit_scoring.synthetic_data.profile import given

_TABLE = "previous_application"
_UNKNOWN_DAY = 365_243.0
_DATES = (
    "DAYS_FIRST_DRAWING",
    "DAYS_FIRST_DUE",
    "DAYS_LAST_DUE_1ST_VERSION",
    "DAYS_LAST_DUE",
    "DAYS_TERMINATION",
)
# The source has no dates for some approved loans, and loans without an application; here some of the former get dates.
_UNDATED_KEPT = 1.05

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Schedules:
    """Date columns of all previous applications, and the loans and cards behind the approved ones."""

    columns: Columns
    loans: Loans
    cards: Cards


def schedules_of(
    columns: Columns, groups: dict[str, Groups], clients: Clients, owner: Codes, random: np.random.Generator
) -> Schedules:
    """Dates of each previous application: null where it was not approved, 365243 where they lie ahead or never come.

    Args:
        columns: the columns of the previous applications drawn so far.
        groups: their groups by contract type ("type"), by type and status ("group"), and by product and status.
        owner: place of the client of each; the first of each client is a loan, and it has dates.
    """
    is_first = np.diff(owner, prepend=-1) > 0
    dated = (columns["NAME_CONTRACT_STATUS"] == "Approved") & (is_first | ~_undated(groups["group"], random))
    revolving = columns["NAME_CONTRACT_TYPE"] == "Revolving loans"
    labels, codes = groups["type"]
    of_loans, of_cards = np.flatnonzero(dated & ~revolving), np.flatnonzero(dated & revolving)
    late, use = clients.habits["late payments"], clients.habits["utilisation"]
    loan_dates, loans = draw_loans(
        of_loans, columns, (labels, codes[of_loans]), owner[of_loans], late[owner[of_loans]], random
    )
    card_dates, cards = draw_cards(
        of_cards, columns, (labels, codes[of_cards]), owner[of_cards], use[owner[of_cards]], random
    )
    known: Columns = {}
    for name in _DATES:
        days = np.full(len(owner), np.nan)
        days[dated] = _UNKNOWN_DAY
        for chosen, dates in ((of_loans, loan_dates), (of_cards, card_dates)):
            if name in dates:
                days[chosen] = _as_known(name, dates[name])
        known[name] = days
    insured = np.nan_to_num(draw_given(_TABLE, "NFLAG_INSURED_ON_APPROVAL", groups["product"], random))
    known["NFLAG_INSURED_ON_APPROVAL"] = np.where(dated, insured, np.nan)
    return Schedules(columns=known, loans=loans, cards=cards)


def _undated(group: Groups, random: np.random.Generator) -> NDArray[np.bool_]:
    labels, codes = group
    dated = np.array([given(_TABLE, "HAS_DATES").chance(label) for label in labels])
    return np.asarray(random.random(len(codes)) < _UNDATED_KEPT * (1.0 - dated)[codes])


def _as_known(name: str, days: Floats) -> Floats:
    """A date as the source shows it on the day of the application; only the first plan looks ahead."""
    ahead = np.isnan(days) | ((days > LAST_KNOWN_DAY) & (name != "DAYS_LAST_DUE_1ST_VERSION"))
    return np.where(ahead, _UNKNOWN_DAY, days)
