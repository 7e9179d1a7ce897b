"""What is usual among comparable people: medians over groups of training applications.

Nothing here sees the target. The statistics are fitted once per feature version, stored beside it, and read from
there in batch and online.
"""

from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from credit_scoring.feature_engineering.application.arithmetic import Values, known_mean, ratio
from credit_scoring.feature_engineering.application.encoding import ENCODED_COLUMNS, encode_column

if TYPE_CHECKING:
    import polars as pl

SMALLEST_GROUP = 30
"""A median over fewer applications says more about them than about their group; the overall median stands in."""

OLDEST_BAND = 13
"""Ages are grouped by five years; this band holds everybody from 65 on."""

_COLUMNS = {column.name: column for column in ENCODED_COLUMNS}
GROUP_COLUMNS = {
    "occupation": "OCCUPATION_TYPE",
    "organization": "ORGANIZATION_TYPE",
    "education": "NAME_EDUCATION_TYPE",
    "age": "DAYS_BIRTH",
}
"""The column of an application that says to which group it belongs."""
EXTERNAL_SCORES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")

STATISTICS_COLUMNS = (
    *GROUP_COLUMNS.values(),
    *EXTERNAL_SCORES,
    "AMT_INCOME_TOTAL",
    "AMT_CREDIT",
    "AMT_ANNUITY",
)
"""Raw columns that `fit_statistics` reads."""


def age_band(days_birth: Values) -> Values:
    """Age in groups of five years, 4 for 20 to 24 and so on up to `OLDEST_BAND`."""
    return np.minimum(np.floor(days_birth / (-365.25 * 5)), OLDEST_BAND)


class GroupMedians(BaseModel):
    """Medians of a number by group.

    Attributes:
        medians: one per group code, from 0 on; the last one is for unknown groups.
            None where not a single training application has a value.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    medians: tuple[float | None, ...]


class ExternalScores(BaseModel):
    """What is usual for the three outside scores; None where not a single training application has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lower_quartiles: tuple[float | None, float | None, float | None]
    medians: tuple[float | None, float | None, float | None]


class TrainingStatistics(BaseModel):
    """Statistics of the training applications.

    Attributes:
        <number>_by_<group>: medians by occupation, branch of the employer, degree or age band; "score" is the
            average of the known outside scores, "term" the loan in instalments.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    external_scores: ExternalScores

    income_by_occupation: GroupMedians
    income_by_organization: GroupMedians
    income_by_education: GroupMedians
    income_by_age: GroupMedians
    credit_by_occupation: GroupMedians
    annuity_by_occupation: GroupMedians
    term_by_age: GroupMedians
    score_by_occupation: GroupMedians
    score_by_organization: GroupMedians
    score_by_education: GroupMedians
    score_by_age: GroupMedians


def fit_statistics(train: "pl.DataFrame") -> TrainingStatistics:
    """Statistics of training applications.

    Args:
        train: training applications as ingested, at least `STATISTICS_COLUMNS`.
    """
    encoded = {
        name: encode_column(
            _COLUMNS[name],
            train[name].to_list() if _COLUMNS[name].is_category else train[name].to_numpy(),
        )
        for name in STATISTICS_COLUMNS
    }
    scores = np.array([encoded[name] for name in EXTERNAL_SCORES])
    with np.errstate(all="ignore"):
        values = {
            "income": encoded["AMT_INCOME_TOTAL"],
            "credit": encoded["AMT_CREDIT"],
            "annuity": encoded["AMT_ANNUITY"],
            "term": ratio(encoded["AMT_CREDIT"], encoded["AMT_ANNUITY"]),
            "score": known_mean(scores),
        }
    groups = {
        name: (encoded[column], len(_COLUMNS[column].categories)) for name, column in GROUP_COLUMNS.items()
    }
    groups["age"] = (age_band(encoded[GROUP_COLUMNS["age"]]), OLDEST_BAND + 1)
    medians = {
        field: _medians(values[value], *groups[group])
        for field in TrainingStatistics.model_fields
        for value, separator, group in [field.partition("_by_")]
        if separator
    }
    usual = ExternalScores(
        lower_quartiles=tuple(_quantile(score, 0.25) for score in scores),
        medians=tuple(_quantile(score, 0.5) for score in scores),
    )
    return TrainingStatistics.model_validate({"external_scores": usual} | medians)


def _quantile(values: Values, share: float) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.quantile(known, share)) if known.size else None


def _medians(values: Values, groups: Values, group_count: int) -> GroupMedians:
    known = ~np.isnan(values)
    values, groups = values[known], groups[known]
    overall = float(np.median(values)) if values.size else None
    members = [values[groups == code] for code in range(group_count)] + [values[np.isnan(groups)]]
    return GroupMedians(
        medians=tuple(float(np.median(m)) if m.size >= SMALLEST_GROUP else overall for m in members)
    )
