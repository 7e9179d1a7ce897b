"""The training step: a feature version becomes compared models and a registered Scorer."""

import json
import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from credit_scoring import __version__
from credit_scoring.core.errors import UnexplainableModelError
from credit_scoring.core.manifest import Artefact, Manifest, fingerprint_of
from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.feature_store.step import published_version
from credit_scoring.model_registry.model_card import tags_of
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.approved_baseline import AcceptedClients, accepted_clients
from credit_scoring.scoring.artefact_names import (
    LEFT_OUT_FACTS_FILE,
    LEFT_OUT_FILE,
    OUT_OF_FOLD_FILE,
    SCORER_FOLDER,
)
from credit_scoring.scoring.models.model import load_model
from credit_scoring.scoring.scorer import Scorer, ScorerDescription, load_description, save_scorer
from credit_scoring.scoring.training_distribution import reference_of
from credit_scoring.train import candidate_step
from credit_scoring.train.ablation import LeftOutPair, compare_without, pair_facts, pair_frame
from credit_scoring.train.candidates import Entrant, entrants, tuned
from credit_scoring.train.cross_validation import TrainingData, training_rows
from credit_scoring.train.evaluation import Evaluation, choose_champion, evaluate
from credit_scoring.train.families import candidates
from credit_scoring.train.families.family import Budget, Parameters
from credit_scoring.train.report import (
    Findings,
    comparison_frame,
    findings,
    plots,
    threshold_frame,
    training_report,
)
from credit_scoring.train.tracking import log_training
from credit_scoring.train.training_data import read_training_data
from credit_scoring.train.tuning import Tuning, trials_frame, trials_of, tune

TRAIN_STEP = "train"
REPORT_FILE = "training_report.html"
COMPARISON_FILE = "models_comparison.csv"
THRESHOLDS_FILE = "thresholds.csv"
POINTS_FILE = "scorecard_points.csv"
TRIALS_FILE = "trials.csv"
PARAMETERS_FILE = "parameters.json"
ALL_PROBABILITIES_FILE = "out_of_fold_of_all_models.parquet"
FOLD_MODELS = candidate_step.FOLD_MODELS
PLOTS = "plots"
_TOLD_METRICS = ("auc", "cost_per_client", "threshold", "acceptance_rate")


def run(settings: Settings, force: bool = False) -> Manifest:
    """Train every candidate on the published feature version, choose the champion and register its Scorer.

    Candidates that an earlier, killed run finished are not trained again.

    Raises:
        TrainingError: the version has no target, too few clients of one class, or a family is unknown.
        MissingArtefactError: no version is published, or it lacks features that this program knows.
    """
    version = published_version(settings)
    storage = Storage.of(settings)
    competing = entrants(
        Budget(settings.training.budget), settings.training.families, settings.training.monotone_constraints
    )
    inputs = StepInputs(
        source=version.source,
        depends_on=(
            version.fingerprint,
            version.content_hash,
            settings.training.fold_count,
            settings.cost.missed_default,
            settings.cost.interest_margin,
            settings.cost.loss_given_default,
            settings.training.budget,
            trials_of(settings),
            [entrant.name for entrant in competing],
        ),
        modules=(__name__, *(entrant.candidate.fit.__module__ for entrant in competing)),
        artefacts=(
            Artefact(
                name=f"feature version {version.number}",
                path=storage.relative(storage.offline_features()),
                rows=version.rows,
            ),
        ),
    )

    def train(folder: Path) -> StepResult:
        return _train(settings, version, competing, folder, force)

    manifest = run_step(settings, TRAIN_STEP, inputs, train, force)
    return _register(settings, manifest)


def _train(
    settings: Settings, version: FeatureVersion, competing: list[Entrant], folder: Path, force: bool
) -> StepResult:
    @cache
    def data() -> TrainingData:
        return read_training_data(settings, version)

    def compete(entrant: Entrant) -> Evaluation:
        manifest = candidate_step.run(settings, version, entrant, data, force)
        margins = candidate_step.margins_of(settings, entrant.name)
        measures = {name: float(value) for name, value in manifest.measures.items()}
        return evaluate(entrant, margins, data(), settings, measures)

    evaluations = [compete(entrant) for entrant in progress(competing, "Training models")]
    tuning = _tune_the_best(settings, version, evaluations, data())
    if tuning is not None and tuning.best is not None:
        evaluations.append(compete(_tuned(settings, tuning, tuning.best)))
    champion = choose_champion(evaluations)
    found = findings(champion, evaluations, data(), settings.cost.missed_default, tuning)
    written = _write_champion(settings, version, found, folder)
    written |= _write_left_out(compare_without(champion, data(), compete), data(), folder)
    return StepResult(
        rows=written | _write_findings(settings, version, found, folder),
        measures={"champion": champion.name}
        | {name: round(value, 4) for name, value in champion.metrics.items()},
    )


def _tune_the_best(
    settings: Settings, version: FeatureVersion, evaluations: list[Evaluation], data: TrainingData
) -> Tuning | None:
    """The study of the cheapest family that may become champion and has a search space; None if none is wanted."""
    tunable = [
        each
        for each in evaluations
        if each.entrant.may_become_champion and each.entrant.candidate.suggest is not None
    ]
    trials = trials_of(settings)
    if not tunable or not trials:
        return None
    return tune(settings, version, choose_champion(tunable).entrant.candidate, data, trials)


