"""What every model family offers to the Scorer, and where each family is found."""

from importlib import import_module
from pathlib import Path
from typing import Protocol

import numpy as np

from credit_scoring.core.errors import StorageError, UnexplainableModelError

# Imported only when a model of the family is loaded: a service with one family does not need the libraries of all.
FAMILIES: dict[str, tuple[str, str]] = {
    "blend": ("blend", "BlendModel"),
    "catboost": ("catboost", "CatBoostModel"),
    "lightgbm": ("lightgbm", "LightGBMModel"),
    "logistic_regression": ("logistic_regression", "LogisticRegressionModel"),
    "multilayer_perceptron": ("multilayer_perceptron", "MultilayerPerceptronModel"),
    "random_forest": ("random_forest", "RandomForestModel"),
    "scorecard": ("scorecard", "ScorecardModel"),
    "xgboost": ("xgboost", "XGBoostModel"),
}
"""Module and class of each family."""


class Model(Protocol):
    """A fitted model: from float32 features, as they lie in the store, to log-odds of default."""

    @property
    def family(self) -> str:
        """Name of the family, a key of `FAMILIES`."""

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Log-odds (n,) as float64, from float32 features (n, features) with NaN where a value is missing."""

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """What each feature adds to the margin: float64 (n, features + 1), the base value last; rows sum to the margin.

        Raises:
            UnexplainableModelError: the family has no exact decomposition.
        """

    def importance(self) -> np.ndarray:
        """How much the model relies on each feature, (features,): shares that sum to one, or all zero."""

    def save(self, folder: Path) -> None:
        """Write the model's files into an existing folder."""


def load_model(family: str, folder: Path) -> Model:
    """The model that a family's `save` left in a folder.

    Raises:
        StorageError: the family is unknown, its library is not installed, or a file is missing or damaged.
    """
    retrain = "Run `credit-scoring train --force`, or choose another model version."
    if family not in FAMILIES:
        raise StorageError(
            f"{folder} holds a model of the unknown family {family!r} (known: {', '.join(FAMILIES)}).",
            retrain,
        )
    module, name = FAMILIES[family]
    try:
        model: Model = getattr(import_module(f"{__package__}.{module}"), name).load(folder)
    except ImportError as error:
        raise StorageError(
            f"A model of the family {family} needs a library that is not installed ({error}).",
            f"Install {error.name or family}, or choose another model version.",
        ) from error
    except StorageError:
        raise
    except Exception as error:  # every library has its own family of errors for a file that is not its own
        raise StorageError(f"The {family} model in {folder} cannot be read ({error}).", retrain) from error
    return model


def no_contributions(family: str) -> UnexplainableModelError:
    """The error of a family without an exact decomposition."""
    return UnexplainableModelError(
        f"A model of the family {family} gives no exact contributions of features.",
        "Choose a model version of another family to explain decisions.",
    )


def share_of_total(amounts: np.ndarray) -> np.ndarray:
    """Amounts that are not negative as shares of their sum; all zero if there is nothing to share."""
    shares: np.ndarray = amounts / max(float(amounts.sum()), 1e-300)
    return shares
