"""What removing features would change: redundant ones, those without contribution, and protected ones.

Trains a linear and a tree model on the published features of a data folder, with and without them on the same folds;
with --name writes docs/parts/selection_<name>.md, which docs/ML_MODEL.md includes. Run with `make bench-selection`.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from credit_scoring.core.settings import Settings
from credit_scoring.explain.displayed_values import concepts_of
from credit_scoring.explain.feature_findings import REDUNDANT_CORRELATION
from credit_scoring.explain.feature_selection import repetitions
from credit_scoring.explain.portfolio import explain_held_out
from credit_scoring.feature_store.step import published_version
from credit_scoring.scoring.model_family import Budget
from credit_scoring.train.candidates import Candidate, candidates_of
from credit_scoring.train.cross_validation import CrossValidation, cross_validate
from credit_scoring.train.evaluation import Evaluation, compare, evaluate
from credit_scoring.train.imbalance import Imbalance
from credit_scoring.train.training_data import TrainingData, read_training_data

PARTS = Path(__file__).parents[1] / "docs" / "parts"
FAMILIES = ("logistic_regression", "lightgbm")
LIMITS = (0.99, REDUNDANT_CORRELATION, 0.9)
_REDUNDANT = "correlated {:g} or more with a stronger one"


def main() -> None:
    """Train, print the table and write it where a name is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="data folder with a published feature version")
    parser.add_argument("--title", default="", help="what the data is, as the heading of the table")
    parser.add_argument("--name", default="", help="write docs/parts/selection_<name>.md")
    given = parser.parse_args()
    settings = Settings(data_directory=given.data)
    version = published_version(settings)
    data = read_training_data(settings, version)
    synthetic = " (synthetic)" if version.source == "synthetic" else ""
    lines = [
        f"### {given.title or given.data}",
        "",
        f"{len(data.default):,} clients{synthetic}, {len(data.names)} features, budget quick. Out of fold; differences "
        "are all features minus the rest, paired, with 95 % intervals.",
        "",
        f"| model | removed | features | AUC{synthetic} | difference | cost per client{synthetic} | difference |",
        "|---|---|---|---|---|---|---|",
    ]
    for candidate in candidates_of(Budget.QUICK, FAMILIES):
        if candidate.imbalance is Imbalance.NONE:
            lines += _rows(candidate, data, settings)
    text = "\n".join(lines) + "\n"
    print(text)
    if given.name:
        (PARTS / f"selection_{given.name}.md").write_text(text)


def _rows(candidate: Candidate, data: TrainingData, settings: Settings) -> list[str]:
    whole = cross_validate(data, candidate)
    complete = _evaluated(candidate, whole, data, settings)
    rows = [_row(candidate.family.name, "nothing", 0, complete, "", "")]
    for what, features in _removed(whole, data).items():
        without = replace(candidate, name="without", ablated_features=features)
        reduced = _evaluated(without, cross_validate(data, without), data, settings)
        (change,) = compare(complete, [reduced], data.default, settings.cost.missed_default)
        rows.append(
            _row(candidate.family.name, what, len(features), reduced, f"{change.auc:.4f}", f"{change.cost:.4f}")
        )
    return rows


def _removed(whole: CrossValidation, data: TrainingData) -> dict[str, tuple[str, ...]]:
    """Names of the features to remove, by what they are."""
    folds = data.folds.astype(np.intp)
    explained = explain_held_out(data.client_ids, data.default, data.features, folds, whole.models)
    shap = np.abs(explained.contributions).mean(axis=0)
    shares = np.max([model.importance() for model in whole.models], axis=0)
    chosen = {"without contribution": (shap == 0) & (shares == 0)}
    for limit in LIMITS:
        repeated = repetitions(data.features, shap, limit)
        chosen[_REDUNDANT.format(limit)] = np.array([abs(each.correlation) >= limit for each in repeated])
    redundant = chosen[_REDUNDANT.format(REDUNDANT_CORRELATION)]
    chosen["redundant (0.95) or without contribution"] = chosen["without contribution"] | redundant
    chosen["protected"] = np.array([concept.is_protected for concept in concepts_of(data.names)])
    return {what: tuple(np.array(data.names)[members].tolist()) for what, members in chosen.items()}


def _evaluated(candidate: Candidate, result: CrossValidation, data: TrainingData, settings: Settings) -> Evaluation:
    measures = {"training_seconds": result.seconds, "peak_bytes": result.peak_bytes, "fitted_rows": result.fitted_rows}
    return evaluate(candidate, result.margins, data, settings, measures)


def _row(family: str, what: str, features: int, found: Evaluation, auc: str, cost: str) -> str:
    cells = (
        f"`{family}`",
        what,
        str(features),
        f"{found.metrics['auc']:.4f}",
        auc,
        f"{found.metrics['cost_per_client']:.4f}",
        cost,
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
