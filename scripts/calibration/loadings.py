"""How strongly a column must correlate with the latent risk of a client to have its published AUC.

The risk ``s`` is standard normal and the probability of default as ``1 / (1 + exp(-(a + b s)))``;
``b`` is chosen so that a model that knows ``s`` has the AUC ``LATENT_AUC``, ``a`` so that the mean probability is the
wanted default rate. The true probability (``truth``) depends on what the tables show instead; its weights make up for
the difference.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from credit_scoring.evaluation.auc import auc_of_counts
from credit_scoring.synthetic_data.profile import Floats

LATENT_AUC = 0.807
_S: Floats = np.linspace(-6.0, 6.0, 241)
_DENSITY: Floats = np.exp(-0.5 * _S**2) / np.exp(-0.5 * _S**2).sum()


class DefaultCurve(NamedTuple):
    """Intercept and slope of the logistic curve from risk to probability of default."""

    intercept: float
    slope: float

    def __call__(self, risk: Floats) -> Floats:
        """Probability of default at each risk."""
        return 1.0 / (1.0 + np.exp(-(self.intercept + self.slope * risk)))


def default_curve(rate: float, latent_auc: float = LATENT_AUC) -> DefaultCurve:
    """The curve with this mean probability on which a model that knows the risk has this AUC."""

    def with_slope(slope: float) -> DefaultCurve:
        def excess(intercept: float) -> float:
            return float(_DENSITY @ DefaultCurve(intercept, slope)(_S)) - rate

        return DefaultCurve(root(excess, -12.0, 2.0), slope)

    slope = root(lambda slope: auc_of_loading(1.0 - 1e-9, with_slope(slope)) - latent_auc, 0.1, 4.0)
    return with_slope(slope)


def auc_of_loading(loading: float, curve: DefaultCurve) -> float:
    """AUC of a continuous column whose correlation with the risk is ``loading`` (in a Gaussian copula)."""
    bad, good = _bad_and_good(curve)
    distance = (_S[:, None] - _S[None, :]) * loading / np.sqrt(2.0 * (1.0 - loading**2))
    return float(bad @ norm.cdf(distance) @ good)


def auc_of_choices(loading: float, shares: Floats, curve: DefaultCurve) -> float:
    """AUC of an ordered column with few values, cut out of a normal variable with this loading."""
    bad, good = _bad_and_good(curve)
    given_risk = shares_given_risk(loading, shares, _S)
    of_bad, of_good = bad @ given_risk, good @ given_risk
    return float(of_bad @ (np.cumsum(of_good) - 0.5 * of_good))


def shares_given_risk(loading: float, shares: Floats, risk: Floats) -> Floats:
    """Probability of each value (columns) at each risk (rows)."""
    edges = norm.ppf(np.clip(np.cumsum(shares) / shares.sum(), 0.0, 1.0))
    edges[-1] = 8.0
    below = norm.cdf((edges[None, :] - loading * risk[:, None]) / np.sqrt(1.0 - loading**2))
    return np.diff(below, axis=1, prepend=0.0)


def loading_for(auc: Callable[[float], float], wanted: float) -> float:
    """The loading, between -0.9 and 0.9, at which ``auc`` (rising) takes the wanted value, or the nearest end."""
    return root(lambda loading: auc(loading) - wanted, -0.9, 0.9)


def expected_auc(values: Floats, chances: Floats) -> float:
    """AUC to be expected where each client defaults with a known chance; clients without a value (NaN) are left out."""
    known = ~np.isnan(values)
    _, index = np.unique(values[known], return_inverse=True)
    bad, good = (np.bincount(index, weights) for weights in (chances[known], 1.0 - chances[known]))
    return auc_of_counts(bad, good)


def _bad_and_good(curve: DefaultCurve) -> tuple[Floats, Floats]:
    bad = _DENSITY * curve(_S)
    good = _DENSITY - bad
    return bad / bad.sum(), good / good.sum()


def root(rising: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses zero between two ends, or the nearer end."""
    if rising(low) >= 0.0:
        return low
    return high if rising(high) <= 0.0 else float(brentq(rising, low, high))
