"""The champion retrained without gender and age among its inputs, on the same folds, to measure what they are worth.

Both models of the pair get the same rows, at most `MAXIMUM_ROWS` per fold, so that the ablation takes minutes on
full-size tables too. Each is a candidate with a step of its own, so a killed training resumes after it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import polars as pl

from credit_scoring.feature_engineering.application import RAW_COLUMNS
from credit_scoring.scoring.artefact_names import ABLATION_FACTS_FILE, ABLATION_FILE
from credit_scoring.train.candidates import Candidate
from credit_scoring.train.evaluation import Evaluation
from credit_scoring.train.training_data import TrainingData

ABLATED_COLUMNS = ("CODE_GENDER", "DAYS_BIRTH")
MAXIMUM_ROWS = 60_000


class Ablation(NamedTuple):
    """The same model with and without some features."""

    complete: Evaluation
    ablated: Evaluation
    features: tuple[str, ...]


def features_computed_from(columns: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The named features that depend on one of the raw columns, directly or indirectly."""
    return tuple(name for name in names if RAW_COLUMNS.get(name, frozenset()) & set(columns))


def ablate(
    champion: Evaluation, data: TrainingData, evaluate_candidate: Callable[[Candidate], Evaluation]
) -> Ablation | None:
    """Train the champion's family without gender and age; None if no feature depends on them."""
    features = features_computed_from(ABLATED_COLUMNS, data.names)
    if not features:
        return None
    complete, candidate = champion, champion.candidate
    if champion.fitted_rows > MAXIMUM_ROWS:
        candidate = replace(candidate, name=f"{candidate.name}_on_{MAXIMUM_ROWS}_rows", maximum_rows=MAXIMUM_ROWS)
        complete = evaluate_candidate(candidate)
    ablated = replace(candidate, name=f"{candidate.name}_without_gender_and_age", ablated_features=features)
    return Ablation(complete, evaluate_candidate(ablated), features)


def write_ablation(ablation: Ablation | None, data: TrainingData, folder: Path) -> dict[str, int | None]:
    """Write out-of-fold predictions of both and facts, for the fairness audit; returns the rows of each file."""
    if ablation is None:
        return {}
    pl.DataFrame(
        {
            "SK_ID_CURR": data.client_ids,
            "probability_with": ablation.complete.probability,
            "refused_with": ablation.complete.refused(),
            "probability_without": ablation.ablated.probability,
            "refused_without": ablation.ablated.refused(),
        }
    ).write_parquet(folder / ABLATION_FILE)
    fitted_rows = ablation.ablated.fitted_rows
    facts = {"columns": ABLATED_COLUMNS, "features": len(ablation.features), "fitted_rows": fitted_rows}
    (folder / ABLATION_FACTS_FILE).write_text(json.dumps(facts, indent=1))
    return {ABLATION_FILE: len(data.default), ABLATION_FACTS_FILE: None}
