"""The training step: from a published feature version to compared models and a registered Scorer."""

from functools import cache, partial
from pathlib import Path

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.validated_tables import INGEST_STEP
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.feature_store.step import published_version
from credit_scoring.scoring.artefact_names import TRAIN_STEP
from credit_scoring.scoring.model_family import Budget
from credit_scoring.train import cross_validation
from credit_scoring.train.ablation import ablate, write_ablation
from credit_scoring.train.candidates import Candidate, candidates_of, model_family, require_eligible
from credit_scoring.train.champion import choose_champion, rank, write_champion
from credit_scoring.train.evaluation import Evaluation, Findings, evaluate
from credit_scoring.train.imbalance import Imbalance
from credit_scoring.train.model_runs import write_runs
from credit_scoring.train.report import write_report
from credit_scoring.train.tracking import register
from credit_scoring.train.training_data import TrainingData, read_training_data
from credit_scoring.train.tuning import Tuning, tune


def run(settings: Settings, force: bool = False, is_staged: bool = True) -> Manifest:
    """Train every candidate on the published feature version, choose the champion and register its Scorer.

    Candidates that an earlier, killed run or ``cross_validate_family`` finished are not trained again.

    Args:
        is_staged: whether the alias staging moves to the registered version.

    Raises:
        TrainingError: the version has no target or too few clients of one class, a family is unknown, or no candidate
            can become champion.
        MissingArtefactError: no version is published, or it lacks features that this program knows.
    """
    candidates = chosen_candidates(settings)
    version = published_version(settings)
    storage = Storage.of(settings)
    inputs = StepInputs(
        source=version.source,
        depends_on=(
            version.fingerprint,
            version.content_hash,
            settings.training.fold_count,
            settings.training.without_protected,
            settings.cost.missed_default,
            settings.cost.interest_margin,
            settings.cost.loss_given_default,
            settings.training.budget,
            settings.tuning.trials,
            [candidate.name for candidate in candidates],
        ),
        modules=(__name__, *(candidate.family.load.__module__ for candidate in candidates)),
        artefacts=(
            Artefact(
                name=_input_name(version),
                path=storage.relative(storage.offline_features()),
                rows=version.rows,
            ),
        ),
    )

    train = partial(_train, settings, version, candidates, force)
    return register(settings, run_step(settings, TRAIN_STEP, inputs, train, force), version, is_staged)


def has_untrained_data(settings: Settings) -> bool:
    """Whether the tables that were ingested last have not led to a finished training yet."""
    storage = Storage.of(settings)
    try:
        ingested = storage.current_version(INGEST_STEP)[0]
        version = published_version(settings)
        trained = storage.current_version(TRAIN_STEP)[0]
    except MissingArtefactError:
        return True
    used = {artefact.name for artefact in trained.inputs}
    return version.source_fingerprint != ingested.fingerprint or _input_name(version) not in used


def cross_validate_family(settings: Settings, family: str, force: bool = False) -> list[str]:
    """Cross-validate the candidates of one family for a later training; returns their names.

    Raises:
        TrainingError: the version has no target or too few clients of one class, or the family is unknown.
        MissingArtefactError: no version is published, or it lacks features that this program knows.
    """
    training = settings.training
    candidates = candidates_of(Budget(training.budget), [family], training.monotone_constraints)
    version = published_version(settings)

    @cache
    def data() -> TrainingData:
        return read_training_data(settings, version)

    for candidate in progress(candidates, "Training models"):
        cross_validation.run(settings, version, candidate, data, force)
    return [candidate.name for candidate in candidates]


def _input_name(version: FeatureVersion) -> str:
    return f"feature version {version.number}"


def chosen_candidates(settings: Settings) -> list[Candidate]:
    """The candidates that the settings name.

    Raises:
        TrainingError: a family is unknown, or no candidate can become champion.
    """
    training = settings.training
    candidates = candidates_of(Budget(training.budget), training.families, training.monotone_constraints)
    require_eligible(candidates)
    return candidates


def _train(
    settings: Settings, version: FeatureVersion, candidates: list[Candidate], force: bool, folder: Path
) -> StepResult:
    @cache
    def data() -> TrainingData:
        return read_training_data(settings, version)

    def evaluate_candidate(candidate: Candidate) -> Evaluation:
        margins, measures = cross_validation.run(settings, version, candidate, data, force)
        return evaluate(candidate, margins, data(), settings, measures)

    evaluations = [evaluate_candidate(candidate) for candidate in progress(candidates, "Training models")]
    tuning = _tune_the_best(settings, version, evaluations, data())
    if tuning is not None and tuning.best is not None:
        family = model_family(tuning.family)
        maximum_rows = family.maximum_rows[Budget(settings.training.budget)]
        tuned = Candidate(f"{family.name}_tuned", family, tuning.best, Imbalance.NONE, maximum_rows)
        evaluations.append(evaluate_candidate(tuned))
    champion = choose_champion(evaluations)
    evaluations.sort(key=rank)
    found = Findings(champion, evaluations, data(), settings.cost.missed_default, tuning)
    written = write_champion(found, settings, version, folder)
    ablation = ablate(champion, data(), evaluate_candidate)
    written |= write_ablation(ablation, data(), folder)
    written |= write_report(found, settings, version, folder)
    written |= write_runs(found, ablation, settings, folder)
    measures = {name: round(value, 4) for name, value in champion.metrics.items()}
    return StepResult(rows=written, measures={"champion": champion.name} | measures)


def _tune_the_best(
    settings: Settings, version: FeatureVersion, evaluations: list[Evaluation], data: TrainingData
) -> Tuning | None:
    """Tune the family that leads among those that can become champion; None without a search space or trials."""
    eligible = [each for each in evaluations if each.candidate.ineligible_because is None]
    tunable = [each for each in eligible if each.candidate.family.suggest is not None]
    if not tunable or not settings.tuning.trials:
        return None
    return tune(settings, version, choose_champion(tunable).candidate.family, data)
