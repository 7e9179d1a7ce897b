"""Scores a file: every row passes the service's request model and feature service."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from credit_scoring.batch_scoring.writing import writing_table
from credit_scoring.core.errors import SourceError, StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.manifest import DataSource
from credit_scoring.core.progress import progress
from credit_scoring.core.quoting import SHOWN_CHARACTERS
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.accepted_values import TOLERATED_UNKNOWN_SHARE, too_many_unknown
from credit_scoring.data_contracts.application_request import (
    RawColumns,
    client_of,
    unseen_categories,
)
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_ingestion.application_file import ApplicationFile, open_applications, validated
from credit_scoring.feature_store.serving import FeatureService, ServedFeatures, open_feature_service
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer
from credit_scoring.scoring.scorer import Decision

_COLUMNS = pl.Schema(
    {
        CLIENT: pl.Int64,
        "probability": pl.Float64,
        "decision": pl.String,
        "history_found": pl.Boolean,
        "model_version": pl.Int32,
        "feature_version": pl.Int32,
    }
)


class ScoredFile(NamedTuple):
    """Summary of a scored file.

    Attributes:
        unknown: number of rows with a category that the contract does not know, by column; they count as missing.
    """

    path: Path
    rows: int
    accepted: int
    model_version: int
    source: DataSource
    unknown: Mapping[str, int]


def score_file(settings: Settings, source: Path, target: Path) -> ScoredFile:
    """Score every application of a file; memory does not grow with the file.

    Raises:
        SourceError: a row cannot be read, or the service would reject it, or a column has too many unknown categories;
            names file, line and column.
        MissingArtefactError, ModelNotFoundError: nothing was published or registered yet.
        StorageError: the output cannot be written, or another feature version was published meanwhile; nothing is
            written then.
    """
    if source.resolve() == target.resolve():
        raise SourceError(f"{target} is the input file.", "Choose another name for the output.")
    applications = open_applications(source)
    registered = ModelRegistry(settings).load(settings.registry.model_alias)
    with closing(open_feature_service(settings)) as features:
        return _score(applications, target, registered, features)


def _score(
    applications: ApplicationFile, target: Path, registered: RegisteredScorer, features: FeatureService
) -> ScoredFile:
    registered.require_features(features.feature_names)
    fingerprint = features.version.fingerprint
    rows = accepted = 0
    unknown: Counter[str] = Counter()
    examples: dict[str, object] = {}
    with writing_table(target, _COLUMNS) as write:
        chunks = progress(applications.chunks(), f"Scoring {applications.path.name}", applications.chunk_count)
        for first, raw_rows in chunks:
            values = [validated(applications, number, row) for number, row in enumerate(raw_rows, first)]
            if not values:
                continue
            for row in values:
                for name in unseen_categories(row):
                    unknown[name] += 1
                    examples.setdefault(name, row[name])
            served = features.features_of_many(values, [client_of(row) for row in values])
            if served[0].version.fingerprint != fingerprint:
                raise StorageError(
                    "Another feature version was published while the file was scored; nothing was written.",
                    "Run the command again.",
                )
            scored = _scored(values, served, registered)
            write(scored)
            rows += scored.height
            accepted += int((scored["decision"] == Decision.ACCEPTED.value).sum())
        _check_categories(applications.path, rows, unknown, examples)
    return ScoredFile(target, rows, accepted, registered.version, registered.scorer.description.source, unknown)


def _check_categories(path: Path, rows: int, unknown: Mapping[str, int], examples: Mapping[str, object]) -> None:
    """Warn of unknown categories; raise SourceError if a column has too many."""
    for name, count in unknown.items():
        example = repr(examples[name])[:SHOWN_CHARACTERS]
        if too_many_unknown(count, rows):
            raise SourceError(
                f"{path.name}, column {name}: {count:,} of {rows:,} rows ({count / rows:.1%}) have a category that the "
                f"contract does not know, such as {example}; {TOLERATED_UNKNOWN_SHARE:.0%} are tolerated.",
                "Write the categories as docs/DATA.md lists them, without blanks around them.",
            )
        get_logger("batch_scoring").warning(
            "unknown category", file=path.name, column=name, rows=count, share=round(count / rows, 4), example=example
        )


def _scored(
    values: Sequence[RawColumns], served: Sequence[ServedFeatures], registered: RegisteredScorer
) -> pl.DataFrame:
    probability = registered.scorer.probability(np.stack([one.values for one in served]))
    return pl.DataFrame(
        {
            CLIENT: [client_of(row) for row in values],
            "probability": probability,
            "decision": [registered.scorer.decision_for(float(value)).value for value in probability],
            "history_found": [one.history_found for one in served],
            "model_version": [registered.version] * len(values),
            "feature_version": [one.version.number for one in served],
        },
        schema=_COLUMNS,
    )
