"""The group of each client by protected attribute, read from its features."""

from collections.abc import Mapping

import numpy as np

from credit_scoring.explain.group_names import AGE_GROUPS, AGE_LIMITS, CATEGORICAL_ATTRIBUTES, NOT_KNOWN, categories_of

DAYS_PER_YEAR = 365.25
_AGE = "app_days_birth"
_FEATURES = {attribute: f"app_{column.lower()}" for attribute, column in CATEGORICAL_ATTRIBUTES.items()}

AUDITED_FEATURES = (*_FEATURES.values(), _AGE)
"""Features that say which groups a client belongs to."""


def audited_groups(values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Group of each client (n,) by attribute: gender, family status, income type, age, gender x age.

    Args:
        values: (n,) of each of ``AUDITED_FEATURES``; categories as codes, NaN where unknown.
    """
    groups = {attribute: _named(values[feature], categories_of(attribute)) for attribute, feature in _FEATURES.items()}
    years = values[_AGE] / -DAYS_PER_YEAR
    groups["age"] = _named(
        np.where(np.isnan(years), np.nan, np.searchsorted(AGE_LIMITS, np.nan_to_num(years), side="right")), AGE_GROUPS
    )
    groups["gender x age"] = np.array(
        [f"{gender}, {age}" for gender, age in zip(groups["gender"], groups["age"], strict=True)]
    )
    return groups


def _named(codes: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    indices = np.where(np.isnan(codes), len(names), codes).astype(np.intp)
    return np.array([*names, NOT_KNOWN])[indices]
