"""bureau: credits that the client has with other lenders, as the credit bureau reports them."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import Kinds, follow, kinds_of, owners
from credit_scoring.synthetic_data.marginals import read_marginal
from credit_scoring.synthetic_data.normal import Floats
from credit_scoring.synthetic_data.profile import as_printed, calibration, given, marginal

FIRST_ID, LAST_ID = 5_000_000, 6_843_457
_STATUS = ("Closed", "Active", "Sold", "Bad debt")
_COMMON = ("Consumer credit", "Credit card", "Mortgage", "Car loan", "Microloan")
_OVERDUE_SHARE = 0.00246


def bureau(chunk: Chunk, clients: Clients) -> pl.DataFrame:
    """The bureau credits of the clients of a chunk, grouped by client."""
    random = chunk.random("bureau")
    owner = owners(clients.bureau_credits)
    count = len(owner)
    kinds = kinds_of("bureau", "CREDIT_ACTIVE", _STATUS)
    debt_habit = clients.habits["debt"][owner]
    kind = kinds.draw(follow(debt_habit, 0.4, random))
    groups = _groups(kinds)

    def draw(column: str, rank: Floats | None = None, known: Floats | None = None) -> Floats:
        rank = random.random(count) if rank is None else rank
        known = random.random(count) if known is None else known
        return np.asarray(given("bureau", column).draw(groups, kind, rank, known), dtype=np.float64)

    opened = np.minimum(
        np.round(draw("DAYS_CREDIT", follow(clients.habits["hunger for credit"][owner], 0.3, random))), 0
    )
    age = np.maximum(-opened, 1)
    closed = np.minimum(np.round(opened + draw("LIFE") * age), 0.0)
    status = kinds.labels["CREDIT_ACTIVE"][kind]
    size = clients.ranks["AMT_INCOME_TOTAL"][owner]
    amount = draw("AMT_CREDIT_SUM", np.clip(0.4 * size + 0.6 * random.random(count), 1e-6, 1 - 1e-6))
    late = clients.habits["late payments"][owner]
    overdue = follow(late, 0.6, random) > 1.0 - _OVERDUE_SHARE
    overdue &= status != "Closed"
    debt = amount * draw("DEBT", follow(debt_habit, 0.4, random))
    columns = {
        "SK_ID_CURR": clients.identifiers[owner],
        "SK_ID_BUREAU": chunk.identifiers(count, FIRST_ID, LAST_ID),
        "CREDIT_ACTIVE": status,
        "CREDIT_CURRENCY": read_marginal(calibration()["columns"]["bureau"]["columns"]["CREDIT_CURRENCY"]).at(
            random.random(count)
        ),
        "DAYS_CREDIT": opened,
        "CREDIT_DAY_OVERDUE": np.where(overdue, np.ceil(random.pareto(0.7, count) * 20).clip(1, 2792), 0),
        "DAYS_CREDIT_ENDDATE": np.round(opened + draw("TERM")),
        "DAYS_ENDDATE_FACT": closed,
        "AMT_CREDIT_MAX_OVERDUE": np.round(draw("MAX_OVERDUE", follow(late, 0.4, random)), 3),
        "CNT_CREDIT_PROLONG": marginal("bureau", "CNT_CREDIT_PROLONG").at(follow(late, 0.3, random)),
        "AMT_CREDIT_SUM": _money(amount),
        "AMT_CREDIT_SUM_DEBT": _money(debt),
        "AMT_CREDIT_SUM_LIMIT": _money(draw("LIMIT")),
        "AMT_CREDIT_SUM_OVERDUE": _money(np.where(overdue, amount * random.random(count) * 0.05, 0.0)),
        "CREDIT_TYPE": kinds.labels["CREDIT_TYPE"][kind],
        "DAYS_CREDIT_UPDATE": np.minimum(np.round(opened + draw("UPDATE") * age), -1),
        "AMT_ANNUITY": _money(amount * draw("INSTALMENT")),
    }
    return as_printed("bureau", columns)


def _groups(kinds: Kinds) -> list[str]:
    types = [kind if kind in _COMMON else "Other" for kind in kinds.labels["CREDIT_TYPE"]]
    states = ["Sold" if state == "Bad debt" else state for state in kinds.labels["CREDIT_ACTIVE"]]
    return [f"{state}|{kind}" for state, kind in zip(states, types, strict=True)]


def _money(amounts: NDArray[np.float64]) -> Floats:
    return np.round(amounts / 0.045) * 0.045
