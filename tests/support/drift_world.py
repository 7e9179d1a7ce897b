"""Synthetic applicants whose true probability of default is known, and a calibrated model of them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

import lightgbm as lgb
import numpy as np
from sklearn.linear_model import LogisticRegression

from credit_scoring.drift_detection.comparison import Baseline, Sample, TrackRecord
from credit_scoring.evaluation.business_cost import cheapest_threshold
from credit_scoring.explain.audited_groups import AUDITED_FEATURES
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.calibration import LogisticCalibration
from credit_scoring.scoring.models.lightgbm import LightGBMModel
from credit_scoring.scoring.scorer import Scorer, ScorerDescription
from credit_scoring.scoring.training_distribution import reference_of

AMOUNT, RATIO, CONTRACT, SCORE = "app_amt_credit", "app_credit_to_income", "app_name_contract_type", "app_ext_source_2"
NAMES = (AMOUNT, RATIO, CONTRACT, SCORE, *AUDITED_FEATURES, *(f"noise_{number}" for number in range(32)))
COLUMN = {name: index for index, name in enumerate(NAMES)}
MISSED_DEFAULT_COST = 10.0
_TRAINING_CLIENTS = 40_000


@dataclass(frozen=True)
class Clients:
    """Applicants: features (n, NAMES) and true probability of default (n,)."""

    features: np.ndarray
    truth: np.ndarray


def clients(count: int, seed: int) -> Clients:
    """Applicants as at the training.

    Their outcome depends on score, ratio, amount, contract and one thing that no feature shows.
    """
    random = np.random.default_rng(seed)
    features = random.normal(size=(count, len(NAMES))).astype(np.float32)
    features[:, COLUMN[AMOUNT]] = np.exp(13 + 0.7 * features[:, COLUMN[AMOUNT]])
    features[:, COLUMN[CONTRACT]] = random.random(count) < 0.1
    for name, categories in zip(AUDITED_FEATURES, (2, 5, 4), strict=False):
        features[:, COLUMN[name]] = random.integers(categories, size=count)
    features[:, COLUMN[AUDITED_FEATURES[-1]]] = -random.uniform(21 * 365, 69 * 365, count)
    is_missing = random.random(count) < 0.2
    score = np.where(is_missing, 0.0, features[:, COLUMN[SCORE]])
    features[is_missing, COLUMN[SCORE]] = np.nan
    effect = 0.6 * features[:, COLUMN[RATIO]] + 0.4 * (np.log(features[:, COLUMN[AMOUNT]]) - 13)
    log_odds = -3.0 - 0.9 * score + effect - 1.2 * features[:, COLUMN[CONTRACT]]
    return Clients(features, 1 / (1 + np.exp(-(log_odds + 0.5 * random.normal(size=count)))))


def outcomes(truth: np.ndarray, seed: int) -> np.ndarray:
    """Defaults (n,) drawn from true probabilities (n,)."""
    return (np.random.default_rng(seed).random(len(truth)) < truth).astype(np.float64)


@cache
def training_clients() -> Clients:
    """The applicants whose distributions the baseline has."""
    return clients(_TRAINING_CLIENTS, 2)


@cache
def baseline() -> Baseline:
    """A model that was trained on some applicants and calibrated on others, with the distributions of the latter."""
    fitted, held_out = clients(_TRAINING_CLIENTS, 1), training_clients()
    defaults = outcomes(held_out.truth, 4)
    booster = lgb.train(
        {"objective": "binary", "num_leaves": 8, "learning_rate": 0.1, "verbosity": -1, "num_threads": 1, "seed": 0},
        lgb.Dataset(fitted.features, outcomes(fitted.truth, 3), feature_name=list(NAMES)),
        num_boost_round=80,
    )
    model = LightGBMModel(booster)
    margin = model.margin(held_out.features)
    calibrated = LogisticRegression(C=np.inf).fit(margin[:, None], defaults)
    calibration = LogisticCalibration(slope=float(calibrated.coef_[0, 0]), intercept=float(calibrated.intercept_[0]))
    probability = calibration.probability(margin)
    threshold = cheapest_threshold(probability, defaults, MISSED_DEFAULT_COST)
    accepted = probability < threshold.value
    description = ScorerDescription(
        family="lightgbm",
        feature_names=NAMES,
        threshold=threshold.value,
        calibration=calibration,
        metrics={},
        feature_version=3,
        feature_fingerprint="0123456789abcdef",
        source="synthetic",
        code_version="0.1.0",
        trained_at=datetime(2026, 1, 2, tzinfo=UTC),
        model_hash="f" * 16,
    )
    registered = RegisteredScorer(Scorer(model, description), "credit-scoring", 5)
    distributions = reference_of(held_out.features, NAMES, probability)
    return Baseline(
        "model version 5",
        registered,
        distributions,
        clients=_TRAINING_CLIENTS,
        accepted=float(accepted.sum()),
        accepted_defaults=float(defaults[accepted].sum()),
    )


def sample_of(features: np.ndarray, default: np.ndarray | None = None) -> Sample:
    """Decisions of the model about applicants (n, NAMES); refused ones have no outcome.

    Args:
        default: (n,) outcome of each applicant; nothing is known yet if None.
    """
    scorer = baseline().registered.scorer
    probability = scorer.probability(features)
    refused = probability >= scorer.description.threshold
    unknown = np.full(len(features), np.nan)
    return Sample(
        name="ledger",
        source="synthetic",
        features=np.asfortranarray(features),
        probability=probability,
        refused=refused,
        default=unknown if default is None else np.where(refused, np.nan, default),
        has_history=np.ones(len(features), dtype=bool),
        client=np.arange(len(features)),
    )


def track_of(sample: Sample, month: str = "2026-07") -> TrackRecord:
    """The decisions of a sample as those of one month, whose outcomes became known at once."""
    return replace(TrackRecord.of(sample), month=np.full(len(sample), month))
