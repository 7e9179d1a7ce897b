"""credit_card_balance: the monthly state of previous credit cards."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import follow, steps_within
from credit_scoring.synthetic_data.marginals import read_marginal
from credit_scoring.synthetic_data.profile import as_printed, calibration

_LATE_SHARE = 0.038


def credit_card_balance(
    chunk: Chunk, clients: Clients, owner: NDArray[np.int64], identifiers: NDArray[np.int64]
) -> pl.DataFrame:
    """Months of the credit cards of a chunk.

    Args:
        owner: place of the client of each card.
        identifiers: SK_ID_PREV of each card.
    """
    random = chunk.random("credit_card_balance")
    section = {name: read_marginal(entry) for name, entry in calibration()["credit_card_balance"].items()}
    count = len(owner)
    lengths = np.round(section["months"].at(random.random(count))).astype(np.int64)
    last = np.round(section["last"].at(random.random(count))).astype(np.int64)
    lengths = np.minimum(lengths, 97 + last)
    habit = clients.habits["utilisation"][owner]
    used = section["used"].at(follow(habit, 0.5, random))
    level = section["utilisation"].at(follow(habit, 0.5, random))
    limit = section["limit"].at(random.random(count))
    card = np.repeat(np.arange(count), lengths)
    step = steps_within(lengths)
    rows = len(card)
    active = step >= np.round(lengths[card] * (1 - used[card]))
    wobble = np.exp(
        0.15 * random.standard_normal(rows) + 0.004 * clients.habits["worsening"][owner[card]] * step
    )
    balance = np.where(active, np.round(limit[card] * np.minimum(level[card] * wobble, 1.1), 3), 0.0)
    draws = active & (random.random(rows) < 0.35)
    atm = np.where(draws, np.round(limit[card] * 0.1 * random.random(rows) / 4500) * 4500, 0.0)
    pos = np.where(
        draws & (random.random(rows) < 0.4), np.round(limit[card] * 0.05 * random.random(rows), 3), 0.0
    )
    silent = ~active & (random.random(count) < 0.35)[card]
    minimum = np.round(balance * 0.05 / 4.5) * 4.5
    pays = np.where(active, np.round(minimum * (1 + random.exponential(0.3, rows)) / 4.5) * 4.5, 0.0)
    late = follow(clients.habits["late payments"][owner[card]], 0.6, random) > 1 - _LATE_SHARE
    days_late = np.where(late, np.ceil(random.exponential(5.0, rows) ** 1.7), 0)
    unknown = np.where(silent, np.nan, 0.0)
    atm_count, pos_count = np.ceil(atm / 20000), np.ceil(pos / 3000)
    return as_printed(
        "credit_card_balance",
        {
            "SK_ID_PREV": identifiers[card],
            "SK_ID_CURR": clients.identifiers[owner[card]],
            "MONTHS_BALANCE": last[card] - lengths[card] + 1 + step,
            "AMT_BALANCE": balance,
            "AMT_CREDIT_LIMIT_ACTUAL": limit[card],
            "AMT_DRAWINGS_ATM_CURRENT": atm + unknown,
            "AMT_DRAWINGS_CURRENT": atm + pos,
            "AMT_DRAWINGS_OTHER_CURRENT": unknown,
            "AMT_DRAWINGS_POS_CURRENT": pos + unknown,
            "AMT_INST_MIN_REGULARITY": np.where(step == 0, np.nan, minimum),
            "AMT_PAYMENT_CURRENT": pays + unknown,
            "AMT_PAYMENT_TOTAL_CURRENT": pays,
            "AMT_RECEIVABLE_PRINCIPAL": np.round(balance * 0.96, 3),
            "AMT_RECIVABLE": balance,
            "AMT_TOTAL_RECEIVABLE": balance,
            "CNT_DRAWINGS_ATM_CURRENT": atm_count + unknown,
            "CNT_DRAWINGS_CURRENT": atm_count + pos_count,
            "CNT_DRAWINGS_OTHER_CURRENT": unknown,
            "CNT_DRAWINGS_POS_CURRENT": pos_count + unknown,
            "CNT_INSTALMENT_MATURE_CUM": np.where(step == 0, np.nan, np.maximum(step - 1, 0)),
            "NAME_CONTRACT_STATUS": np.full(rows, "Active", dtype=object),
            "SK_DPD": days_late,
            "SK_DPD_DEF": np.where(days_late > 20, days_late, 0),
        },
    )
