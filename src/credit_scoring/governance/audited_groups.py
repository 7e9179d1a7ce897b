"""Which groups the audit compares: names of the groups of each client, read from its features."""

from collections.abc import Mapping

import numpy as np

from credit_scoring.data_contracts.application import APPLICATION_TEST

DAYS_PER_YEAR = 365.25
AGE_BANDS = ((0, 30), (30, 40), (40, 50), (50, 60), (60, 200))
NOT_KNOWN = "not known"
_CATEGORIES = {
    "gender": ("app_code_gender", "CODE_GENDER"),
    "family status": ("app_name_family_status", "NAME_FAMILY_STATUS"),
    "income type": ("app_name_income_type", "NAME_INCOME_TYPE"),
}
_AGE = "app_days_birth"

AUDITED_FEATURES = (*(feature for feature, _ in _CATEGORIES.values()), _AGE)
"""Features that say which group a client belongs to."""


def audited_groups(values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Group of each client (n,) by attribute: gender, family status, income type, age band, gender x age.

    Args:
        values: (n,) of each of ``AUDITED_FEATURES``; categories as codes, NaN where not known.
    """
    groups = {
        name: _words(values[feature], APPLICATION_TEST.column(column).categories)
        for name, (feature, column) in _CATEGORIES.items()
    }
    groups["age"] = _bands(values[_AGE] / -DAYS_PER_YEAR)
    groups["gender x age"] = np.array(
        [f"{gender}, {age}" for gender, age in zip(groups["gender"], groups["age"], strict=True)]
    )
    return groups


def _words(codes: np.ndarray, categories: tuple[str, ...]) -> np.ndarray:
    words = np.array([*categories, NOT_KNOWN])
    known = ~np.isnan(codes)
    return words[np.where(known, codes, len(categories)).astype(np.intp)]


def _bands(years: np.ndarray) -> np.ndarray:
    names = np.array([_name(low, high) for low, high in AGE_BANDS] + [NOT_KNOWN])
    upper = np.array([high for _, high in AGE_BANDS[:-1]])
    place = np.searchsorted(upper, np.nan_to_num(years), side="right")
    return names[np.where(np.isnan(years), len(AGE_BANDS), place)]


def _name(low: int, high: int) -> str:
    if low == 0:
        return f"under {high}"
    return f"{low} and over" if high == AGE_BANDS[-1][1] else f"{low} to {high - 1}"
