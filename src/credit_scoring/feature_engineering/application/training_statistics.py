"""Statistics of the training applications that stand in for what an application lacks.

Nothing here sees the target. The statistics are fitted once per feature version and stored with it; batch and service
read the same file.
"""

from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from credit_scoring.feature_engineering.application.arithmetic import Values

if TYPE_CHECKING:
    import polars as pl

EXTERNAL_SCORES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")


class TrainingStatistics(BaseModel):
    """Quartiles of the three external scores; None where no training application has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lower_quartiles: tuple[float | None, float | None, float | None]
    medians: tuple[float | None, float | None, float | None]


def fit_statistics(train: "pl.DataFrame") -> TrainingStatistics:
    """Statistics of training applications.

    Args:
        train: training applications as ingested, at least `EXTERNAL_SCORES`.
    """
    scores = [train[name].to_numpy().astype(np.float64) for name in EXTERNAL_SCORES]
    return TrainingStatistics(
        lower_quartiles=tuple(_quantile(score, 0.25) for score in scores),
        medians=tuple(_quantile(score, 0.5) for score in scores),
    )


def _quantile(values: Values, share: float) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.quantile(known, share)) if known.size else None
