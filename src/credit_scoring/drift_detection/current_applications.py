"""Reads current applications: decisions of the ledger, a published feature version, or a file of raw applications."""

from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.application_request import RawColumns, client_of, unseen_categories
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_ingestion.application_file import open_applications, validated
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.outcomes import newest_outcomes
from credit_scoring.decisions.window import entries_between, facts_before
from credit_scoring.drift_detection.comparison import Baseline, Sample, TrackRecord
from credit_scoring.feature_engineering.history import HISTORY_FEATURES, HISTORY_NAMES
from credit_scoring.feature_store.offline import FeatureVersion, feature_matrix, files_of_version, read_part
from credit_scoring.feature_store.serving import open_feature_service
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.scorer import Decision

_ROWS_OF_A_BLOCK = 4_096
_ERASED, _OTHER_MODEL = "erased", "decided by another model"


class _Vectors:
    """Feature vectors that arrive one by one; they never take much more memory than one copy of all."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._blocks: list[np.ndarray] = []
        self._newest: list[np.ndarray] = []

    def append(self, vector: np.ndarray) -> None:
        """Add a vector (width,)."""
        self._newest.append(vector)
        if len(self._newest) == _ROWS_OF_A_BLOCK:
            self._close_block()

    def columns(self) -> np.ndarray:
        """Every vector as float32 (n, width), one column after the other in memory; they can be taken only once."""
        if self._newest:
            self._close_block()
        matrix = np.empty((sum(map(len, self._blocks)), self._width), np.float32, order="F")
        end = len(matrix)
        while self._blocks:
            block = self._blocks.pop()
            matrix[end - len(block) : end] = block
            end -= len(block)
        return matrix

    def _close_block(self) -> None:
        self._blocks.append(np.stack(self._newest))
        self._newest = []


def decisions_of(ledger: Ledger, baseline: Baseline, since: datetime, until: datetime) -> Sample:
    """The decisions of the model in a window, perhaps none, with their outcomes so far.

    Decisions of other models are left out: their probabilities and refusals say nothing about this one.

    Raises:
        StorageError: the ledger is unavailable.
    """
    registered = baseline.registered
    vectors = _Vectors(len(baseline.feature_names))
    facts: list[tuple[float, bool, float, bool, int]] = []
    unseen, left_out = Counter[str](), Counter[str]()
    outcomes = newest_outcomes(ledger, before=until)
    for entry in progress(entries_between(ledger, since, until), "Reading decisions"):
        if entry is None:
            left_out[_ERASED] += 1
            continue
        record = entry.record
        if (record.model_name, record.model_version) != (registered.name, registered.version):
            left_out[_OTHER_MODEL] += 1
            continue
        outcome = outcomes.get(record.decision_id)
        default = np.nan if outcome is None else float(outcome.outcome.defaulted)
        refused = record.decision is Decision.REFUSED
        vectors.append(entry.features)
        client = -1 - len(facts) if record.client_id is None else record.client_id
        facts.append((record.probability, refused, default, record.history_found, client))
        unseen.update(unseen_categories(record.application))
    columns = zip(*facts, strict=True) if facts else ((), (), (), (), ())
    types = (float, bool, float, bool, np.int64)
    probability, refused_all, default_all, has_history, clients = (
        np.array(column, dtype=kind) for column, kind in zip(columns, types, strict=True)
    )
    return Sample(
        name="ledger",
        source=baseline.registered.scorer.description.source,
        features=vectors.columns(),
        probability=probability,
        refused=refused_all,
        default=default_all,
        has_history=has_history,
        client=clients,
        unseen=dict(unseen),
        left_out=dict(left_out),
    )


def track_record(ledger: Ledger, registered: RegisteredScorer, since: datetime, until: datetime) -> TrackRecord:
    """All decisions of a model before the end of a window, with the outcomes recorded by then.

    Erased decisions count too, without outcome: what is read of a decision is not personal.
    """
    outcomes = newest_outcomes(ledger, before=until)
    rows: list[tuple[float, bool, float, str, bool]] = []
    for decision_id, facts in facts_before(ledger, until):
        if (facts["model_name"], facts["model_version"]) != (registered.name, registered.version):
            continue
        outcome = outcomes.get(decision_id)
        default = np.nan if outcome is None else float(outcome.outcome.defaulted)
        is_new = outcome is not None and outcome.first_recorded_at >= since
        refused = facts["decision"] == Decision.REFUSED.value
        rows.append((facts["probability"], refused, default, facts["decided_at"][:7], is_new))
    columns = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    types = (float, bool, float, str, bool)
    return TrackRecord(*(np.array(column, dtype=kind) for column, kind in zip(columns, types, strict=True)))


def applications_of_version(
    settings: Settings, version: FeatureVersion, registered: RegisteredScorer, known: bool
) -> Sample | None:
    """Applications of a published version, scored by a model, one file in memory at a time.

    Args:
        known: choose those with known outcome, which are the training clients, or the new ones. If the version has
            only one kind, all are chosen.

    Raises:
        MissingArtefactError: the version lacks features of the model.
    """
    names = registered.scorer.description.feature_names
    files = files_of_version(Storage.of(settings).offline_features(), version.number)
    counts = [
        (int((target := read_part(path, ["TARGET"])["TARGET"]).is_not_null().sum()), len(target)) for path in files
    ]
    labelled, total = (sum(column) for column in zip(*counts, strict=True))
    takes_all = labelled in (0, total)
    rows = total if takes_all else labelled if known else total - labelled
    if not rows:
        return None
    features = np.empty((rows, len(names)), np.float32, order="F")
    probability, default, has_history = np.empty(rows), np.empty(rows), np.empty(rows, dtype=bool)
    client = np.empty(rows, dtype=np.int64)
    start = 0
    for path in progress(files, "Reading applications"):
        frame = read_part(path)
        if not takes_all:
            frame = frame.filter(pl.col("TARGET").is_not_null() == known)
        if not frame.height:
            continue
        part = slice(start, start := start + frame.height)
        matrix = feature_matrix(frame, names)
        features[part], probability[part] = matrix, registered.scorer.probability(matrix)
        default[part] = frame["TARGET"].cast(pl.Float64).fill_null(np.nan).to_numpy()
        has_history[part] = _has_history(frame.select(HISTORY_NAMES).to_numpy())
        client[part] = frame[CLIENT].to_numpy()
    refused = np.asarray(probability >= registered.scorer.description.threshold)
    name = f"feature version {version.number}"
    return Sample(name, version.source, features, probability, refused, default, has_history, client)


def applications_of_file(settings: Settings, path: Path, baseline: Baseline) -> Sample | None:
    """Raw applications of a CSV or Parquet file, with the features that the service would compute.

    Raises:
        SourceError: the file or a row cannot be read; names line and column.
        StorageError: the store serves other features than the model was trained on.
    """
    file = open_applications(path)
    vectors = _Vectors(len(baseline.feature_names))
    has_history: list[bool] = []
    clients: list[int] = []
    unseen = Counter[str]()
    with closing(open_feature_service(settings)) as service:
        baseline.registered.require_features(service.feature_names)
        for first, rows in progress(file.chunks(), f"Reading {path.name}", file.chunk_count):
            applications: list[RawColumns] = [validated(file, number, row) for number, row in enumerate(rows, first)]
            if not applications:
                continue
            numbers = [client_of(one) for one in applications]
            clients += [-1 - index if one is None else one for index, one in enumerate(numbers, len(clients))]
            for application, features in zip(
                applications, service.features_of_many(applications, numbers), strict=True
            ):
                vectors.append(features.values)
                has_history.append(features.history_found)
                unseen.update(unseen_categories(application))
    if not has_history:
        return None
    matrix, scorer = vectors.columns(), baseline.registered.scorer
    probability = scorer.probability(matrix)
    return Sample(
        name=path.name,
        source=scorer.description.source,
        features=matrix,
        probability=probability,
        refused=np.asarray(probability >= scorer.description.threshold),
        default=np.full(len(matrix), np.nan),
        has_history=np.array(has_history),
        client=np.array(clients),
        unseen=dict(unseen),
    )


def _has_history(rows: np.ndarray) -> np.ndarray:
    """Whether each row (n, history features) differs from that of a client without history."""
    empty = np.array([feature.without_history for feature in HISTORY_FEATURES], dtype=np.float32)
    return np.asarray(np.any((rows != empty) & ~(np.isnan(rows) & np.isnan(empty)), axis=1))
