"""Multivariate drift: how well a classifier tells current applications from those of the training."""

import numpy as np
from lightgbm import LGBMClassifier
from pydantic import BaseModel
from sklearn.model_selection import StratifiedGroupKFold

from credit_scoring.drift_detection.comparison import Sample, TrainingClients
from credit_scoring.evaluation.confidence_intervals import Interval, auc_interval

MAX_ROWS = 5_000
"""Of each side: more rows would find differences that are too small to matter."""
_SMALLEST_SAMPLE = 100
_FOLDS = 3
_SHOWN_FEATURES = 10
_PARAMETERS = {
    "n_estimators": 60,
    "num_leaves": 15,
    "learning_rate": 0.1,
    "colsample_bytree": 0.3,
    "random_state": 0,
    # Both: LightGBM is deterministic only where it does not choose between row and column order by time.
    "deterministic": True,
    "force_col_wise": True,
}


class Separation(BaseModel, frozen=True, extra="forbid"):
    """How well current rows can be distinguished from those of the training.

    Attributes:
        auc: cross-validated; 0.5 if they cannot be distinguished, 1 if each row gives itself away.
        features: the classifier's reliance on the features it used most, as shares.
    """

    auc: Interval
    features: dict[str, float]


def separation(training: TrainingClients, current: Sample) -> Separation | None:
    """Train a classifier to separate clients of the training from current ones; None if either are few.

    All applications of a client lie in one fold: nearly equal rows in two folds would be recognised.
    """
    (before, clients_before), (now, clients_now) = (_drawn(side) for side in (training, current))
    if min(len(before), len(now)) < _SMALLEST_SAMPLE:
        return None
    names = training.names
    rows, clients = np.concatenate([before, now]), np.concatenate([clients_before, clients_now])
    is_now = np.repeat([0.0, 1.0], [len(before), len(now)])
    score, gain = np.empty(len(rows)), np.zeros(len(names))
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=0)
    for fitted, held_out in folds.split(rows, is_now, clients):
        model = LGBMClassifier(**_PARAMETERS, importance_type="gain", verbosity=-1, num_threads=0)
        model.fit(rows[fitted], is_now[fitted])
        score[held_out] = model.booster_.predict(rows[held_out])
        gain += model.feature_importances_
    shares = gain / max(float(gain.sum()), 1e-300)
    strongest = np.argsort(-shares, kind="stable")[:_SHOWN_FEATURES]
    return Separation(
        auc=auc_interval(score, is_now),
        features={names[index]: float(shares[index]) for index in strongest if shares[index] > 0},
    )


def _drawn(side: TrainingClients | Sample) -> tuple[np.ndarray, np.ndarray]:
    """Features and clients of at most `MAX_ROWS` rows."""
    count = len(side.client)
    drawn = np.sort(np.random.default_rng(0).permutation(count)[:MAX_ROWS])
    return side.features[drawn], side.client[drawn]
