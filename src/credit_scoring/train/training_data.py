"""Read and check the data that every candidate is trained on."""

import numpy as np
import polars as pl

from credit_scoring.core.errors import TrainingError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store.offline import FeatureVersion, feature_matrix, read_version
from credit_scoring.train.cross_validation import TrainingData
from credit_scoring.train.folds import fold_map


def read_training_data(settings: Settings, version: FeatureVersion) -> TrainingData:
    """All clients of a version whose outcome is known.

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
