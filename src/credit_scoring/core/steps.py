"""How a step runs: skipped when nothing changed, otherwise written aside and committed with its manifest."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from credit_scoring.core.code_fingerprint import fingerprint_of_code
from credit_scoring.core.errors import CreditScoringError
from credit_scoring.core.logs import current_run_id, get_logger
from credit_scoring.core.manifest import Artefact, DataSource, Manifest, fingerprint_of
from credit_scoring.core.settings import Settings
from credit_scoring.core.step_metrics import write_step_failure, write_step_metrics
from credit_scoring.core.storage import Storage, bytes_of


class StepResult(NamedTuple):
    """What a step's computation hands back.

    Attributes:
        rows: rows of each output, named by its path in the step's folder.
        stops_with: raised once the outputs are kept apart as those of a failed run; what was in use stays.
    """

    rows: dict[str, int | None]
    measures: dict[str, float | int | str] = {}
    stops_with: CreditScoringError | None = None


class StepInputs(NamedTuple):
    """What a step's result depends on.

    Attributes:
        source: whether the data is synthetic or real.
        depends_on: fingerprints of inputs and the settings that matter; JSON-serialisable.
        modules: the step's own module (``__name__``), and modules it finds by a folder scan; the code fingerprint
            covers them and everything they import.
        artefacts: what is read, for the closing summary.
    """

    source: DataSource
    depends_on: tuple[object, ...]
    modules: tuple[str, ...]
    artefacts: tuple[Artefact, ...]


def run_step(
    settings: Settings, step: str, inputs: StepInputs, compute: Callable[[Path], StepResult], force: bool = False
) -> Manifest:
    """Run a step, or find that its result is already there.

    Args:
        step: name of the step and of its folder in the storage.
        compute: writes the outputs into the folder it is given.
        force: compute again even if nothing changed.

    Raises:
        StorageError: the outputs cannot be written; what was there stays as it was.
        CreditScoringError: the one that the computation stops with.
    """
    storage = Storage.of(settings)
    logger = get_logger(step)
    fingerprint = fingerprint_of(step, inputs.depends_on, fingerprint_of_code(inputs.modules))
    if not force and (existing := storage.find(step, fingerprint)) is not None:
        manifest, folder = existing
        storage.use(step, folder)
        write_step_metrics(storage.step_metrics(step), manifest)
        logger.info("step unchanged", step=step, fingerprint=fingerprint)
        return manifest.model_copy(update={"reused": True, "seconds": 0.0})
    logger.info("step started", step=step, fingerprint=fingerprint)
    try:
        manifest = _run(storage, step, fingerprint, inputs, compute)
    except Exception:
        write_step_failure(storage.step_metrics(step), step)
        raise
    write_step_metrics(storage.step_metrics(step), manifest)
    logger.info("step finished", step=step, seconds=manifest.seconds, **manifest.measures)
    return manifest


def _run(
    storage: Storage, step: str, fingerprint: str, inputs: StepInputs, compute: Callable[[Path], StepResult]
) -> Manifest:
    started = time.perf_counter()
    with storage.writing(step) as folder:
        result = compute(folder)
        if result.stops_with is not None:
            storage.keep_failed(step, folder)
            get_logger(step).error("step failed", step=step, **result.measures)
            raise result.stops_with
        manifest = Manifest(
            step=step,
            fingerprint=fingerprint,
            source=inputs.source,
            run_id=current_run_id(),
            seconds=round(time.perf_counter() - started, 3),
            inputs=inputs.artefacts,
            outputs=tuple(
                Artefact(name=path, path=path, rows=count, bytes=bytes_of(folder / path))
                for path, count in result.rows.items()
            ),
            measures=result.measures,
        )
        storage.commit(manifest, folder)
    return manifest
