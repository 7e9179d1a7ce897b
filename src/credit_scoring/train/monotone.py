"""Directions in which features may move a probability of default, under `CREDIT_TRAINING_MONOTONE_CONSTRAINTS`.

A constraint holds if all other features are equal: a better external score never costs a client the loan. Constrained
are features on whose direction every credit officer agrees; measures of change, of dispersion and of elapsed time are
free, and so is whatever mixes a protected attribute. Each feature declares its direction.
"""

from collections.abc import Sequence

from credit_scoring.feature_engineering.catalogue import FEATURES

_DIRECTIONS = {feature.name: feature.monotone for feature in FEATURES}


def directions(features: Sequence[str]) -> list[int]:
    """1, -1 or 0 (free) for each feature; a feature that is not in the catalogue is free."""
    return [_DIRECTIONS.get(name, 0) for name in features]
