"""Performance of decisions: estimated from calibrated probabilities before outcomes are known, measured afterwards.

The estimate (confidence-based performance estimation) treats each calibrated probability as the chance of a default.
It holds while the probabilities stay calibrated: a changed relation between inputs and defaults is invisible to it.
"""

import numpy as np
from pydantic import BaseModel
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from credit_scoring.evaluation.business_cost import client_costs
from credit_scoring.evaluation.confidence_intervals import CONFIDENCE, Interval, auc_interval, mean_interval

_DRAWS = 200
_DISTANCE_FROM_CERTAINTY = 1e-6
_REACH = float(norm.ppf((1 + CONFIDENCE) / 2))
_SMALLEST_CLASS = 10
"""Fewer defaults, or fewer good clients, say nothing about ranking and calibration."""


class Estimate(BaseModel, frozen=True, extra="forbid"):
    """What n decisions are expected to lead to; None where a class is too small.

    Attributes:
        cost_per_client: in refused good clients; the interval is that of the cost that will be observed.
        auc: with the interval of the value that will be observed.
        precision: expected share of defaults among the refused.
        recall: expected share of the defaults that is refused.
    """

    clients: int
    cost_per_client: Interval
    auc: Interval | None
    precision: float | None
    recall: float | None


class Measurement(BaseModel, frozen=True, extra="forbid"):
    """What n decisions with known outcome led to; None where a class is too small.

    Attributes:
        refused: how many of them were refused; a lender learns the outcome of accepted applications only.
        calibration_slope: of the logistic regression of the outcome on the log-odds; 1 if calibrated.
        calibration_intercept: the same with the slope held at 1; 0 if the probabilities are right on average.
    """

    clients: int
    refused: int
    defaults: int
    default_rate: Interval
    cost_per_client: Interval
    auc: Interval | None
    brier_score: float
    calibration_slope: Interval | None
    calibration_intercept: Interval | None


def estimated(probability: np.ndarray, refused: np.ndarray, missed_default_cost: float) -> Estimate:
    """What decisions are expected to lead to.

    Args:
        probability: (n,) calibrated probabilities of default, n at least 1.
        refused: bool (n,).
    """
    cost = np.where(refused, 1 - probability, missed_default_cost * probability)
    weight = np.where(refused, 1.0, missed_default_cost)
    deviation = float(np.sqrt(np.sum(weight**2 * probability * (1 - probability)))) / len(probability)
    mean = float(cost.mean())
    expected_defaults = float(probability.sum())
    has_both = _SMALLEST_CLASS <= expected_defaults <= len(probability) - _SMALLEST_CLASS
    return Estimate(
        clients=len(probability),
        cost_per_client=Interval(mean, max(mean - _REACH * deviation, 0.0), mean + _REACH * deviation),
        auc=_estimated_auc(probability) if has_both else None,
        precision=float(probability[refused].mean()) if refused.any() else None,
        recall=float(probability[refused].sum() / expected_defaults) if expected_defaults else None,
    )


def measured(
    probability: np.ndarray, refused: np.ndarray, default: np.ndarray, missed_default_cost: float
) -> Measurement:
    """What decisions with known outcome led to.

    Args:
        probability: (n,) probabilities at the time of the decision, n at least 1.
        refused: bool (n,).
        default: (n,) 1 for a default, 0 otherwise.
    """
    defaults = int(default.sum())
    has_both = min(defaults, len(default) - defaults) >= _SMALLEST_CLASS
    slope, intercept = _calibration(probability, default) if has_both else (None, None)
    return Measurement(
        clients=len(default),
        refused=int(refused.sum()),
        defaults=defaults,
        default_rate=rate_interval(defaults, len(default)),
        cost_per_client=mean_interval(client_costs(refused, default, missed_default_cost)),
        auc=auc_interval(probability, default) if has_both else None,
        brier_score=float(brier_score_loss(default, probability)),
        calibration_slope=slope,
        calibration_intercept=intercept,
    )


def rate_interval(count: int, of: int) -> Interval:
    """A share with Wilson's interval (E. B. Wilson, 1927); `of` is at least 1."""
    share, square = count / of, _REACH**2
    centre = (share + square / (2 * of)) / (1 + square / of)
    reach = _REACH / (1 + square / of) * np.sqrt(share * (1 - share) / of + square / (4 * of**2))
    return Interval(share, float(max(centre - reach, 0.0)), float(min(centre + reach, 1.0)))


def _estimated_auc(probability: np.ndarray) -> Interval:
    """Expected area under the ROC curve, with the spread of outcomes drawn from the probabilities."""
    ordered = np.sort(probability)
    random = np.random.default_rng(0)
    drawn = [_auc_of(ordered, (random.random(len(ordered)) < ordered).astype(float)) for _ in range(_DRAWS)]
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(_auc_of(ordered, ordered), float(low), float(high))


def _auc_of(ordered: np.ndarray, bad: np.ndarray) -> float:
    """AUC of ascending scores whose clients are each a share of a default (n,) and the rest of a good client."""
    good = 1 - bad
    starts = np.flatnonzero(np.append(True, np.diff(ordered) > 0))
    bad_of, good_of = np.add.reduceat(bad, starts), np.add.reduceat(good, starts)
    below = np.cumsum(good_of) - good_of
    return float(np.sum(bad_of * (below + good_of / 2)) / max(bad.sum() * good.sum(), 1e-300))


def _calibration(probability: np.ndarray, default: np.ndarray) -> tuple[Interval, Interval]:
    """Slope, and intercept at a slope of 1, with intervals from the curvature of the likelihood (D. R. Cox, 1958)."""
    clipped = np.clip(probability, _DISTANCE_FROM_CERTAINTY, 1 - _DISTANCE_FROM_CERTAINTY)
    log_odds = np.log(clipped / (1 - clipped))
    fitted = LogisticRegression(C=np.inf).fit(log_odds[:, None], default)
    chance = fitted.predict_proba(log_odds[:, None])[:, 1]
    rows = np.column_stack([log_odds, np.ones(len(log_odds))])
    variance = np.linalg.pinv(rows.T * (chance * (1 - chance)) @ rows)[0, 0]
    shift = brentq(lambda by: expit(log_odds + by).sum() - default.sum(), -50.0, 50.0)
    shifted = expit(log_odds + shift)
    return _around(fitted.coef_[0, 0], variance), _around(shift, 1 / np.sum(shifted * (1 - shifted)))


def _around(value: float, variance: float) -> Interval:
    reach = _REACH * float(np.sqrt(variance))
    return Interval(float(value), float(value) - reach, float(value) + reach)
