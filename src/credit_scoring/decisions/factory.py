"""Opens the configured ledger: for a command, or with a recorder for the service."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.core.urls import sqlite_file
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.recorder import Recorder, drain_abandoned
from credit_scoring.decisions.spool import Spool

_BYTES_PER_MEGABYTE = 1_000_000
_COMMAND_TIMEOUT_SECONDS = 600.0


def open_recorder(settings: Settings) -> Recorder:
    """The recorder on the configured ledger, with its spool in the data folder."""
    url = _url(settings)
    max_bytes = settings.ledger.spool_megabytes * _BYTES_PER_MEGABYTE
    spool = Spool(Storage.of(settings).decision_spool(), max_bytes)
    return Recorder(lambda: Ledger(url, settings.ledger.timeout_seconds), spool)


@contextmanager
def opened_ledger(settings: Settings) -> Iterator[Ledger]:
    """The configured ledger, after draining the spools of dead services.

    Raises:
        MissingArtefactError: nothing was recorded yet; no empty ledger is created.
        StorageError: the database is unavailable.
    """
    url = _url(settings)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise MissingArtefactError(
            f"There is no decision ledger at {file}.",
            "Start the service, or run `credit-scoring score --examples`; check CREDIT_DATA_DIRECTORY.",
        )
    with closing(Ledger(url, _COMMAND_TIMEOUT_SECONDS)) as ledger:
        drain_abandoned(Storage.of(settings).decision_spool(), ledger)
        yield ledger


def _url(settings: Settings) -> str:
    return Storage.of(settings).database_url(settings.ledger.url, "decisions")
