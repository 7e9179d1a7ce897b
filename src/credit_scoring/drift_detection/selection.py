"""Finds what to compare: a baseline, and current applications."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from credit_scoring.core.errors import SourceError
from credit_scoring.core.manifest import fingerprint_of_file
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.decisions.recorder import opened_ledger
from credit_scoring.drift_detection.baselines import (
    baseline_of_model,
    baseline_of_version,
    clients_of_model,
    clients_of_version,
)
from credit_scoring.drift_detection.compare import Window
from credit_scoring.drift_detection.comparison import Baseline, Sample, TrackRecord, TrainingClients
from credit_scoring.drift_detection.current_applications import (
    applications_of_file,
    applications_of_version,
    decisions_of,
    track_record,
)
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.feature_store.versions import find_version
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer

LEDGER = "ledger"
VERSION_PREFIX, MODEL_PREFIX = "version:", "model:"


class Compared(NamedTuple):
    """What to compare.

    Attributes:
        current: "ledger", "version:NUMBER" (or a tag) for a published feature version, or the path of a file.
        reference: "model:NUMBER" (or an alias) or "version:NUMBER"; the configured model if empty.
        since, until: window of decisions of the ledger, the end excluded.
    """

    current: str
    reference: str = ""
    since: datetime | None = None
    until: datetime | None = None


class Reference(NamedTuple):
    """The baseline, still to be opened.

    Attributes:
        name: "model version 3" or "feature version 2".
        identity: changes when the baseline does.
        open_clients: a sample of its clients, at most about that many; None if the feature store no longer has them.
    """

    registered: RegisteredScorer
    name: str
    identity: str
    open: Callable[[], Baseline]
    open_clients: Callable[[int], TrainingClients | None]


class Current(NamedTuple):
    """Applications that are still to be read.

    Attributes:
        depends_on: changes when they do.
        read: None instead of a sample if there are none; no track record where decisions have no date.
        version: the feature version that they are in.
    """

    window: Window
    depends_on: tuple[object, ...]
    read: Callable[[Baseline], tuple[Sample | None, TrackRecord | None]]
    version: FeatureVersion | None = None


def find_reference(settings: Settings, reference: str) -> Reference:
    """The baseline that a text names, as in `Compared`.

    Raises:
        MissingArtefactError, ModelNotFoundError: the version or the model does not exist.
        SourceError: the text names neither.
    """
    registry = ModelRegistry(settings)
    alias = settings.registry.model_alias
    if reference.startswith(VERSION_PREFIX):
        version = find_version(Storage.of(settings), reference.removeprefix(VERSION_PREFIX))
        registered = registry.load(alias)
        return Reference(
            registered,
            f"feature version {version.number}",
            version.content_hash,
            partial(baseline_of_version, settings, version, registered),
            partial(clients_of_version, settings, version, registered),
        )
    if reference and not reference.startswith(MODEL_PREFIX):
        raise SourceError(
            f"{reference!r} is no reference.",
            f"Give {MODEL_PREFIX}NUMBER, {MODEL_PREFIX}ALIAS or {VERSION_PREFIX}NUMBER.",
        )
    name = reference.removeprefix(MODEL_PREFIX)
    registered = registry.load_version(int(name)) if name.isdecimal() else registry.load(name or alias)
    return Reference(
        registered,
        f"model version {registered.version}",
        registered.scorer.description.model_hash,
        partial(baseline_of_model, registered),
        partial(clients_of_model, settings, registered),
    )


def find_current(settings: Settings, compared: Compared, registered: RegisteredScorer) -> Current:
    """The current applications; they are read later.

    Raises:
        MissingArtefactError: the version does not exist.
        SourceError: there is no such file.
        StorageError: the ledger is unavailable.
    """
    run_at = datetime.now(UTC)
    if compared.current == LEDGER:
        since, until = compared.since or datetime.min.replace(tzinfo=UTC), compared.until or run_at
        window = Window(LEDGER, LEDGER, since, until, run_at)
        with opened_ledger(settings) as ledger:
            head = str(ledger.head())

        def read_decisions(baseline: Baseline) -> tuple[Sample | None, TrackRecord | None]:
            with opened_ledger(settings) as ledger:
                sample = decisions_of(ledger, baseline, since, until)
                return sample, track_record(ledger, registered, since, until)

        return Current(window, (head, since, until), read_decisions)
    path = Path(compared.current)
    if compared.current.startswith(VERSION_PREFIX) or compared.current.isdecimal() and not path.exists():
        version = find_version(Storage.of(settings), compared.current.removeprefix(VERSION_PREFIX))
        window = Window("version", f"feature version {version.number}", None, None, run_at, version.content_hash)
        return Current(
            window,
            (version.content_hash,),
            lambda _: (applications_of_version(settings, version, registered, known=False), None),
            version,
        )
    if not path.is_file():
        raise SourceError(f"{path} is no file.", f"Give {LEDGER}, {VERSION_PREFIX}NUMBER, or a CSV or Parquet file.")
    content = fingerprint_of_file(path)
    window = Window("file", path.name, None, None, run_at, content)
    return Current(window, (content,), lambda baseline: (applications_of_file(settings, path, baseline), None))
