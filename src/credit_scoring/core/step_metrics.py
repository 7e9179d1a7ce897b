"""Metrics of a step that succeeded or failed, as a file for the textfile collector of Prometheus' node exporter."""

import time
from pathlib import Path

from credit_scoring.core.atomic_files import replacing_file
from credit_scoring.core.errors import StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.manifest import Manifest


def write_step_metrics(path: Path, manifest: Manifest) -> None:
    """Write when a step last succeeded, how long it computed and how many rows it wrote; also if nothing changed.

    A file that cannot be written is logged only: the step's result is complete without it.
    """
    rows = {artefact.name: artefact.rows for artefact in manifest.outputs if artefact.rows is not None}
    _write(
        path,
        manifest.step,
        _family("credit_step_last_success_timestamp_seconds", "When a step last succeeded, in Unix time.")
        + f'credit_step_last_success_timestamp_seconds{{step="{manifest.step}"}} {time.time():.0f}\n'
        + _family("credit_step_duration_seconds", "Duration of the run that wrote the result of a step.")
        + f'credit_step_duration_seconds{{step="{manifest.step}"}} {manifest.seconds}\n'
        + _family("credit_step_rows", "Rows of each output of a step.")
        + "".join(f'credit_step_rows{{step="{manifest.step}",output="{name}"}} {rows[name]}\n' for name in rows),
    )


def write_step_failure(path: Path, step: str) -> None:
    """Write when a step last failed, beside the metrics of its last success."""
    name = "credit_step_last_failure_timestamp_seconds"
    text = _family(name, "When a step last failed, in Unix time.") + f'{name}{{step="{step}"}} {time.time():.0f}\n'
    _write(path.with_name(f"{path.stem}_failure{path.suffix}"), step, text)


def _write(path: Path, step: str, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing_file(path) as partial:
            partial.write_text(text, encoding="utf-8")
    except (OSError, StorageError) as error:
        get_logger(step).warning("step metrics not written", step=step, reason=str(error))


def _family(name: str, description: str) -> str:
    return f"# HELP {name} {description}\n# TYPE {name} gauge\n"
