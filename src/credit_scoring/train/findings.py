"""All results of a training: the compared models, the champion, and the tables for other programs."""

from dataclasses import dataclass

import polars as pl

from credit_scoring.evaluation.business_cost import GRID, FlatRegion, costs_at, flat_region
from credit_scoring.train.evaluation import Comparison, Evaluation, compare
from credit_scoring.train.training_data import TrainingData
from credit_scoring.train.tuning import Tuning


@dataclass(frozen=True)
class Findings:
    """The results of a training.

    Attributes:
        evaluations: every candidate, the cheapest first.
        comparisons: the champion against each of the others.
        flat: thresholds around the champion's optimum that cost hardly more.
        tuning: None if nothing was tuned.
    """

    champion: Evaluation
    evaluations: list[Evaluation]
    comparisons: list[Comparison]
    flat: FlatRegion
    data: TrainingData
    tuning: Tuning | None = None


def findings(
    champion: Evaluation, evaluations: list[Evaluation], data: TrainingData, cost: float, tuning: Tuning | None = None
) -> Findings:
    """Compare the champion with the others, on the given clients."""
    ranked = sorted(evaluations, key=lambda each: each.metrics["cost_per_client"])
    return Findings(
        champion=champion,
        evaluations=ranked,
        comparisons=compare(champion, ranked, data.default, cost),
        flat=flat_region(champion.probability, data.default, champion.threshold, cost),
        data=data,
        tuning=tuning,
    )


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


def threshold_frame(found: Findings, cost: float) -> pl.DataFrame:
    """thresholds.csv: cost per client of every model at every threshold of the grid."""
    return pl.DataFrame(
        [
            {"model": each.name, "threshold": cut, "cost_per_client": float(found_cost)}
            for each in found.evaluations
            for cut, found_cost in zip(GRID, costs_at(GRID, each.probability, found.data.default, cost), strict=True)
        ]
    )
