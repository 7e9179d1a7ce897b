"""Confidence intervals of metrics.

A score (n,) is the higher, the riskier the client; ``default`` (n,) is 1 for a default, 0 otherwise.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, rankdata

CONFIDENCE = 0.95
_REPLICATES = 10_000


@dataclass(frozen=True)
class Interval:
    """An estimate and the 95 % confidence interval around it; formatted with the format of its numbers."""

    value: float
    low: float
    high: float

    def __format__(self, number_format: str) -> str:
        value, low, high = (format(number, number_format) for number in (self.value, self.low, self.high))
        return f"{value} [{low}, {high}]"

    def __str__(self) -> str:
        return format(self, ".4f")

    def times(self, factor: float) -> "Interval":
        """The same in another unit; the factor is positive."""
        return Interval(self.value * factor, self.low * factor, self.high * factor)

    @property
    def excludes_zero(self) -> bool:
        """Whether the difference is significant."""
        return self.low > 0 or self.high < 0


def auc_interval(score: np.ndarray, default: np.ndarray) -> Interval:
    """Area under the ROC curve with DeLong's interval.

    Source: DeLong, DeLong and Clarke-Pearson (1988); computed from ranks as in Sun and Xu (2014).
    """
    bad, good = _correctly_ranked(score, default)
    variance = bad.var(ddof=1) / len(bad) + good.var(ddof=1) / len(good)
    return _around(float(bad.mean()), float(variance))


def auc_difference(score: np.ndarray, other: np.ndarray, default: np.ndarray) -> Interval:
    """AUC of the first score minus that of the other on the same clients, with DeLong's paired interval."""
    bad, good = _correctly_ranked(score, default)
    other_bad, other_good = _correctly_ranked(other, default)
    variance = (bad - other_bad).var(ddof=1) / len(bad) + (good - other_good).var(ddof=1) / len(good)
    return _around(float(bad.mean() - other_bad.mean()), float(variance))


def mean_interval(values: np.ndarray) -> Interval:
    """Mean of a quantity that takes few values, such as the cost of a client, with a bootstrap interval.

    How often each value is drawn follows a multinomial distribution, so drawing these counts is the same as drawing
    clients, and much faster.
    """
    levels, counts = np.unique(values, return_counts=True)
    drawn = np.random.default_rng(0).multinomial(len(values), counts / len(values), size=_REPLICATES)
    means = drawn @ levels / len(values)
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(values.mean()), float(low), float(high))


def _correctly_ranked(score: np.ndarray, default: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of the other class that each default, and each good client, is ranked correctly against."""
    is_bad = default == 1
    ranks, bad, good = rankdata(score), score[is_bad], score[~is_bad]
    of_bad = (ranks[is_bad] - rankdata(bad)) / len(good)
    of_good = 1.0 - (ranks[~is_bad] - rankdata(good)) / len(bad)
    return of_bad, of_good


def _around(estimate: float, variance: float) -> Interval:
    reach = float(norm.ppf((1 + CONFIDENCE) / 2) * np.sqrt(variance))
    return Interval(estimate, estimate - reach, estimate + reach)
