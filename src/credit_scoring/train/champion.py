"""Choose the champion, and write its Scorer, the models of its folds and its out-of-fold predictions."""

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from credit_scoring import __version__
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.scoring import artefact_names as files
from credit_scoring.scoring.approved_baseline import accepted_clients
from credit_scoring.scoring.models import load_model
from credit_scoring.scoring.scorer import Scorer, ScorerDescription, save_scorer
from credit_scoring.scoring.training_distribution import reference_of
from credit_scoring.train import cross_validation
from credit_scoring.train.evaluation import Evaluation, Findings


def rank(each: Evaluation) -> tuple[float, float]:
    """Sorting key: the cheapest first, of equally cheap ones the one that ranks better."""
    return each.metrics["cost_per_client"], -each.metrics["auc"]


def choose_champion(evaluations: Sequence[Evaluation]) -> Evaluation:
    """The first eligible model by rank.

    Raises:
        ValueError: no model is eligible; `require_eligible` prevents that before anything is trained.
    """
    eligible = [each for each in evaluations if each.candidate.ineligible_because is None]
    return min(eligible, key=rank)


def write_champion(found: Findings, settings: Settings, version: FeatureVersion, folder: Path) -> dict[str, int | None]:
    """Refit the champion on all clients and write it; returns the rows of each output."""
    champion, data = found.champion, found.data
    rows = len(data.default)
    model = champion.candidate.fit(data.rows(np.arange(rows)))
    description = ScorerDescription(
        family=model.family,
        feature_names=data.names,
        threshold=champion.threshold.value,
        calibration=champion.calibration,
        metrics=champion.metrics,
        feature_version=version.number,
        feature_fingerprint=version.fingerprint,
        source=version.source,
        code_version=__version__,
        trained_at=datetime.now(UTC),
    )
    fold_models = Storage.of(settings).current(cross_validation.step_name(champion.name)) / files.FOLD_MODELS
    family, folds = champion.candidate.family, range(int(data.folds.max()) + 1)
    models = [load_model(family.name, fold_models / str(fold)) for fold in folds]
    # Each accepted client is explained by the model that was not fitted on it.
    accepted = accepted_clients(models, data.folds, data.features, ~champion.refused())
    scorer = Scorer(model, description, accepted=accepted)
    (folder / files.SCORER_FOLDER).mkdir()
    save_scorer(scorer, reference_of(data.features, data.names, champion.probability), folder / files.SCORER_FOLDER)
    shutil.copytree(fold_models, folder / files.FOLD_MODELS)
    parameters = {"family": model.family, "model": champion.name, **champion.candidate.parameters}
    (folder / files.PARAMETERS_FILE).write_text(json.dumps(parameters, indent=1))
    identity = {"SK_ID_CURR": data.client_ids, "TARGET": data.default, "fold": data.folds}
    own = {"margin": champion.margins, "probability": champion.probability}
    pl.DataFrame(identity | own).write_parquet(folder / files.OUT_OF_FOLD_FILE)
    every = {each.name: each.probability for each in found.evaluations}
    pl.DataFrame(identity | every).write_parquet(folder / files.ALL_PROBABILITIES_FILE)
    return {
        files.SCORER_FOLDER: None,
        files.FOLD_MODELS: None,
        files.PARAMETERS_FILE: None,
        files.OUT_OF_FOLD_FILE: rows,
        files.ALL_PROBABILITIES_FILE: rows,
    }
