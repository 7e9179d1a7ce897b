"""Loans that were approved before: their plan, when they ended, and which were never paid back."""

from dataclasses import dataclass

import numpy as np

from credit_scoring.synthetic_data.credits import (
    TERM_BINS,
    Codes,
    Groups,
    Mask,
    bin_of,
    draw_given,
    follow,
    paired,
)
from credit_scoring.synthetic_data.marginals import Floats
from credit_scoring.synthetic_data.profile import given

DAYS_BETWEEN_INSTALMENTS = 30
LAST_KNOWN_DAY = -2.0
_TABLE = "previous_application"
_CAREFUL_PAY_OFF = 0.15
_GIVEN_UP_SHARE = 0.0042


@dataclass(frozen=True)
class Loans:
    """Loans paid in instalments; one value per loan.

    Attributes:
        previous: place of the previous application in its table.
        owner: place of the client in the chunk.
        decided, first_due: days relative to the application, negative.
        planned: instalments agreed.
        paid: instalments until the loan ends; fewer than planned when it is paid off early or given up.
        is_given_up: the client stopped paying, and the loan stays open.
        ended: day of the end, or NaN while it is open.
    """

    previous: Codes
    owner: Codes
    decided: Floats
    first_due: Floats
    planned: Codes
    paid: Codes
    annuity: Floats
    is_given_up: Mask
    ended: Floats


def draw_loans(
    chosen: Codes,
    columns: dict[str, Floats],
    types: Groups,
    owner: Codes,
    late: Floats,
    random: np.random.Generator,
) -> tuple[dict[str, Floats], Loans]:
    """Dates of some previous applications, and the loans among them whose first instalment is known.

    Instalments fall due every 30 days from the first due day on. The last planned one is DAYS_LAST_DUE_1ST_VERSION;
    an early end moves DAYS_LAST_DUE before it. A date that lies ahead, or never comes, is NaN.

    Args:
        chosen: places of the applications in their table.
        columns: DAYS_DECISION, CNT_PAYMENT and AMT_ANNUITY of all previous applications.
        types: contract types of the chosen ones.
        owner, late: client of each chosen one, and the client's habit of paying late.
    """
    count = len(chosen)
    decided = columns["DAYS_DECISION"][chosen]
    planned = np.maximum(np.nan_to_num(columns["CNT_PAYMENT"][chosen]), 1.0)
    gap = np.nan_to_num(draw_given(_TABLE, "FIRST_DUE", types, random), nan=30.0)
    first_due = decided + np.clip(np.round(gap), 1, 400)
    is_given_up = follow(late, 0.5, random) > 1.0 - _GIVEN_UP_SHARE
    paid = np.minimum(_months_to_pay_off(types, planned, late, random), planned)
    paid = np.where(is_given_up, np.ceil(planned * random.random(count)), paid)
    last_due = first_due + DAYS_BETWEEN_INSTALMENTS * (paid - 1)
    ended = last_due + np.round(np.nan_to_num(draw_given(_TABLE, "CLOSED", types, random), nan=5.0))
    ended = np.where((ended > LAST_KNOWN_DAY) | is_given_up, np.nan, ended)
    dates = {
        "DAYS_FIRST_DUE": first_due,
        "DAYS_LAST_DUE_1ST_VERSION": first_due + DAYS_BETWEEN_INSTALMENTS * (planned - 1),
        "DAYS_LAST_DUE": np.where(is_given_up, np.nan, last_due),
        "DAYS_TERMINATION": ended,
    }
    begun = first_due <= LAST_KNOWN_DAY
    loans = Loans(
        previous=chosen[begun],
        owner=owner[begun],
        decided=decided[begun],
        first_due=first_due[begun],
        planned=planned[begun].astype(np.int64),
        paid=paid[begun].astype(np.int64),
        annuity=np.nan_to_num(columns["AMT_ANNUITY"])[chosen[begun]],
        is_given_up=is_given_up[begun],
        ended=ended[begun],
    )
    return dates, loans


def _months_to_pay_off(types: Groups, planned: Floats, late: Floats, random: np.random.Generator) -> Floats:
    """Instalments until a client would pay off early: geometric, with a chance per month; careful clients sooner."""
    labels, term = paired(*types, bin_of(planned, TERM_BINS), len(TERM_BINS) + 1)
    chance = np.array([given(_TABLE, "PAID_OFF").chance(label) for label in labels])[term]
    chance = np.clip(chance * np.exp(-_CAREFUL_PAY_OFF * late), 1e-4, 0.9)
    return np.asarray(
        np.ceil(np.log(1.0 - random.random(len(planned))) / np.log(1.0 - chance)), dtype=np.float64
    )
