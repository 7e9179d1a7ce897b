"""All features of one client bucket, from its rows of the eight tables."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.data_contracts.application import APPLICATION_TEST, APPLICATION_TRAIN
from credit_scoring.data_contracts.contract import CLIENT, TARGET
from credit_scoring.feature_engineering.application import APPLICATION_FEATURES, ApplicationEvaluator
from credit_scoring.feature_engineering.application.encoding import encode_applications
from credit_scoring.feature_engineering.application.training_statistics import TrainingStatistics
from credit_scoring.feature_engineering.definition import STORED_TYPE
from credit_scoring.feature_engineering.history import HISTORY_NAMES, compute_history_features


def compute_features(tables: Mapping[str, pl.DataFrame], statistics: TrainingStatistics) -> pl.DataFrame:
    """Features of every application of a bucket.

    Args:
        tables: the bucket's rows of all eight tables, by table name, as ingested.
        statistics: statistics of all training applications.

    Returns:
        SK_ID_CURR, TARGET (Int8, null for test applications) and all features as Float32 in catalogue order,
        sorted by client; null where missing.
    """
    applications = pl.concat([tables[APPLICATION_TRAIN.name], tables[APPLICATION_TEST.name]], how="diagonal").sort(
        CLIENT
    )
    history = compute_history_features(tables, applications[CLIENT])
    computed = application_evaluator(statistics).compute(encode_applications(applications), history_matrix(history))
    names = [feature.name for feature in APPLICATION_FEATURES]
    own = pl.from_numpy(computed, schema=names, orient="row").with_columns(pl.all().fill_nan(None))
    identity = applications.select(CLIENT, pl.col(TARGET).cast(pl.Int8))
    return pl.concat([identity, history.drop(CLIENT), own], how="horizontal")


def application_evaluator(statistics: TrainingStatistics) -> ApplicationEvaluator:
    """The evaluator of application features beside all history features in catalogue order."""
    return ApplicationEvaluator(HISTORY_NAMES, statistics)


def history_matrix(history: pl.DataFrame) -> NDArray[np.float32]:
    """History features of a frame as an array: shape (clients, number of history features), NaN where missing."""
    return history.select(HISTORY_NAMES).to_numpy().astype(STORED_TYPE, copy=False)
