"""What is usual among comparable people: medians over groups of training applications.

Nothing here sees the target. The statistics are fitted once per feature version, stored beside it, and read from
there in batch and online.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from credit_scoring.feature_engineering.application.definition import Values
from credit_scoring.feature_engineering.application.encoding import ENCODED_COLUMNS, encode_column

if TYPE_CHECKING:
    import polars as pl

SMALLEST_GROUP = 30
"""A median over fewer applications says more about them than about their group; the overall median stands in."""

_COLUMNS = {column.name: column for column in ENCODED_COLUMNS}


class GroupMedians(BaseModel):
    """Medians of a column by category of another.

    Attributes:
        medians: one per declared category, in the order of the contract; the last one is for unknown categories.
            None where not a single training application has a value.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    medians: tuple[float | None, ...]

    @cached_property
    def _table(self) -> NDArray[np.float64]:
        return np.array(self.medians, dtype=np.float64)

    def of(self, group: Values) -> Values:
        """The median of each row's group; `group` holds encoded categories."""
        unknown = len(self.medians) - 1
        return self._table[np.where(np.isnan(group), unknown, group).astype(np.intp)]


class Population(BaseModel):
    """Statistics of the training applications."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    income_by_occupation: GroupMedians
    income_by_organization: GroupMedians


def fit_population(train: "pl.DataFrame") -> Population:
    """Statistics of training applications.

    Args:
        train: training applications as ingested; TARGET is not read.
    """
    encoded = {
        name: encode_column(
            _COLUMNS[name],
            train[name].to_list() if _COLUMNS[name].is_category else train[name].to_numpy(),
        )
        for name in POPULATION_COLUMNS
    }
    return Population(
        income_by_occupation=_medians(encoded, "AMT_INCOME_TOTAL", "OCCUPATION_TYPE"),
        income_by_organization=_medians(encoded, "AMT_INCOME_TOTAL", "ORGANIZATION_TYPE"),
    )


POPULATION_COLUMNS = ("AMT_INCOME_TOTAL", "OCCUPATION_TYPE", "ORGANIZATION_TYPE")
"""Raw columns that `fit_population` reads."""


def _medians(encoded: Mapping[str, Values], value: str, group: str) -> GroupMedians:
    known = ~np.isnan(encoded[value])
    values, groups = encoded[value][known], encoded[group][known]
    overall = float(np.median(values)) if values.size else None
    members = [values[groups == code] for code in range(len(_COLUMNS[group].categories))]
    members.append(values[np.isnan(groups)])
    return GroupMedians(
        medians=tuple(float(np.median(m)) if m.size >= SMALLEST_GROUP else overall for m in members)
    )
