"""What a training writes about each of its models, so that each becomes a run in MLflow.

Each model has a folder `runs/<model>/`: run.json, the Scorer of one fold, and files with its curves and importances.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from pydantic import BaseModel
from sklearn.metrics import average_precision_score, log_loss

from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.evaluation.auc import auc
from credit_scoring.evaluation.business_cost import client_costs
from credit_scoring.scoring.artefact_names import FOLD_MODELS, RUNS, SCORER_FOLDER
from credit_scoring.scoring.models import load_model
from credit_scoring.scoring.scorer import Scorer, load_description, save_scorer
from credit_scoring.scoring.training_distribution import Reference, load_reference, reference_of
from credit_scoring.train import cross_validation
from credit_scoring.train.ablation import Ablation
from credit_scoring.train.candidates import shared_parameters
from credit_scoring.train.curves import curves_of, picture_of
from credit_scoring.train.evaluation import Evaluation, Findings
from credit_scoring.train.report import decision

FILES = "files"
_RUN_FILE = "run.json"
_FOLD = 0
"""The model of this fold is the one that is logged."""


class ModelRun(BaseModel, frozen=True):
    """What MLflow shows of a model, beside its files.

    Attributes:
        role: champion, candidate, or ablation for a model that was only trained to measure what features are worth.
        fold_metrics: by name the value of each fold.
    """

    name: str
    role: str
    decision: str
    parameters: dict[str, float | int | str | bool]
    metrics: dict[str, float]
    fold_metrics: dict[str, list[float]]


class WrittenRun(NamedTuple):
    """A run that a training wrote.

    Attributes:
        scorer: folder of the Scorer that is logged as its model.
    """

    content: ModelRun
    files: Path
    scorer: Path


def write_runs(found: Findings, ablation: Ablation | None, settings: Settings, folder: Path) -> dict[str, int | None]:
    """Write the run of every model that a training fitted; needs the champion's Scorer in the folder."""
    reference = load_reference(folder / SCORER_FOLDER)
    for each in found.evaluations:
        role = "champion" if each.name == found.champion.name else "candidate"
        _write(each, role, decision(each, found.champion), found, reference, settings, folder)
    for each in _only_measured(found, ablation):
        _write(each, "ablation", "only measures what features are worth", found, reference, settings, folder)
    return {RUNS: None}


def read_runs(folder: Path) -> Iterator[WrittenRun]:
    """The runs of a training, the champion's first."""
    written = folder.glob(f"{RUNS}/*/{_RUN_FILE}")
    runs = [(ModelRun.model_validate_json(file.read_bytes()), file.parent) for file in written]
    for content, own in sorted(runs, key=lambda run: (run[0].role != "champion", run[0].metrics["cost_per_client"])):
        scorer = folder if content.role == "champion" else own
        yield WrittenRun(content, own / FILES, scorer / SCORER_FOLDER)


def _only_measured(found: Findings, ablation: Ablation | None) -> list[Evaluation]:
    compared = {each.name for each in found.evaluations}
    pair = [] if ablation is None else [ablation.complete, ablation.ablated]
    return [each for each in pair if each.name not in compared]


def _write(
    each: Evaluation, role: str, outcome: str, found: Findings, reference: Reference, settings: Settings, folder: Path
) -> None:
    own, data, candidate = folder / RUNS / each.name, found.data, each.candidate
    (own / FILES).mkdir(parents=True)
    names = [name for name in data.names if name not in candidate.ablated_features]
    run = ModelRun(
        name=each.name,
        role=role,
        decision=outcome,
        parameters={
            "family": candidate.family.name,
            "imbalance": candidate.imbalance.value,
            "maximum_rows": candidate.maximum_rows,
            "feature_count": len(names),
            **candidate.parameters,
            **shared_parameters(settings),
        },
        metrics={
            **each.metrics,
            "grid_threshold": each.grid_threshold.value,
            "grid_cost_per_client": each.grid_threshold.cost_per_client,
            "training_seconds": each.training_seconds,
            "peak_megabytes": each.peak_bytes / 1e6,
            "fitted_rows": each.fitted_rows,
        },
        fold_metrics=fold_metrics(each, data.default, data.folds, found.missed_default_cost),
    )
    (own / _RUN_FILE).write_text(run.model_dump_json(indent=1))
    curves = curves_of(each, data.default, found.missed_default_cost)
    curves.write_csv(own / FILES / "curves.csv", float_precision=6)
    picture_of(curves).savefig(own / FILES / "curves.png", dpi=80)
    fold_models = Storage.of(settings).current(cross_validation.step_name(each.name)) / FOLD_MODELS
    model = load_model(candidate.family.name, fold_models / str(_FOLD))
    importance = pl.DataFrame({"feature": names, "share": model.importance()}).sort("share", descending=True)
    importance.write_csv(own / FILES / "importance.csv", float_precision=6)
    if role == "champion":
        return
    description = load_description(folder / SCORER_FOLDER).model_copy(
        update={
            "family": model.family,
            "feature_names": tuple(names),
            "threshold": each.threshold.value,
            "calibration": each.calibration,
            "metrics": each.metrics,
        }
    )
    probabilities = reference_of(data.features[:, :0], (), each.probability).probability
    own_reference = Reference({name: reference.features[name] for name in names}, probabilities)
    (own / SCORER_FOLDER).mkdir()
    save_scorer(Scorer(model, description), own_reference, own / SCORER_FOLDER)


def fold_metrics(
    each: Evaluation, default: np.ndarray, folds: np.ndarray, missed_default_cost: float
) -> dict[str, list[float]]:
    """Metrics of a model on the clients of each fold, at its one threshold."""
    refused = each.refused()
    costs = client_costs(refused, default, missed_default_cost)

    def of_fold(own: np.ndarray) -> dict[str, float]:
        probability, outcome = each.probability[own], default[own]
        return {
            "fold_auc": auc(probability, outcome),
            "fold_cost_per_client": float(costs[own].mean()),
            "fold_average_precision": float(average_precision_score(outcome, probability)),
            "fold_log_loss": float(log_loss(outcome, probability)),
            "fold_brier_score": float(np.mean((probability - outcome) ** 2)),
            "fold_acceptance_rate": float(1 - refused[own].mean()),
            "fold_clients": float(len(outcome)),
        }

    rows = [of_fold(folds == fold) for fold in np.unique(folds)]
    return {name: [row[name] for row in rows] for name in rows[0]}