def _tuned(settings: Settings, tuning: Tuning, parameters: Parameters) -> Entrant:
    candidate = candidates()[tuning.family]
    return tuned(candidate, parameters, candidate.most_rows[Budget(settings.training.budget)])


def _write_champion(
    settings: Settings, version: FeatureVersion, found: Findings, folder: Path
) -> dict[str, int | None]:
    """Refit the champion on all clients, and write its Scorer, its fold models and its out-of-fold predictions."""
    champion, data = found.champion, found.data
    entrant = champion.entrant
    model = entrant.fit(training_rows(data, np.arange(len(data.default))))
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
    (folder / SCORER_FOLDER).mkdir()
    reference = reference_of(data.features, data.names, champion.probability)
    kept = Storage.of(settings).current(candidate_step.step_name(champion.name))
    scorer = Scorer(model, description, accepted=_accepted(found, model.family, kept / FOLD_MODELS))
    save_scorer(scorer, reference, folder / SCORER_FOLDER)
    shutil.copytree(kept / FOLD_MODELS, folder / FOLD_MODELS)
    parameters = {"family": model.family, "model": champion.name, **entrant.parameters}
    (folder / PARAMETERS_FILE).write_text(json.dumps(parameters, indent=1))
    identity = {"SK_ID_CURR": data.client_ids, "TARGET": data.default, "fold": data.folds}
    own = {"margin": champion.margins, "probability": champion.probability}
    pl.DataFrame(identity | own).write_parquet(folder / OUT_OF_FOLD_FILE)
    every = {each.name: each.probability for each in found.evaluations}
    pl.DataFrame(identity | every).write_parquet(folder / ALL_PROBABILITIES_FILE)
    rows = len(data.default)
    return {
        SCORER_FOLDER: None,
        FOLD_MODELS: None,
        PARAMETERS_FILE: None,
        OUT_OF_FOLD_FILE: rows,
        ALL_PROBABILITIES_FILE: rows,
    }


def _write_left_out(pair: LeftOutPair | None, data: TrainingData, folder: Path) -> dict[str, int | None]:
    """Write what the champion is worth without gender and age, for the audit by group."""
    if pair is None:
        return {}
    pair_frame(pair, data).write_parquet(folder / LEFT_OUT_FILE)
    (folder / LEFT_OUT_FACTS_FILE).write_text(json.dumps(pair_facts(pair), indent=1))
    return {LEFT_OUT_FILE: len(data.default), LEFT_OUT_FACTS_FILE: None}


def _accepted(found: Findings, family: str, fold_models: Path) -> AcceptedClients | None:
    """What accepted clients have in common, by the models that never saw them; None if the family cannot say."""
    champion, data = found.champion, found.data
    models = [load_model(family, fold_models / str(fold)) for fold in range(int(data.folds.max()) + 1)]
    try:
        return accepted_clients(
            models, data.folds, data.features, champion.probability < champion.threshold.value
        )
    except UnexplainableModelError:
        return None


def _write_findings(
    settings: Settings, version: FeatureVersion, found: Findings, folder: Path
) -> dict[str, int | None]:
    """Write tables, plots and the report."""
    comparison = comparison_frame(found)
    comparison.write_csv(folder / COMPARISON_FILE, float_precision=6)
    thresholds = threshold_frame(found, settings.cost.missed_default)
    thresholds.write_csv(folder / THRESHOLDS_FILE, float_precision=6)
    written: dict[str, int | None] = {
        COMPARISON_FILE: comparison.height,
        THRESHOLDS_FILE: thresholds.height,
        PLOTS: None,
        REPORT_FILE: None,
    }
    if found.tuning is not None:
        trials = trials_frame(found.tuning)
        trials.write_csv(folder / TRIALS_FILE, float_precision=6)
        written[TRIALS_FILE] = trials.height
    pictures = plots(found, settings.cost.missed_default)
    (folder / PLOTS).mkdir()
    for name, (content, _) in pictures.items():
        (folder / PLOTS / f"{name}.png").write_bytes(content)
    subtitle = (
        f"{found.champion.name} chosen among {len(found.evaluations)} models on feature version {version.number} "
        f"({version.features} features, {len(found.data.default):,} applications), budget {settings.training.budget}"
    )
    page = training_report(found, pictures, settings, version.source, subtitle)
    (folder / REPORT_FILE).write_text(page)
    return written


def _register(settings: Settings, manifest: Manifest) -> Manifest:
    """Track and register the current Scorer, unless an earlier run did so before it was killed."""
    storage, registry = Storage.of(settings), ModelRegistry(settings)
    folder = storage.current(TRAIN_STEP)
    identity = fingerprint_of(manifest.fingerprint, folder.name)
    existing = registry.find(identity)
    if existing is not None:
        run_id = str(existing.run_id)
    else:
        description = load_description(folder / SCORER_FOLDER)
        metrics = {name: float(value) for name, value in manifest.measures.items() if name != "champion"}
        parameters = json.loads((folder / PARAMETERS_FILE).read_bytes())
        run_id = log_training(settings, identity, folder, parameters, metrics, tags_of(description))
    number = registry.register(run_id, identity, folder / SCORER_FOLDER)
    return manifest.model_copy(update={"measures": manifest.measures | {"model_version": number}})
