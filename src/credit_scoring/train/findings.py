"""All results of a training: the compared models, the champion, and the tables for other programs."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from credit_scoring.evaluation.business_cost import GRID, FlatRegion, costs_at, flat_region
from credit_scoring.train.evaluation import Evaluation
from credit_scoring.train.training_data import TrainingData
from credit_scoring.train.tuning import Tuning


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
    def flat(self) -> FlatRegion:
        """Thresholds around the champion's optimum that cost hardly more."""
        champion = self.champion
        return flat_region(champion.probability, self.data.default, champion.threshold, self.missed_default_cost)


def decision(each: Evaluation, champion: Evaluation) -> str:
    """The outcome of a model in the comparison."""
    if each.name == champion.name:
        return "champion"
    if each.candidate.ineligible_because is not None:
        return f"not eligible: {each.candidate.ineligible_because}"
    return "dearer than the champion"


def comparison_frame(found: Findings) -> pl.DataFrame:
    """models_comparison.csv: one row per model, the cheapest first."""
    return pl.DataFrame(
        [
            {
                "model": each.name,
                "auc": each.metrics["auc"],
                "business_cost": each.metrics["business_cost"],
                "optimal_threshold": each.threshold.value,
                "training_seconds": each.training_seconds,
                "decision": decision(each, found.champion),
                "family": each.candidate.family.name,
                "imbalance": each.candidate.imbalance.value,
                "grid_threshold": each.grid_threshold.value,
                "grid_cost_per_client": each.grid_threshold.cost_per_client,
                "peak_megabytes": each.peak_bytes / 1e6,
                "fitted_rows": each.fitted_rows,
                **{
                    name: value
                    for name, value in each.metrics.items()
                    if name not in ("auc", "business_cost", "threshold")
                },
            }
            for each in found.evaluations
        ]
    )


def threshold_frame(found: Findings) -> pl.DataFrame:
    """thresholds.csv: cost per client of every model at every threshold of the grid."""
    return pl.DataFrame(
        [
            {"model": each.name, "threshold": cut, "cost_per_client": float(cost)}
            for each in found.evaluations
            for cut, cost in zip(
                GRID, costs_at(GRID, each.probability, found.data.default, found.missed_default_cost), strict=True
            )
        ]
    )
