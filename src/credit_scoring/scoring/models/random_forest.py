"""Random forest: many decorrelated trees with leaves large enough for a default rate."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skops.io
from sklearn.ensemble import RandomForestClassifier

from credit_scoring.scoring.model_family import (
    TRAINING_SEED,
    Budget,
    Model,
    ModelFamily,
    Parameters,
    TrainingRows,
    log_odds,
)

MODEL_FILE = "model.skops"

_TRUSTED_TYPES = ["sklearn.tree._tree.Tree"]
_QUICK: Parameters = {"n_estimators": 100, "max_depth": 10, "min_samples_leaf": 20, "max_features": "sqrt"}
_FULL: Parameters = {"n_estimators": 200, "max_depth": 14, "min_samples_leaf": 50, "max_features": "sqrt"}


@dataclass(frozen=True)
class RandomForestModel(Model):
    """A scikit-learn forest; it handles missing values itself.

    A mean of probabilities has no exact decomposition of its log-odds.
    """

    forest: RandomForestClassifier
    family = "random_forest"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Log-odds of the trees' mean probability."""
        return log_odds(self.forest.predict_proba(features)[:, 1])

    def importance(self) -> np.ndarray:
        """Share of the reduction of impurity."""
        return np.asarray(self.forest.feature_importances_)

    def save(self, folder: Path) -> None:
        """Write model.skops."""
        skops.io.dump(self.forest, folder / MODEL_FILE)


def load(folder: Path) -> RandomForestModel:
    """Read model.skops."""
    return RandomForestModel(skops.io.load(folder / MODEL_FILE, trusted=_TRUSTED_TYPES))


def fit(rows: TrainingRows, parameters: Parameters) -> RandomForestModel:
    """A forest fitted on rows."""
    forest = RandomForestClassifier(**parameters, random_state=TRAINING_SEED, n_jobs=rows.threads or -1)
    forest.fit(rows.features, rows.default, sample_weight=rows.weight)
    # Several threads add up the trees in the order in which they finish, and sums depend on that.
    forest.set_params(n_jobs=1)
    return RandomForestModel(forest)


FAMILY = ModelFamily(
    name="random_forest",
    fit=fit,
    load=load,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    maximum_rows={Budget.QUICK: 20_000, Budget.FULL: 60_000},
    libraries=("sklearn",),
    is_explainable=False,
    is_served=False,
)
