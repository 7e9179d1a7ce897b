"""What a family of models brings to the comparison."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import optuna

from credit_scoring.scoring.models.model import Model

Parameters = Mapping[str, float | int | str | bool]
"""Hyperparameters by name, as they are tracked."""

MONOTONE = "monotone"
"""Among the parameters of a tree model: whether the features of `train.monotone` move it one way only."""


class Budget(StrEnum):
    """How much time a training may take."""

    QUICK = "quick"
    FULL = "full"


class TrainingRows(NamedTuple):
    """What a model is fitted on.

    Attributes:
        features: float32 (n, features), NaN where a value is missing.
        default: (n,) 1 for a default, 0 otherwise.
        names: of the features.
        weight: (n,) weight of each row; None if all weigh the same.
        threads: how many a library may use; 0 for all there are.
    """

    features: np.ndarray
    default: np.ndarray
    names: tuple[str, ...]
    weight: np.ndarray | None = None
    threads: int = 1


FitOn = Callable[[np.ndarray, Parameters], Model]
"""Fits a model on the rows at some places (k,), with some parameters."""


@dataclass(frozen=True)
class Candidate:
    """One family and how it is fitted.

    Attributes:
        family: its name, in `scoring.models` too.
        fit: fits a model on some rows with some parameters.
        parameters: hyperparameters of each budget.
        most_rows: rows that a fit may use in each budget; a larger fold is thinned out class by class.
        suggest: the search space of a study; None if the family is not tuned.
        prepare: makes ready what all trials of a study share; None if every fit starts from the rows.
        is_explainable: whether its models say exactly what each feature contributed; a lender owes every refused
            client a reason, so no other model may become champion.
    """

    family: str
    fit: Callable[[TrainingRows, Parameters], Model]
    parameters: Mapping[Budget, Parameters]
    most_rows: Mapping[Budget, int]
    suggest: Callable[[optuna.Trial], Parameters] | None = None
    prepare: Callable[[TrainingRows], FitOn] | None = None
    is_explainable: bool = True

    def fit_on(self, rows: TrainingRows) -> FitOn:
        """A fit on parts of the same rows, again and again."""
        if self.prepare is not None:
            return self.prepare(rows)
        return lambda places, parameters: self.fit(
            rows._replace(features=rows.features[places], default=rows.default[places]), parameters
        )
