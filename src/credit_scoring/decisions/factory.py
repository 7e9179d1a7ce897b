"""Open what the settings name: the ledger for a command, the recorder for the service."""

from collections.abc import Iterator
from contextlib import contextmanager

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.core.urls import sqlite_file
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.recorder import Recorder, drain_abandoned
from credit_scoring.decisions.spool import Spool

_BYTES_PER_MEGABYTE = 1_000_000
_PATIENCE_OF_A_COMMAND_SECONDS = 600.0


def open_recorder(settings: Settings) -> Recorder:
    """The recorder on the configured ledger, with its spool in the data folder."""
    url = _url(settings)
    largest_bytes = settings.ledger.spool_megabytes * _BYTES_PER_MEGABYTE
    spool = Spool(Storage.of(settings).decision_spool(), largest_bytes)
    return Recorder(lambda: Ledger(url, settings.ledger.timeout_seconds), spool)


@contextmanager
def opened_ledger(settings: Settings) -> Iterator[Ledger]:
    """The configured ledger, with what services that are gone left in their spools.

    Raises:
        MissingArtefactError: nothing was ever recorded here; no empty ledger is made.
        StorageError: the database does not answer.
    """
    url = _url(settings)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise MissingArtefactError(
            f"There is no decision ledger at {file}.",
            "Start the service, or run `credit-scoring score --examples`; check CREDIT_DATA_DIRECTORY.",
        )
    ledger = Ledger(url, _PATIENCE_OF_A_COMMAND_SECONDS)
    try:
        drain_abandoned(Storage.of(settings).decision_spool(), ledger)
        yield ledger
    finally:
        ledger.close()


def _url(settings: Settings) -> str:
    return Storage.of(settings).database_url(settings.ledger.url, "decisions")
