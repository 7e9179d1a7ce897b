"""Time of explanations: one application compared with the booster's own contributions, and 10,000 by every measure.

Values are random; names and number of the features are those of the catalogue. Run with `make bench-explain`.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import lightgbm as lgb
import numpy as np

from credit_scoring.explain.explainer import explain
from credit_scoring.explain.importance import PERMUTED_FEATURES, concept_importance, feature_importance
from credit_scoring.explain.plots import PARTNERS, dependence_figure, strongest_partner, summary_figure
from credit_scoring.explain.portfolio import explain_held_out
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.scoring.approved_baseline import accepted_clients
from credit_scoring.scoring.calibration import LogisticCalibration
from credit_scoring.scoring.models.lightgbm import LightGBMModel
from credit_scoring.scoring.scorer import Scorer, ScorerDescription

TREES, LEAVES, FOLDS = 250, 26, 5
CLIENTS, TIMED_ROWS, ROUNDS = 10_000, 300, 5
MAX_RATIO, MAX_SECONDS = 1.5, 60.0
_SHOWN = 6


def main() -> None:
    """Print times, their ratio and whether both limits hold."""
    names = feature_names()
    random = np.random.default_rng(0)
    features = random.normal(size=(CLIENTS, len(names))).astype(np.float32)
    risk = 1 / (1 + np.exp(2.5 - features[:, :5].sum(axis=1)))
    default = (random.random(CLIENTS) < risk).astype(np.int8)
    folds = np.arange(CLIENTS) % FOLDS
    models = [LightGBMModel(_fitted(features[folds != fold], default[folds != fold])) for fold in range(FOLDS)]
    accepted = accepted_clients(models, folds, features, risk < 0.1)
    scorer = Scorer(models[0], _description(names), accepted=accepted)
    print(f"{len(names)} features, {TREES} trees of {LEAVES} leaves, {os.cpu_count()} processors; values are synthetic")
    _one_application(scorer, features)
    _the_portfolio(names, features, default, folds, models)


def _one_application(scorer: Scorer, features: np.ndarray) -> None:
    booster = scorer.model.booster  # type: ignore[attr-defined]
    rows = [features[row : row + 1] for row in range(TIMED_ROWS)]

    def raw(row: np.ndarray) -> object:
        return booster.predict(row, pred_contrib=True, num_threads=1)

    def ours(row: np.ndarray) -> object:
        return scorer.model.contributions(row)

    def with_reasons(row: np.ndarray) -> object:
        return explain(scorer, {}, row[0], lambda _: None)

    # Alternating, so that other load on the machine slows all of them down.
    rounds = [[_microseconds(call, rows) for call in (raw, ours, with_reasons)] for _ in range(ROUNDS)]
    booster_alone, explainer, reasons = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratio = statistics.median(mine / alone for alone, mine, _ in rounds)
    print("One application, one thread")
    print(f"booster's pred_contrib        {booster_alone:9.1f} microseconds")
    print(f"contributions of the Scorer   {explainer:9.1f} microseconds")
    print(f"with reasons in two languages {reasons:9.1f} microseconds")
    print(f"ratio of the first two        {ratio:9.2f} (at most {MAX_RATIO:g}: {_kept(ratio <= MAX_RATIO)})")


def _the_portfolio(
    names: tuple[str, ...], features: np.ndarray, default: np.ndarray, folds: np.ndarray, models: list[LightGBMModel]
) -> None:
    print(f"{CLIENTS:,} applications, all features, each by a model that never saw it")
    started = time.perf_counter()
    rows = explain_held_out(np.arange(CLIENTS), default.astype(np.float64), features, folds, models)
    _since("contributions", started)
    importance = feature_importance(models[0], names, rows)
    _since(f"and permutation of {PERMUTED_FEATURES}", started)
    concept_importance(names, rows)
    _since("and of every concept", started)
    strongest = [names.index(name) for name in importance["feature"][:PARTNERS]]
    shown = strongest[:_SHOWN]
    english = LANGUAGES["en"]
    summary_figure(rows, names, english)
    partners = [strongest_partner(rows, feature, strongest) for feature in shown]
    dependence_figure(rows, names, shown, partners, english)
    seconds = _since("and the plots", started)
    print(f"{'':30}at most {MAX_SECONDS:g} s: {_kept(seconds <= MAX_SECONDS)}")


def _since(what: str, started: float) -> float:
    seconds = time.perf_counter() - started
    print(f"{what:30}{seconds:9.1f} s")
    return seconds


def _kept(is_kept: bool) -> str:
    return "kept" if is_kept else "BROKEN"


def _fitted(features: np.ndarray, default: np.ndarray) -> lgb.Booster:
    parameters = {"objective": "binary", "num_leaves": LEAVES, "feature_fraction": 0.3, "verbosity": -1, "seed": 0}
    return lgb.train(parameters, lgb.Dataset(features, default), num_boost_round=TREES)


def _description(names: tuple[str, ...]) -> ScorerDescription:
    return ScorerDescription(
        family="lightgbm",
        feature_names=names,
        threshold=0.1,
        calibration=LogisticCalibration(slope=0.9, intercept=0.1),
        metrics={},
        feature_version=0,
        feature_fingerprint="random",
        source="synthetic",
        code_version="bench",
        trained_at=datetime.now(UTC),
    )


def _microseconds(call: Callable[[np.ndarray], object], rows: list[np.ndarray]) -> float:
    seconds = []
    for row in rows:
        started = time.perf_counter()
        call(row)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1e6


if __name__ == "__main__":
    main()
