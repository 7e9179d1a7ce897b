"""Statistics of the training applications that stand in for what an application lacks.

Nothing here sees the target. The statistics are fitted once per feature version and stored with it; batch and service
read the same file.
"""

from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel

from credit_scoring.feature_engineering.application.arithmetic import Values

if TYPE_CHECKING:
    import polars as pl

EXTERNAL_SCORES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")


class ExternalScores(BaseModel, frozen=True, extra="forbid"):
    """Quartiles of the three external scores; None where no training application has one."""

    lower_quartiles: tuple[float | None, float | None, float | None]
    medians: tuple[float | None, float | None, float | None]


class TrainingStatistics(BaseModel, frozen=True, extra="ignore"):
    """Statistics of the training applications; feature versions of older programs hold more, which nothing reads."""

    external_scores: ExternalScores


def fit_statistics(train: "pl.DataFrame") -> TrainingStatistics:
    """Statistics of training applications.

    Args:
        train: training applications as ingested, at least `EXTERNAL_SCORES`.
    """
    scores = [train[name].to_numpy().astype(np.float64) for name in EXTERNAL_SCORES]
    lower_quartiles, medians = (tuple(_quantile(score, share) for score in scores) for share in (0.25, 0.5))
    return TrainingStatistics(external_scores=ExternalScores(lower_quartiles=lower_quartiles, medians=medians))


def _quantile(values: Values, share: float) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.quantile(known, share)) if known.size else None
