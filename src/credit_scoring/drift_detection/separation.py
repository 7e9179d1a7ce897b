"""Multivariate drift: how well a classifier tells current applications from those of the training."""

import numpy as np
from lightgbm import LGBMClassifier
from pydantic import BaseModel
from sklearn.model_selection import StratifiedKFold

from credit_scoring.evaluation.confidence_intervals import Interval, auc_interval

MAX_ROWS = 5_000
"""Of each side: more rows would find differences that are too small to matter."""
_SMALLEST_SAMPLE = 100
_FOLDS = 3
_SHOWN_FEATURES = 10
_PARAMETERS = {"n_estimators": 60, "num_leaves": 15, "learning_rate": 0.1, "colsample_bytree": 0.3, "random_state": 0}


class Separation(BaseModel, frozen=True, extra="forbid"):
    """How well current rows can be distinguished from those of the training.

    Attributes:
        auc: cross-validated; 0.5 if they cannot be distinguished, 1 if each row gives itself away.
        features: the classifier's reliance on the features it used most, as shares.
    """

    auc: Interval
    features: dict[str, float]


def separation(before: np.ndarray, now: np.ndarray, names: tuple[str, ...]) -> Separation | None:
    """Train a classifier to separate rows (n, features) from current ones (m, features); None if either are few.

    Current rows that are among the others are left out: clients of the training who apply again would be on both sides.
    """
    before, now = (_drawn(rows) for rows in (before, now))
    known = {row.tobytes() for row in before}
    now = now[[row.tobytes() not in known for row in now]]
    if min(len(before), len(now)) < _SMALLEST_SAMPLE:
        return None
    rows = np.concatenate([before, now])
    is_now = np.repeat([0.0, 1.0], [len(before), len(now)])
    score, gain = np.empty(len(rows)), np.zeros(len(names))
    for fitted, held_out in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(rows, is_now):
        model = LGBMClassifier(**_PARAMETERS, importance_type="gain", verbosity=-1, deterministic=True, num_threads=0)
        model.fit(rows[fitted], is_now[fitted])
        score[held_out] = model.booster_.predict(rows[held_out])
        gain += model.feature_importances_
    shares = gain / max(float(gain.sum()), 1e-300)
    strongest = np.argsort(-shares, kind="stable")[:_SHOWN_FEATURES]
    return Separation(
        auc=auc_interval(score, is_now),
        features={names[index]: float(shares[index]) for index in strongest if shares[index] > 0},
    )


def _drawn(rows: np.ndarray) -> np.ndarray:
    if len(rows) <= MAX_ROWS:
        return rows
    return rows[np.sort(np.random.default_rng(0).choice(len(rows), MAX_ROWS, replace=False))]
