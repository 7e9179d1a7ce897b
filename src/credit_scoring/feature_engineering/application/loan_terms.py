"""Yearly interest rates that an amount and an instalment imply over each common loan term."""

import numpy as np

from credit_scoring.feature_engineering.application.arithmetic import Values, ratio

LOAN_TERMS = tuple(range(6, 61, 6))
"""Numbers of instalments."""
LOWEST_PLAUSIBLE, HIGHEST_PLAUSIBLE = 0.08, 0.50
"""Bounds of the simple yearly rate of a plausible offer."""

_TERMS = np.array(LOAN_TERMS, dtype=np.float64)[:, np.newaxis]
_TO_YEARLY_RATE = 24.0 / (_TERMS + 1.0)


def plausible_rates(instalments: Values, amounts: Values) -> Values:
    """Simple yearly interest rates, shape (amounts * loan terms, applications); NaN where not plausible.

    The rate is 24 (n a - c) / (c (n + 1)) for n instalments a on an amount c: interest over average debt.

    Args:
        instalments: shape (applications,).
        amounts: shape (amounts, applications).
    """
    rates = (ratio(instalments, amounts)[:, np.newaxis] * _TERMS - 1.0) * _TO_YEARLY_RATE
    plausible = np.where((rates >= LOWEST_PLAUSIBLE) & (rates <= HIGHEST_PLAUSIBLE), rates, np.nan)
    return plausible.reshape(len(amounts) * len(LOAN_TERMS), amounts.shape[1])
