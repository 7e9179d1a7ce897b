"""The protected attributes that the audit compares, the names of their groups, and the group of each client."""

from collections.abc import Mapping

import numpy as np

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.feature_engineering.definition import DAYS_PER_YEAR

CATEGORICAL_ATTRIBUTES = {
    "gender": "CODE_GENDER",
    "family status": "NAME_FAMILY_STATUS",
    "income type": "NAME_INCOME_TYPE",
}
"""Raw column of each attribute whose groups are categories."""

ATTRIBUTES = (*CATEGORICAL_ATTRIBUTES, "age", "gender x age")
AGE_LIMITS = (30, 40, 50, 60)
"""Age in years at which a client enters the next group."""

AGE_GROUPS = (
    f"under {AGE_LIMITS[0]}",
    *(f"{low} to {high - 1}" for low, high in zip(AGE_LIMITS, AGE_LIMITS[1:], strict=False)),
    f"{AGE_LIMITS[-1]} and over",
)
NOT_KNOWN = "not known"

_AGE = "app_days_birth"
_FEATURES = {attribute: f"app_{column.lower()}" for attribute, column in CATEGORICAL_ATTRIBUTES.items()}

AUDITED_FEATURES = (*_FEATURES.values(), _AGE)
"""Features that say which groups a client belongs to."""


def categories_of(attribute: str) -> tuple[str, ...]:
    """The groups of a categorical attribute, by code."""
    return APPLICATION_TEST.column(CATEGORICAL_ATTRIBUTES[attribute]).categories


GROUP_SEPARATOR = ", "
GROUPS = (*(group for name in CATEGORICAL_ATTRIBUTES for group in categories_of(name)), *AGE_GROUPS, NOT_KNOWN)
"""All groups in the order of reports; one of "gender x age" is named after one of each, separated by a comma."""


def position_of(group: str) -> tuple[int, ...]:
    """Position of a group in the order of reports: the youngest come first."""
    return tuple(GROUPS.index(part) for part in group.split(GROUP_SEPARATOR))


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
        [f"{gender}{GROUP_SEPARATOR}{age}" for gender, age in zip(groups["gender"], groups["age"], strict=True)]
    )
    return groups


def _named(codes: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    indices = np.where(np.isnan(codes), len(names), codes).astype(np.intp)
    return np.array([*names, NOT_KNOWN])[indices]
