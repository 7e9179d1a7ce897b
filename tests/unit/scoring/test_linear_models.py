"""Linear models: a row alone has the same bits as in a batch."""

import numpy as np

from credit_scoring.scoring.design_matrix import Preparation
from credit_scoring.scoring.models.logistic_regression import LogisticRegressionModel

FEATURES, INDICATED, CATEGORIES = 90, 12, 9


def wide_model() -> LogisticRegressionModel:
    """A regression on so many columns that the order in which they are added shows in the last bits."""
    random = np.random.default_rng(3)
    numbers = np.arange(FEATURES - CATEGORIES)
    columns = len(numbers) + INDICATED + CATEGORIES

    def of_numbers() -> np.ndarray:
        return random.uniform(0.5, 2.0, len(numbers)).astype(np.float32)

    preparation = Preparation(
        numbers=numbers,
        centre=of_numbers(),
        scale=of_numbers(),
        mean=of_numbers(),
        spread=of_numbers(),
        indicated=np.arange(INDICATED),
        categories=np.arange(FEATURES - CATEGORIES, FEATURES),
        codes=np.ones(CATEGORIES, np.float32),
    )
    return LogisticRegressionModel(
        preparation=preparation,
        weights=random.normal(size=columns),
        intercept=-2.0,
        averages=random.uniform(size=columns),
        feature_count=FEATURES,
    )


def test_a_row_alone_gives_the_bits_of_the_batch() -> None:
    random = np.random.default_rng(4)
    features = random.normal(scale=50, size=(400, FEATURES)).astype(np.float32)
    features[random.random(features.shape) < 0.2] = np.nan
    features[:, -CATEGORIES:] = random.integers(0, 3, (400, CATEGORIES))
    model = wide_model()
    margins, contributions = model.margin(features), model.contributions(features)
    for row in range(len(features)):
        alone = features[row : row + 1]
        assert model.margin(alone).tobytes() == margins[row].tobytes()
        assert model.contributions(alone).tobytes() == contributions[row].tobytes()
