"""The clients that every candidate is trained on, and the one fold map that every model uses."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from credit_scoring.core.buckets import HASH_MULTIPLIER, HASH_RANGE
from credit_scoring.core.errors import TrainingError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_engineering.catalogue import FEATURES, feature_names
from credit_scoring.feature_engineering.definition import CATEGORY_INDEX
from credit_scoring.feature_store.offline import FeatureVersion, feature_matrix, read_version
from credit_scoring.scoring.model_family import MULTITHREADED_ROWS, TRAINING_SEED, TrainingRows

_CATEGORIES = frozenset(feature.name for feature in FEATURES if feature.unit == CATEGORY_INDEX)
_PROTECTED = frozenset(feature.name for feature in FEATURES if feature.concept.is_protected)
_DIRECTIONS = {feature.name: feature.monotone for feature in FEATURES}


class TrainingData(NamedTuple):
    """All clients whose outcome is known.

    Attributes:
        client_ids, default, folds: (n,) number, 1 for a default, and fold of each client.
        features: float32 (n, features).
    """

    client_ids: np.ndarray
    default: np.ndarray
    folds: np.ndarray
    features: np.ndarray
    names: tuple[str, ...]

    def rows(self, chosen: np.ndarray) -> TrainingRows:
        """The clients at some indices (k,), as a model is fitted on them."""
        threads = 1 if len(self.default) < MULTITHREADED_ROWS else 0
        return TrainingRows(
            self.features[chosen],
            self.default[chosen],
            self.names,
            directions=tuple(directions(self.names)),
            categories=_CATEGORIES,
            threads=threads,
        )

    def subsample(self, maximum_rows: int) -> "TrainingData":
        """At most this many clients, drawn class by class; each keeps its fold."""
        chosen = stratified_subsample(np.arange(len(self.default)), self.default, maximum_rows)
        if len(chosen) == len(self.default):
            return self
        return TrainingData(
            self.client_ids[chosen], self.default[chosen], self.folds[chosen], self.features[chosen], self.names
        )


def read_training_data(settings: Settings, version: FeatureVersion) -> TrainingData:
    """All clients of a version whose outcome is known.

    Without protected attributes, their features are missing for every client: no model can learn from them, and the
    vector stays that of the feature version.

    Raises:
        TrainingError: the version has no outcome, too few clients of one class, or no feature that varies.
        MissingArtefactError: the version lacks features that this program knows.
    """
    frame = read_version(Storage.of(settings).offline_features(), version.number)
    known = frame.filter(pl.col("TARGET").is_not_null())
    if not known.height:
        raise TrainingError(
            f"None of the {frame.height:,} applications of feature version {version.number} has a TARGET.",
            "Ingest application_train.csv too, and publish its features.",
        )
    del frame
    client_ids, default = known["SK_ID_CURR"].to_numpy(), known["TARGET"].to_numpy()
    folds = fold_map(client_ids, default, settings.training.fold_count)
    names = feature_names()
    features = feature_matrix(known, names)
    if settings.training.without_protected:
        features[:, [index for index, name in enumerate(names) if name in _PROTECTED]] = np.nan
    _require_variation(features, version)
    return TrainingData(client_ids, default, folds, features, names)


def _require_variation(features: np.ndarray, version: FeatureVersion) -> None:
    for column in features.T:
        known = column[~np.isnan(column)]
        if len(known) and known.min() < known.max():
            return
    raise TrainingError(
        f"No feature of version {version.number} has two different values among the applications with a TARGET.",
        "Look at the data quality report: the features were computed from empty tables.",
    )


def directions(features: Sequence[str]) -> list[int]:
    """1, -1 or 0 (free) for each feature, under `CREDIT_TRAINING_MONOTONE_CONSTRAINTS`; 0 outside the catalogue.

    A constraint holds if all other features are equal: a better external score never costs a client the loan.
    Constrained are features on whose direction every credit officer agrees; measures of change, of dispersion and of
    elapsed time are free, and so is whatever mixes a protected attribute. Each feature declares its direction.
    """
    return [_DIRECTIONS.get(name, 0) for name in features]


def fold_map(client_ids: np.ndarray, default: np.ndarray, fold_count: int) -> np.ndarray:
    """Fold (n,) of each client, from 0 to ``fold_count - 1``: stratified by class, assigned by a hash of the number.

    Within each class the clients are assigned in turn, in the order of a hash of their number, so row order and
    library versions cannot change the map.

    Raises:
        TrainingError: a class has fewer clients than folds.
    """
    folds = np.empty(len(client_ids), dtype=np.int8)
    # The first multiplication alone chooses the buckets; the second makes folds independent of them.
    hashed = client_ids.astype(np.uint64) * HASH_MULTIPLIER % HASH_RANGE
    order_key = (hashed ^ (hashed >> np.uint64(15))) * HASH_MULTIPLIER % HASH_RANGE
    for target in (0, 1):
        members = np.flatnonzero(default == target)
        if len(members) < fold_count:
            raise TrainingError(
                f"Only {len(members)} clients have TARGET {target}, too few for {fold_count} folds.",
                "Give more applications, or lower CREDIT_TRAINING_FOLD_COUNT.",
            )
        ordered = members[np.lexsort((client_ids[members], order_key[members]))]
        folds[ordered] = np.arange(len(ordered)) % fold_count
    return folds


def stratified_subsample(indices: np.ndarray, default: np.ndarray, maximum_rows: int) -> np.ndarray:
    """At most this many of the indices (k,), always the same ones, with their share of defaults unchanged."""
    if len(indices) <= maximum_rows:
        return indices
    random = np.random.default_rng(TRAINING_SEED)
    drawn = []
    for target in (0, 1):
        members = indices[default[indices] == target]
        count = max(1, round(maximum_rows * len(members) / len(indices)))
        drawn.append(random.choice(members, count, replace=False))
    return np.sort(np.concatenate(drawn))
