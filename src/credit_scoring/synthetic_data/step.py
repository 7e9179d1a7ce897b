"""The synthesize command: a folder of synthetic tables, and the record of how it was made."""

import time
from pathlib import Path

from credit_scoring.core.code_fingerprint import fingerprint_of_code
from credit_scoring.core.logs import current_run_id
from credit_scoring.core.manifest import Manifest, fingerprint_of
from credit_scoring.core.settings import Settings
from credit_scoring.synthetic_data.chunks import PUBLISHED_CLIENTS
from credit_scoring.synthetic_data.writer import write_synthetic_tables


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
