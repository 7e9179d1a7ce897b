"""Drift of every feature: how far its current distribution lies from the stored one of the training."""

import numpy as np
from pydantic import BaseModel
from scipy.spatial.distance import jensenshannon

from credit_scoring.drift_detection.comparison import Baseline, Sample
from credit_scoring.evaluation.population_stability import Histogram, expected_index, index_of_shares


class Drift(BaseModel, frozen=True, extra="forbid"):
    """The distance of a current distribution from a reference.

    Attributes:
        index: population stability index, minus the one to expect without drift; not below zero.
        distance: Jensen-Shannon distance, from 0 to 1.
        missing_before, missing_now: share of missing values.
        edges, shares_before, shares_now: the bins of both distributions; the last share is that of missing values.
    """

    index: float
    distance: float
    missing_before: float
    missing_now: float
    edges: tuple[float, ...]
    shares_before: tuple[float, ...]
    shares_now: tuple[float, ...]


class FeatureDrift(Drift, frozen=True):
    """The drift of one feature.

    Attributes:
        importance: share of the model's reliance on it, from 0 to 1.
    """

    name: str
    importance: float

    @property
    def effect(self) -> tuple[float, float]:
        """Order of features: what moved and matters to the model comes first, then what moved."""
        return self.index * self.importance, self.index


def drift_of(reference: Histogram, reference_count: int, current: np.ndarray) -> Drift:
    """Drift of values (n,), at least one."""
    shares = reference.shares_of(current)
    chance = expected_index(reference.shares, reference_count, len(current))
    return Drift(
        index=max(index_of_shares(reference.shares, shares) - chance, 0.0),
        # Rounding may leave the root of a tiny negative number for equal distributions.
        distance=float(np.nan_to_num(jensenshannon(reference.shares, shares, base=2))),
        missing_before=float(reference.shares[-1]),
        missing_now=float(shares[-1]),
        edges=tuple(reference.edges.tolist()),
        shares_before=tuple(reference.shares.tolist()),
        shares_now=tuple(shares.tolist()),
    )


def drift_of_features(baseline: Baseline, sample: Sample) -> list[FeatureDrift]:
    """Drift of every feature of the model; the one that moved most, weighted by its importance, comes first."""
    importance = baseline.registered.scorer.model.importance()
    found = []
    for column, name in enumerate(baseline.feature_names):
        reference = baseline.distributions.features[name].histogram
        drift = drift_of(reference, baseline.clients, sample.features[:, column])
        found.append(FeatureDrift(**drift.model_dump(), name=name, importance=float(importance[column])))
    return sorted(found, key=lambda one: one.effect, reverse=True)
