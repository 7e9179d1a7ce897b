"""A small portfolio on which every family learns something within milliseconds."""

import numpy as np

from credit_scoring.scoring.model_family import TrainingRows
from credit_scoring.train.training_data import TrainingData
from tests.support.scorers import small_features

NAMES = ("age", "income", "debt", "wealth", "constant", "nothing", "app_name_income_type")


def small_portfolio(rows: int = 300, seed: int = 0) -> TrainingRows:
    """The first two features and category 2 raise the risk; one value in ten is missing; one in five defaults."""
    random = np.random.default_rng(seed)
    features = small_features(len(NAMES), rows, seed)
    features[:, 4] = 7.0
    features[:, 5] = np.nan
    features[:, 6] = random.integers(0, 4, rows)
    risk = np.nan_to_num(features[:, 0]) + 0.7 * np.nan_to_num(features[:, 1]) + (features[:, 6] == 2)
    default = (risk + random.normal(size=rows) > np.quantile(risk, 0.8) + 0.5).astype(np.int8)
    return TrainingRows(features, default, NAMES, categories=frozenset(NAMES[-1:]))


def small_training_data(rows: int = 300, folds: int = 3) -> TrainingData:
    """The portfolio, its clients assigned to folds in turn."""
    portfolio = small_portfolio(rows)
    return TrainingData(
        client_ids=np.arange(1, rows + 1),
        default=portfolio.default,
        folds=(np.arange(rows) % folds).astype(np.int8),
        features=portfolio.features,
        names=NAMES,
    )
