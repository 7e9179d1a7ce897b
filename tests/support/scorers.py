"""A real Scorer that is fitted in a few milliseconds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import lightgbm as lgb
import numpy as np

from credit_scoring.scoring.calibration import LogisticCalibration
from credit_scoring.scoring.models.lightgbm import LightGBMModel
from credit_scoring.scoring.scorer import Scorer, ScorerDescription
from credit_scoring.scoring.training_distribution import Reference, reference_of

ROWS = 400


def small_features(feature_count: int, rows: int = ROWS, seed: int = 0) -> np.ndarray:
    """Random float32 features (rows, feature_count), one in ten missing."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(rows, feature_count)).astype(np.float32)
    features[random.random(features.shape) < 0.1] = np.nan
    return features


def small_scorer(feature_names: tuple[str, ...] = ("age", "income", "debt"), threshold: float = 0.3) -> Scorer:
    """A Scorer for which the first feature raises the risk and the second lowers it."""
    features = small_features(len(feature_names))
    known = np.nan_to_num(features)
    default = (known[:, 0] - 0.5 * known[:, 1] > 0.8).astype(np.int8)
    booster = lgb.train(
        {"objective": "binary", "num_leaves": 8, "verbosity": -1, "num_threads": 1, "seed": 0},
        lgb.Dataset(features, default, feature_name=list(feature_names)),
        num_boost_round=20,
    )
    return Scorer(
        LightGBMModel(booster),
        ScorerDescription(
            family="lightgbm",
            feature_names=feature_names,
            threshold=threshold,
            calibration=LogisticCalibration(slope=0.9, intercept=0.1),
            metrics={"auc": 0.75},
            feature_version=3,
            feature_fingerprint="0123456789abcdef",
            source="synthetic",
            code_version="0.1.0",
            trained_at=datetime(2026, 1, 2, tzinfo=UTC),
            model_hash="f" * 16,
        ),
    )


def small_reference(scorer: Scorer) -> Reference:
    """The training distribution of a small Scorer."""
    names = scorer.description.feature_names
    features = small_features(len(names))
    return reference_of(features, names, scorer.probability(features))


@dataclass(frozen=True)
class Misbehaving(Scorer):
    """A challenger that runs a function before it scores."""

    deed: Callable[[], None] = field(kw_only=True)

    def probability(self, features: np.ndarray) -> np.ndarray:
        """Probabilities, unless the function raises."""
        self.deed()
        return super().probability(features)
