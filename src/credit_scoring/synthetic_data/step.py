"""The synthesize command: a folder of look-alike tables, and the record of how it was made."""

import time
from pathlib import Path

from credit_scoring.core.atomic_files import replacing_file
from credit_scoring.core.logs import current_run_id
from credit_scoring.core.manifest import Artefact, Manifest, fingerprint_of, fingerprint_of_code
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.synthetic_data.chunks import PUBLISHED_CLIENTS
from credit_scoring.synthetic_data.comparison import Comparison, compare
from credit_scoring.synthetic_data.generator import LookAlike, write_look_alike_tables
from credit_scoring.synthetic_data.report import report_page

REPORT_FILE = "look_alike_report.html"


def run(
    settings: Settings, *, out: Path, clients: int = PUBLISHED_CLIENTS, seed: int = 0, full: bool = False
) -> Manifest:
    """Write look-alike tables.

    Args:
        out: folder of the CSV files; an older look-alike in it is replaced.
        clients: number of clients, train and test together.
        full: as many clients as published, whatever ``clients`` says.

    Raises:
        StorageError: ``out`` holds something else, or cannot be written; nothing is changed.
    """
    started = time.perf_counter()
    written = write_look_alike_tables(out, PUBLISHED_CLIENTS if full else clients, seed)
    return _manifest(written, round(time.perf_counter() - started, 3))


def run_report(settings: Settings, *, folder: Path, out: Path) -> Comparison:
    """Write the HTML page that compares a look-alike with the published profile.

    Args:
        folder: what ``run`` wrote.
        out: HTML file; replaced as a whole.

    Raises:
        SourceError: ``folder`` holds no look-alike.
        StorageError: ``out`` cannot be written.
    """
    comparison = compare(folder)
    with replacing_file(out) as page:
        page.write_text(report_page(comparison, folder.name), encoding="utf-8")
    return comparison


def _manifest(written: LookAlike, seconds: float) -> Manifest:
    return Manifest(
        step="synthesize",
        fingerprint=fingerprint_of(written.clients, written.seed, fingerprint_of_code(["synthetic_data"])),
        source="synthetic",
        run_id=current_run_id(),
        seconds=seconds,
        outputs=tuple(
            Artefact(
                name=table.name,
                path=str(written.folder / table.file_name),
                rows=written.rows[table.name],
                bytes=written.bytes[table.name],
            )
            for table in ALL_TABLES
        ),
        measures={
            "clients": written.clients,
            "default_rate": round(written.default_rate, 4),
            "auc_of_a_perfect_model": round(written.ceiling_auc, 4),
            "seed": written.seed,
        },
    )
