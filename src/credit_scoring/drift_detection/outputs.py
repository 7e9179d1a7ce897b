"""The files of a comparison: drift.json, the report in each language, and the page by Evidently."""

from collections.abc import Sequence
from pathlib import Path

from credit_scoring.drift_detection.comparison import Sample, TrainingClients
from credit_scoring.drift_detection.evidently_page import write_evidently_page
from credit_scoring.drift_detection.report import drift_page
from credit_scoring.drift_detection.result import DriftResult
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.governance.drift_history import DriftSummary

RESULT_FILE = "drift.json"
EVIDENTLY_FILE = "evidently_report.html"
REPORT_FILES = {code: "drift_report.html" if code == "en" else f"drift_report.{code}.html" for code in LANGUAGES}
"""By the code of the language; English is the language of all other reports."""


def write_outputs(
    result: DriftResult,
    earlier: Sequence[DriftSummary],
    sample: Sample | None,
    training: TrainingClients | None,
    folder: Path,
) -> list[str]:
    """Write every file; returns their names.

    Args:
        earlier: results before this one, oldest first.
        sample: what was compared; None if nothing was.
        training: clients of the training; None if they are no longer stored.
    """
    (folder / RESULT_FILE).write_text(result.model_dump_json(indent=1))
    no_evidently_page = write_evidently_page(result, sample, training, folder / EVIDENTLY_FILE)
    for code, file in REPORT_FILES.items():
        others = {other: name for other, name in REPORT_FILES.items() if other != code}
        page = drift_page(result, earlier, no_evidently_page, others, LANGUAGES[code])
        (folder / file).write_text(page, encoding="utf-8")
    return [RESULT_FILE, *REPORT_FILES.values(), *(() if no_evidently_page else (EVIDENTLY_FILE,))]
