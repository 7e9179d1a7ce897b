"""A candidate's out-of-fold margins: calibrated, cut at the cheapest threshold, measured and compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from credit_scoring.core.settings import Settings
from credit_scoring.evaluation import business_cost
from credit_scoring.evaluation.confidence_intervals import Interval, auc_difference, mean_interval
from credit_scoring.evaluation.metrics import calibration_error, measure, return_on_investment
from credit_scoring.scoring.calibration import LogisticCalibration, fit_logistic_calibration
from credit_scoring.scoring.model_family import MONOTONE
from credit_scoring.train.candidates import Candidate
from credit_scoring.train.training_data import TrainingData
from credit_scoring.train.tuning import Tuning


@dataclass(frozen=True)
class Evaluation:
    """A candidate on the clients that all candidates share.

    Attributes:
        margins, probability: (n,) out-of-fold log-odds and calibrated probabilities.
        threshold: the exact optimum.
        grid_threshold: the optimum of the specification's grid.
        training_seconds, peak_bytes, fitted_rows: of the cross-validation.
    """

    candidate: Candidate
    margins: np.ndarray
    probability: np.ndarray
    calibration: LogisticCalibration
    threshold: business_cost.Threshold
    grid_threshold: business_cost.Threshold
    metrics: dict[str, float]
    training_seconds: float
    peak_bytes: int
    fitted_rows: int

    @property
    def name(self) -> str:
        """Name of the candidate."""
        return self.candidate.name

    def refused(self) -> np.ndarray:
        """Whether each client (n,) is refused."""
        return self.probability >= self.threshold.value


def evaluate(
    candidate: Candidate, margins: np.ndarray, data: TrainingData, settings: Settings, measures: dict[str, float]
) -> Evaluation:
    """Calibrate out-of-fold margins (n,), find the cheapest threshold and measure.

    Args:
        measures: training_seconds, peak_bytes and fitted_rows of the cross-validation.
    """
    calibration = fit_logistic_calibration(margins, data.default)
    probability = calibration.probability(margins)
    cost = settings.cost.missed_default
    threshold = business_cost.cheapest_threshold(probability, data.default, cost)
    refused = probability >= threshold.value
    raw = LogisticCalibration().probability(margins)
    metrics = measure(probability, data.default, threshold, cost, data.folds) | {
        "cost_at_theoretical_threshold": business_cost.cost_at_theory(probability, data.default, cost),
        "calibration_error_before": calibration_error(raw, data.default),
        "brier_score_before": float(np.mean((raw - data.default) ** 2)),
        "return_on_investment": return_on_investment(
            refused, data.default, settings.cost.interest_margin, settings.cost.loss_given_default
        ),
    }
    return Evaluation(
        candidate=candidate,
        margins=margins,
        probability=probability,
        calibration=calibration,
        threshold=threshold,
        grid_threshold=business_cost.grid_optimum(probability, data.default, cost),
        metrics=metrics,
        training_seconds=float(measures["training_seconds"]),
        peak_bytes=int(measures["peak_bytes"]),
        fitted_rows=int(measures["fitted_rows"]),
    )


def threshold_outcomes(each: Evaluation, default: np.ndarray, missed_default_cost: float) -> pl.DataFrame:
    """What a model does at each threshold of the grid, and in the last row at its exact optimum.

    Returns:
        Columns model, threshold, is_optimum, false_negatives (accepted defaults), false_positives (refused good
        clients), business_cost (in refused good clients), cost_per_client, acceptance_rate, precision (share of
        defaults among the refused; null if no client is refused).
    """
    cuts = (*business_cost.GRID, each.threshold.value)
    accepted, missed, lost = business_cost.outcomes_at(cuts, each.probability, default)
    refused = len(default) - accepted
    cost = missed_default_cost * missed + lost
    return pl.DataFrame(
        {
            "model": [each.name] * len(cuts),
            "threshold": cuts,
            "is_optimum": [False] * len(business_cost.GRID) + [True],
            "false_negatives": missed,
            "false_positives": lost,
            "business_cost": cost,
            "cost_per_client": cost / len(default),
            "acceptance_rate": accepted / len(default),
            "precision": pl.Series(np.where(refused > 0, 1 - lost / np.maximum(refused, 1), np.nan)).fill_nan(None),
        }
    )


@dataclass(frozen=True)
class Comparison:
    """A model against the champion on the same clients: champion minus model.

    Attributes:
        auc: difference of AUC; positive if the champion ranks better.
        cost: difference of cost per client; negative if the champion is cheaper.
    """

    name: str
    auc: Interval
    cost: Interval

    @property
    def verdict(self) -> str:
        """The comparison as text."""
        if self.cost.excludes_zero:
            return "champion cheaper" if self.cost.high < 0 else "champion costs more"
        return "no difference beyond noise"


def compare(
    champion: Evaluation, evaluations: Sequence[Evaluation], default: np.ndarray, missed_default_cost: float
) -> list[Comparison]:
    """The champion against every other model, in pairs on the same out-of-fold clients."""
    own = business_cost.client_costs(champion.refused(), default, missed_default_cost)
    return [
        Comparison(
            name=other.name,
            auc=auc_difference(champion.margins, other.margins, default),
            cost=mean_interval(own - business_cost.client_costs(other.refused(), default, missed_default_cost)),
        )
        for other in evaluations
        if other.name != champion.name
    ]


def costs_of_constraints(
    evaluations: Sequence[Evaluation], default: np.ndarray, missed_default_cost: float
) -> list[Comparison]:
    """Each constrained model against the free one of its family: constrained minus free, named by the family."""
    by_name = {each.name: each for each in evaluations}
    return [
        comparison
        for name, free in by_name.items()
        if free.candidate.lacks_constraints and (own := by_name.get(f"{name}_{MONOTONE}")) is not None
        for comparison in compare(own, [free], default, missed_default_cost)
    ]


@dataclass(frozen=True)
class Findings:
    """The results of a training.

    Attributes:
        evaluations: every candidate, the cheapest first.
        missed_default_cost: in refused good clients.
        tuning: None if nothing was tuned.
    """

    champion: Evaluation
    evaluations: list[Evaluation]
    data: TrainingData
    missed_default_cost: float
    tuning: Tuning | None = None

    @cached_property
    def flat(self) -> business_cost.FlatRegion:
        """Thresholds around the champion's optimum that cost hardly more."""
        champion = self.champion
        return business_cost.flat_region(
            champion.probability, self.data.default, champion.threshold, self.missed_default_cost
        )
