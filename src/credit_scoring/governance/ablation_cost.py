"""What it would cost to leave gender and age out of the inputs: in ranking, in money, and what it would change.

Two models are compared that differ in nothing but their inputs: same folds, same rows, same parameters. Each is
calibrated and cut where its mistakes are cheapest.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from credit_scoring.evaluation.business_cost import client_costs
from credit_scoring.evaluation.confidence_intervals import auc_difference, auc_interval, mean_interval
from credit_scoring.evaluation.fairness import AblationCost, audit


def price_of_leaving_out(
    pair: pl.DataFrame, facts: Mapping[str, object], groups: Mapping[str, np.ndarray], missed_default_cost: float
) -> AblationCost:
    """Compare the two models on the same clients.

    Args:
        pair: TARGET, probability_with, refused_with, probability_without and refused_without of n clients.
        facts: columns, features and fitted_rows as training wrote them.
        groups: by attribute, the name of each client's group (n,).
    """
    default = pair["TARGET"].to_numpy()
    score = {side: pair[f"probability_{side}"].to_numpy() for side in ("with", "without")}
    refused = {side: pair[f"refused_{side}"].to_numpy() for side in ("with", "without")}
    costs = {side: client_costs(refused[side], default, missed_default_cost) for side in refused}
    worst = {side: audit(~refused[side], score[side], default, groups).worst() for side in refused}
    return AblationCost.model_validate(
        {
            **facts,
            "auc_with": auc_interval(score["with"], default).value,
            "auc_without": auc_interval(score["without"], default).value,
            "auc_lost": auc_difference(score["with"], score["without"], default),
            "cost_with": float(costs["with"].mean()),
            "cost_without": float(costs["without"].mean()),
            "cost_added": mean_interval(costs["without"] - costs["with"]),
            "worst_with": worst["with"],
            "worst_without": worst["without"],
        }
    )
