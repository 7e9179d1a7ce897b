"""The protected attributes that the audit compares, and the names of their groups."""

from credit_scoring.data_contracts.application import APPLICATION_TEST

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


def categories_of(attribute: str) -> tuple[str, ...]:
    """The groups of a categorical attribute, by code."""
    return APPLICATION_TEST.column(CATEGORICAL_ATTRIBUTES[attribute]).categories


GROUPS = frozenset(
    (*AGE_GROUPS, NOT_KNOWN, *(group for name in CATEGORICAL_ATTRIBUTES for group in categories_of(name)))
)
"""All groups; one of "gender x age" is named after one of each, separated by a comma."""
