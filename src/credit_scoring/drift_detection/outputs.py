"""The files of a comparison: drift.json, and the report in each language."""

from collections.abc import Sequence
from pathlib import Path

from credit_scoring.drift_detection.result import DriftResult
from credit_scoring.governance.drift_history import DriftSummary

RESULT_FILE = "drift.json"


def write_outputs(result: DriftResult, earlier: Sequence[DriftSummary], folder: Path) -> list[str]:
    """Write every file; returns their names.

    Args:
        earlier: results before this one, oldest first.
    """
    (folder / RESULT_FILE).write_text(result.model_dump_json(indent=1))
    return [RESULT_FILE]
