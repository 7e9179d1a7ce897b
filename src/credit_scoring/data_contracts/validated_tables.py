"""Which ingested version the later steps read: the one that last passed validation."""

from pathlib import Path

from credit_scoring.core.errors import StorageError
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.storage import Storage

INGEST_STEP = "ingest"
VALIDATE_STEP = "validate"
VALIDATED_MEASURE = "ingest_fingerprint"
"""The measure under which the validation step records the version that passed."""


def validated_tables(storage: Storage) -> tuple[Manifest, Path]:
    """Manifest and folder of the ingested version that last passed validation, even if a newer one was ingested.

    Raises:
        MissingArtefactError: no version has passed.
        StorageError: the version that passed is damaged.
    """
    fingerprint = str(storage.current_version(VALIDATE_STEP)[0].measures[VALIDATED_MEASURE])
    found = storage.find(INGEST_STEP, fingerprint)
    if found is None:
        raise StorageError(
            f"The validated tables {fingerprint} are damaged or missing.",
            "Run `credit-scoring ingest --source PATH` and `credit-scoring validate` again.",
        )
    return found
