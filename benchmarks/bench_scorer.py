"""How much the Scorer adds to the booster for one application: the ratio of two medians of one run.

Values are random: only their number matters here. Run with `make bench-scorer`.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import lightgbm as lgb
import numpy as np

from credit_scoring.scoring.calibration import LogisticCalibration
from credit_scoring.scoring.models.lightgbm import LightGBMModel
from credit_scoring.scoring.scorer import Scorer, ScorerDescription

FEATURES, TREES, LEAVES = 600, 1_000, 31
CLIENTS, TIMED_ROWS, ROUNDS = 20_000, 1_000, 5
MAXIMUM_RATIO = 2.0


def main() -> None:
    """Print microseconds of both calls and their ratio."""
    random = np.random.default_rng(0)
    features = random.normal(size=(CLIENTS, FEATURES)).astype(np.float32)
    risk = 1 / (1 + np.exp(2.5 - features[:, :5].sum(axis=1)))
    booster = _fitted(features, (random.random(CLIENTS) < risk).astype(np.int8))
    scorer = Scorer(LightGBMModel(booster), _description())
    rows = [features[row : row + 1] for row in range(TIMED_ROWS)]

    def raw(row: np.ndarray) -> object:
        return booster.predict(row, raw_score=True, num_threads=1)

    # Taken in turns, so that a machine that becomes busy slows both down.
    pairs = [(_microseconds(raw, rows), _microseconds(scorer.probability, rows)) for _ in range(ROUNDS)]
    booster_alone, with_scorer = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(after / before for before, after in pairs)
    print(f"One application, {FEATURES} features, {booster.num_trees():,} trees of {LEAVES} leaves, one thread")
    print(f"booster alone   {booster_alone:7.1f} microseconds")
    print(f"Scorer          {with_scorer:7.1f} microseconds")
    print(f"ratio           {ratio:7.2f} (at most {MAXIMUM_RATIO:g}: {'kept' if ratio <= MAXIMUM_RATIO else 'BROKEN'})")


def _fitted(features: np.ndarray, default: np.ndarray) -> lgb.Booster:
    parameters = {
        "objective": "binary",
        "num_leaves": LEAVES,
        "learning_rate": 0.02,
        "feature_fraction": 0.1,
        "verbosity": -1,
    }
    return lgb.train(parameters, lgb.Dataset(features, default), num_boost_round=TREES)


def _description() -> ScorerDescription:
    return ScorerDescription(
        family="lightgbm",
        feature_names=tuple(f"feature_{number}" for number in range(FEATURES)),
        threshold=0.1,
        calibration=LogisticCalibration(slope=0.9, intercept=0.1),
        metrics={},
        feature_version=0,
        feature_fingerprint="random",
        source="synthetic",
        code_version="bench",
        trained_at=datetime.now(UTC),
    )


def _microseconds(score: Callable[[np.ndarray], object], rows: list[np.ndarray]) -> float:
    seconds = []
    for row in rows:
        started = time.perf_counter()
        score(row)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1e6


if __name__ == "__main__":
    main()
