"""What became of approved previous applications: when they were due, when they ended, how they were to be paid."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_scoring.synthetic_data.normal import Floats
from credit_scoring.synthetic_data.profile import given

UNKNOWN_DAY = 365_243.0
DAYS_BETWEEN_INSTALMENTS = 30


@dataclass(frozen=True)
class Loans:
    """Loans paid in instalments; one value per loan.

    Attributes:
        previous: place of the previous application in its table.
        owner: place of the client in the chunk.
        decided, first_due: days relative to the application, negative.
        planned: instalments agreed; paid: instalments until the loan ended, or agreed ones if it runs on.
        ended: day of the end, or NaN while it runs.
    """

    previous: NDArray[np.int64]
    owner: NDArray[np.int64]
    decided: Floats
    first_due: Floats
    planned: NDArray[np.int64]
    paid: NDArray[np.int64]
    annuity: Floats
    credit: Floats
    ended: Floats


@dataclass(frozen=True)
class Schedules:
    """Date columns of the previous applications, the loans and the credit cards behind them."""

    columns: dict[str, NDArray[Any]]
    loans: Loans
    cards: NDArray[np.int64]
    card_owner: NDArray[np.int64]


def schedules_of(
    columns: dict[str, NDArray[Any]],
    owner: NDArray[np.int64],
    contract_of_kind: list[str],
    kind: NDArray[np.int64],
    has_dates: NDArray[np.bool_],
    random: np.random.Generator,
) -> Schedules:
    """Dates of each previous application; null where it was not approved.

    A loan's instalments fall due every 30 days from the first due day on. The last planned one gives
    DAYS_LAST_DUE_1ST_VERSION; an early end moves DAYS_LAST_DUE before it; what ends after the application is 365243.
    """
    count = len(kind)

    def draw(column: str) -> Floats:
        drawn = given("previous_application", column).draw(
            contract_of_kind, kind, random.random(count), random.random(count)
        )
        return np.asarray(drawn, dtype=np.float64)

    approved = (columns["NAME_CONTRACT_STATUS"] == "Approved") & has_dates
    revolving = columns["NAME_CONTRACT_TYPE"] == "Revolving loans"
    decided = columns["DAYS_DECISION"].astype(float)
    planned = np.maximum(np.nan_to_num(columns["CNT_PAYMENT"]), 1.0)
    first_due = decided + np.clip(np.round(draw("FIRST_DUE")), 1, 400)
    last_planned = first_due + DAYS_BETWEEN_INSTALMENTS * (planned - 1)
    early = np.clip(np.nan_to_num(draw("EARLY")), 0.0, 1.0)
    paid = np.clip(np.round(planned - early * (planned - 1)), 1, planned)
    last = first_due + DAYS_BETWEEN_INSTALMENTS * (paid - 1)
    end = last + np.round(np.nan_to_num(draw("TERMINATED"), nan=5.0))
    loan = approved & ~revolving & ~np.isnan(first_due)
    card_first = np.where(random.random(count) < 0.39, np.nan, first_due)
    dates = {
        "DAYS_FIRST_DRAWING": np.where(revolving & (random.random(count) < 0.64), decided + 5, UNKNOWN_DAY),
        "DAYS_FIRST_DUE": np.where(revolving, card_first, first_due),
        "DAYS_LAST_DUE_1ST_VERSION": np.where(revolving, np.nan, last_planned),
        "DAYS_LAST_DUE": np.where(revolving | (last > -1), np.nan, last),
        "DAYS_TERMINATION": np.where(revolving | (end > -1), np.nan, end),
    }
    dates = {
        name: np.where(approved, np.nan_to_num(days, nan=UNKNOWN_DAY), np.nan) for name, days in dates.items()
    }
    # A due date after the application is not known to the source.
    dates["DAYS_FIRST_DUE"] = np.where(
        dates["DAYS_FIRST_DUE"] > -2, np.where(approved, UNKNOWN_DAY, np.nan), dates["DAYS_FIRST_DUE"]
    )
    chosen = np.flatnonzero(loan)
    cards = np.flatnonzero(approved & revolving)
    loans = Loans(
        previous=chosen,
        owner=owner[chosen],
        decided=decided[chosen],
        first_due=first_due[chosen],
        planned=planned[chosen].astype(np.int64),
        paid=paid[chosen].astype(np.int64),
        annuity=np.nan_to_num(columns["AMT_ANNUITY"])[chosen],
        credit=columns["AMT_CREDIT"][chosen],
        ended=np.where(end > -1, np.nan, end)[chosen],
    )
    return Schedules(columns=dates, loans=loans, cards=cards, card_owner=owner[cards])
