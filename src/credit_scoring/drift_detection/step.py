"""The drift step: compares current applications with those that the model was trained on."""

from pathlib import Path

from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.drift_detection import evidently_page
from credit_scoring.drift_detection.compare import compare
from credit_scoring.drift_detection.outputs import RESULT_FILE, write_outputs
from credit_scoring.drift_detection.result import DriftResult
from credit_scoring.drift_detection.selection import VERSION_PREFIX, Compared, Current, find_current, find_reference
from credit_scoring.explain.texts import LANGUAGE_MODULES
from credit_scoring.feature_store.step import published_version
from credit_scoring.governance.drift_history import DriftSummary, opened_history
from credit_scoring.model_registry.experiments import DRIFT, log_step

DRIFT_STEP = "drift"


def run(settings: Settings, force: bool = False, compared: Compared | None = None) -> Manifest:
    """Measure drift and performance, and add the result to the history and, as a run, to MLflow.

    Args:
        compared: by default the new applications of the published version, with the training of the configured model.

    Raises:
        MissingArtefactError, ModelNotFoundError: the model, a feature version or the ledger does not exist.
        SourceError: a file cannot be read.
        StorageError: a database is unavailable, or the model version has no training distribution.
    """
    if compared is None:
        compared = Compared(f"{VERSION_PREFIX}{published_version(settings).number}")
    reference = find_reference(settings, compared.reference)
    registered = reference.registered
    current = find_current(settings, compared, registered)
    with opened_history(settings) as history:
        series = history.series(f"{current.window.kind} with {reference.name}")
    earlier = [one for one in series if _is_before(one, current)]

    def detect(folder: Path) -> StepResult:
        opened = reference.open()
        sample, track = current.read(opened)
        training = None if sample is None else reference.open_clients(evidently_page.MAX_ROWS)
        result = compare(opened, sample, track, training, current.window, settings, earlier)
        written = write_outputs(result, earlier, sample, training, folder)
        return StepResult(
            rows=dict.fromkeys(written),
            measures={"verdict": result.verdict.status, "score": round(result.score, 4), "decisions": result.decisions},
        )

    inputs = StepInputs(
        source=registered.scorer.description.source,
        depends_on=(
            *(registered.version, reference.identity, *current.depends_on),
            *(settings.drift.model_dump(mode="json"), settings.cost.missed_default),
            [(one.comparison, one.status, one.is_alarming) for one in earlier],
        ),
        modules=(__name__, *LANGUAGE_MODULES),
        artefacts=(Artefact(name=current.window.name, path=compared.current),),
    )
    manifest = run_step(settings, DRIFT_STEP, inputs, detect, force)
    result = last_result(settings)
    with opened_history(settings) as history:
        history.record(result.summary)
    log_step(settings, DRIFT, f"drift of {current.window.name}", manifest, current.version, registered.version)
    return manifest


def last_result(settings: Settings) -> DriftResult:
    """The result of the last comparison.

    Raises:
        MissingArtefactError: nothing was compared yet.
    """
    return DriftResult.model_validate_json((Storage.of(settings).current(DRIFT_STEP) / RESULT_FILE).read_bytes())


def _is_before(earlier: DriftSummary, current: Current) -> bool:
    window = current.window
    if window.until is None or earlier.until is None:
        return earlier.content != window.content
    # A window that shares decisions with this one says the same twice.
    return window.since is not None and earlier.until <= window.since
