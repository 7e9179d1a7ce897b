"""What a model family declares, and what its fitted models can do."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from credit_scoring.core.errors import UnexplainableModelError

Parameters = Mapping[str, float | int | str | bool]
"""Hyperparameters by name, as they are tracked."""

MULTITHREADED_ROWS = 20_000
"""On fewer rows the threads of a library mostly wait for each other; folds are fitted in parallel instead."""

TRAINING_SEED = 0
"""Of every random choice in training: families, subsamples, SMOTE, and the sampler of the tuning."""

MONOTONE = "monotone"
"""Among the parameters of a constrainable family: whether the features keep to their declared directions."""

NO_REASONS = "The model in use gives no reasons. Send the application without explain=true."
"""What a caller of the service reads instead of reasons."""

_SMALLEST_PROBABILITY = 1e-6
"""Probabilities are kept this far from 0 and 1 before their odds are taken."""


class Budget(StrEnum):
    """How much time a training may take."""

    QUICK = "quick"
    FULL = "full"


class Model(Protocol):
    """A fitted model: from float32 features, as the store holds them, to log-odds of default."""

    @property
    def family(self) -> str:
        """Name of the family."""

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Log-odds (n,) as float64, from float32 features (n, features) with NaN where a value is missing."""

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """What each feature adds to the margin: float64 (n, features + 1), the base value last; rows sum to the margin.

        Raises:
            UnexplainableModelError: the family has no exact decomposition, which is the default.
        """
        raise UnexplainableModelError(
            f"A model of the family {self.family} gives no exact contributions of features.",
            "Choose a model version of another family to explain decisions.",
            public=NO_REASONS,
        )

    def importance(self) -> np.ndarray:
        """How much the model relies on each feature, (features,): shares that sum to one, or all zero."""

    def save(self, folder: Path) -> None:
        """Write the model's files into an existing folder."""


class Trial(Protocol):
    """What a search space needs of Optuna's trial; the service does not install Optuna."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        """A number between the bounds."""

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        """An integer between the bounds, both included."""


class TrainingRows(NamedTuple):
    """What a model is fitted on.

    Attributes:
        features: float32 (n, features), NaN where a value is missing.
        default: (n,) 1 for a default, 0 otherwise.
        directions: (features,) 1 or -1 where more of the feature may only raise or lower the probability, 0 elsewhere;
            only models with the parameter ``MONOTONE`` read it.
        categories: names of the features that hold category codes.
        weight: (n,) weight of each row; None if all weigh the same.
        threads: how many a library may use; 0 for all.
    """

    features: np.ndarray
    default: np.ndarray
    names: tuple[str, ...]
    directions: tuple[int, ...] = ()
    categories: frozenset[str] = frozenset()
    weight: np.ndarray | None = None
    threads: int = 1

    def take(self, rows: np.ndarray) -> "TrainingRows":
        """The rows at some indices (k,)."""
        weight = None if self.weight is None else self.weight[rows]
        return self._replace(features=self.features[rows], default=self.default[rows], weight=weight)

    def without(self, features: Collection[str]) -> "TrainingRows":
        """The rows without the named features."""
        if not features:
            return self
        kept = [index for index, name in enumerate(self.names) if name not in features]
        return self._replace(
            features=self.features[:, kept],
            names=tuple(self.names[index] for index in kept),
            directions=tuple(self.directions[index] for index in kept) if self.directions else (),
        )


Fit = Callable[[Parameters], Model]
"""Fits a model on rows that were prepared for it."""
FitSubset = Callable[[np.ndarray, Parameters], Model]
"""Fits a model on the rows at some indices (k,), with some parameters."""


@dataclass(frozen=True)
class ModelFamily:
    """Everything the project knows about a kind of model; each file of `scoring.models` declares one as ``FAMILY``.

    Attributes:
        name: that of its file.
        load: reads the model that `save` left in a folder.
        parameters: hyperparameters of each budget.
        maximum_rows: rows that a fit may use in each budget; larger folds are subsampled class by class.
        suggest: search space of the tuning; None if the family is not tuned.
        prepare: computes once what all trials of a tuning share, first of all rows, then of those at some indices (k,);
            None if every fit starts from the rows.
        libraries: import names of the libraries whose files or arithmetic a saved model depends on.
        is_explainable: whether contributions of features are exact. A lender owes every refused client a reason, so no
            other family may become champion.
        is_served: whether the installation of the service contains the family's libraries.
        is_constrainable: whether the family knows the parameter ``MONOTONE``.
        has_class_weight, has_scale_pos_weight: which weights of the classes the family's library knows.
    """

    name: str
    fit: Callable[[TrainingRows, Parameters], Model]
    load: Callable[[Path], Model]
    parameters: Mapping[Budget, Parameters]
    maximum_rows: Mapping[Budget, int]
    suggest: Callable[[Trial], Parameters] | None = None
    prepare: Callable[[TrainingRows], Callable[[np.ndarray], Fit]] | None = None
    libraries: tuple[str, ...] = ()
    is_explainable: bool = True
    is_served: bool = True
    is_constrainable: bool = False
    has_class_weight: bool = True
    has_scale_pos_weight: bool = False

    def fit_subsets_of(self, rows: TrainingRows) -> FitSubset:
        """A function that fits on subsets of the same rows again and again."""
        if self.prepare is None:
            return lambda subset, parameters: self.fit(rows.take(subset), parameters)
        prepare_subset, prepared = self.prepare(rows), dict[bytes, Fit]()

        def fit_subset(subset: np.ndarray, parameters: Parameters) -> Model:
            key = subset.tobytes()
            if key not in prepared:
                prepared[key] = prepare_subset(subset)
            return prepared[key](parameters)

        return fit_subset


def shares(amounts: np.ndarray) -> np.ndarray:
    """Non-negative amounts as shares of their sum; all zero if the sum is."""
    return np.asarray(amounts / max(float(amounts.sum()), 1e-300))


def log_odds(probability: np.ndarray) -> np.ndarray:
    """Log-odds (n,) of probabilities (n,), finite even for 0 and 1; float64."""
    clipped = np.clip(probability.astype(np.float64), _SMALLEST_PROBABILITY, 1.0 - _SMALLEST_PROBABILITY)
    return np.asarray(np.log(clipped / (1.0 - clipped)))
