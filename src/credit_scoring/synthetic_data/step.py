"""The synthesize command: a folder of synthetic tables, and the record of how it was made."""

import time
from pathlib import Path

from credit_scoring.core.atomic_files import replacing_file
from credit_scoring.core.code_fingerprint import fingerprint_of_code
from credit_scoring.core.logs import current_run_id
from credit_scoring.core.manifest import Manifest, fingerprint_of
from credit_scoring.core.settings import Settings
from credit_scoring.synthetic_data.chunks import PUBLISHED_CLIENTS
from credit_scoring.synthetic_data.comparison import Comparison, compare
from credit_scoring.synthetic_data.report import report_page
from credit_scoring.synthetic_data.writer import write_synthetic_tables

REPORT_FILE = "synthetic_report.html"


def run(
    settings: Settings, *, output: Path, clients: int = PUBLISHED_CLIENTS, seed: int = 0, full: bool = False
) -> Manifest:
    """Write synthetic tables.

    Args:
        output: folder of the CSV files; older synthetic tables in it are replaced.
        clients: number of clients, train and test together.
        full: as many clients as published, whatever ``clients`` says.

    Raises:
        StorageError: ``output`` holds something else, or cannot be written; nothing is changed.
    """
    started = time.perf_counter()
    written = write_synthetic_tables(output, PUBLISHED_CLIENTS if full else clients, seed)
    return Manifest(
        step="synthesize",
        fingerprint=fingerprint_of(written.clients, seed, fingerprint_of_code([__name__])),
        source="synthetic",
        run_id=current_run_id(),
        seconds=round(time.perf_counter() - started, 3),
        outputs=written.files,
        measures={
            "clients": written.clients,
            "default_rate": round(written.default_rate, 4),
            "auc_of_a_perfect_model": round(written.ceiling_auc, 4),
            "seed": seed,
        },
    )


def run_report(settings: Settings, *, folder: Path, output: Path) -> Comparison:
    """Write the HTML page that compares synthetic tables with the published profile.

    Args:
        folder: what ``run`` wrote.
        output: HTML file; replaced as a whole.

    Raises:
        SourceError: ``folder`` holds no synthetic tables.
        StorageError: ``output`` cannot be written.
    """
    comparison = compare(folder)
    with replacing_file(output) as page:
        page.write_text(report_page(comparison, folder.name), encoding="utf-8")
    return comparison
