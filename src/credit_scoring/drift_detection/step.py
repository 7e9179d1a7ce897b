"""The drift step: compares current applications with those that the model was trained on."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from credit_scoring.core.errors import SourceError
from credit_scoring.core.manifest import Artefact, Manifest, fingerprint_of_file
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.decisions.recorder import opened_ledger
from credit_scoring.drift_detection import evidently_page
from credit_scoring.drift_detection.baselines import baseline_of_model, baseline_of_version, training_rows
from credit_scoring.drift_detection.compare import Window, compare
from credit_scoring.drift_detection.comparison import Baseline, Sample, TrackRecord
from credit_scoring.drift_detection.current_applications import (
    applications_of_file,
    applications_of_version,
    decisions_of,
    track_record,
)
from credit_scoring.drift_detection.outputs import write_outputs
from credit_scoring.explain.texts import LANGUAGE_MODULES
from credit_scoring.feature_store.step import published_version
from credit_scoring.feature_store.versions import find_version
from credit_scoring.governance.drift_history import DriftSummary, opened_history
from credit_scoring.model_registry.experiments import DRIFT, log_step
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer

DRIFT_STEP = "drift"
LEDGER = "ledger"
VERSION_PREFIX, MODEL_PREFIX = "version:", "model:"


class Compared(NamedTuple):
    """What to compare.

    Attributes:
        current: "ledger", "version:NUMBER" (or a tag) for a published feature version, or the path of a file.
        reference: "model:NUMBER" (or an alias) or "version:NUMBER"; the configured model if empty.
        since, until: window of decisions of the ledger, the end excluded.
    """

    current: str
    reference: str = ""
    since: datetime | None = None
    until: datetime | None = None


class _Current(NamedTuple):
    """Applications that are still to be read.

    Attributes:
        depends_on: changes when they do.
        read: None instead of a sample if there are none; no track record where decisions have no date.
    """

    window: Window
    depends_on: tuple[object, ...]
    read: Callable[[Baseline], tuple[Sample | None, TrackRecord | None]]


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
    registered, name, open_baseline, reference = _baseline(settings, compared.reference)
    current = _current(settings, compared, registered)
    with opened_history(settings) as history:
        series = history.series(f"{current.window.kind} with {name}")
    earlier = [one for one in series if _is_before(one, current)]

    def detect(folder: Path) -> StepResult:
        opened = open_baseline()
        sample, track = current.read(opened)
        training = None if sample is None else training_rows(settings, registered, evidently_page.MAX_ROWS)
        rows = None if training is None else training.features
        result = compare(opened, sample, track, rows, current.window, settings, earlier)
        written = write_outputs(result, earlier, sample, training, folder)
        with opened_history(settings) as history:
            history.record(result.summary)
        return StepResult(
            rows=dict.fromkeys(written),
            measures={"verdict": result.verdict.status, "score": round(result.score, 4), "decisions": result.decisions},
        )

    inputs = StepInputs(
        source=registered.scorer.description.source,
        depends_on=(
            *(registered.version, reference, *current.depends_on),
            *(settings.drift.model_dump(mode="json"), settings.cost.missed_default),
            [(one.comparison, one.status, one.is_alarming) for one in earlier],
        ),
        modules=(__name__, *LANGUAGE_MODULES),
        artefacts=(Artefact(name=current.window.name, path=compared.current),),
    )
    manifest = run_step(settings, DRIFT_STEP, inputs, detect, force)
    log_step(settings, DRIFT, f"drift of {current.window.name}", manifest, None, registered.version)
    return manifest


def _is_before(earlier: DriftSummary, current: _Current) -> bool:
    window = current.window
    if window.until is None or earlier.until is None:
        return earlier.current != window.name
    # A window that shares decisions with this one says the same twice.
    return window.since is not None and earlier.until <= window.since


def _baseline(
    settings: Settings, reference: str
) -> tuple[RegisteredScorer, str, Callable[[], Baseline], tuple[object, ...]]:
    """The model, the name of the baseline, what opens it, and what identifies it."""
    registry = ModelRegistry(settings)
    alias = settings.registry.model_alias
    if reference.startswith(VERSION_PREFIX):
        version = find_version(Storage.of(settings), reference.removeprefix(VERSION_PREFIX))
        registered = registry.load(alias)
        opening = partial(baseline_of_version, settings, version, registered)
        return registered, f"feature version {version.number}", opening, (version.content_hash,)
    if reference and not reference.startswith(MODEL_PREFIX):
        raise SourceError(
            f"{reference!r} is no reference.",
            f"Give {MODEL_PREFIX}NUMBER, {MODEL_PREFIX}ALIAS or {VERSION_PREFIX}NUMBER.",
        )
    name = reference.removeprefix(MODEL_PREFIX)
    registered = registry.load_version(int(name)) if name.isdecimal() else registry.load(name or alias)
    identity = (registered.scorer.description.model_hash,)
    return registered, f"model version {registered.version}", partial(baseline_of_model, registered), identity


def _current(settings: Settings, compared: Compared, registered: RegisteredScorer) -> _Current:
    run_at = datetime.now(UTC)
    if compared.current == LEDGER:
        since, until = compared.since or datetime.min.replace(tzinfo=UTC), compared.until or run_at
        window = Window(LEDGER, LEDGER, since, until, run_at)
        with opened_ledger(settings) as ledger:
            head = str(ledger.head())

        def read_decisions(baseline: Baseline) -> tuple[Sample | None, TrackRecord | None]:
            with opened_ledger(settings) as ledger:
                sample = decisions_of(settings, ledger, baseline, since, until)
                return sample, track_record(ledger, registered, since, until)

        return _Current(window, (head, since, until), read_decisions)
    if compared.current.startswith(VERSION_PREFIX):
        version = find_version(Storage.of(settings), compared.current.removeprefix(VERSION_PREFIX))
        window = Window("version", f"feature version {version.number}", None, None, run_at)
        return _Current(
            window,
            (version.content_hash,),
            lambda _: (applications_of_version(settings, version, registered, known=False), None),
        )
    path = Path(compared.current)
    if not path.is_file():
        raise SourceError(f"{path} is no file.", f"Give {LEDGER}, {VERSION_PREFIX}NUMBER, or a CSV or Parquet file.")
    window = Window("file", path.name, None, None, run_at)
    return _Current(
        window, (fingerprint_of_file(path),), lambda baseline: (applications_of_file(settings, path, baseline), None)
    )
