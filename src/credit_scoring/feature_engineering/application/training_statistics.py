"""Statistics of the training applications that features compare an application with: medians by group, quartiles.

Nothing here sees the target. The statistics are fitted once per feature version and stored with it; batch and service
read the same file.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.feature_engineering.application.arithmetic import Values, known_mean, ratio
from credit_scoring.feature_engineering.application.encoding import ENCODED_COLUMNS, encode_column
from credit_scoring.feature_engineering.definition import DAYS_PER_YEAR

if TYPE_CHECKING:
    import polars as pl

SMALLEST_GROUP = 30
"""Smaller groups get the median of all training applications: their own would describe a few clients."""

OLDEST_BAND = 13
"""Ages are grouped by five years; this band holds clients of 65 and more."""

_COLUMNS = {column.name: column for column in ENCODED_COLUMNS}
GROUP_COLUMNS = {
    "occupation": "OCCUPATION_TYPE",
    "organization": "ORGANIZATION_TYPE",
    "education": "NAME_EDUCATION_TYPE",
    "age": "DAYS_BIRTH",
}
"""The column of an application that determines its group."""
EXTERNAL_SCORES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")

_AMOUNTS = ("AMT_INCOME_TOTAL", "AMT_CREDIT", "AMT_ANNUITY")
STATISTICS_COLUMNS = (*GROUP_COLUMNS.values(), *EXTERNAL_SCORES, *_AMOUNTS)
"""Raw columns that `fit_statistics` reads."""


def age_band(days_birth: Values) -> Values:
    """Age in groups of five years, 4 for 20 to 24 and so on up to `OLDEST_BAND`."""
    return np.minimum(np.floor(days_birth / (-DAYS_PER_YEAR * 5)), OLDEST_BAND)


class GroupMedians(BaseModel):
    """Medians of a number by group.

    Attributes:
        medians: one per group code, from 0 on; the last one is for unknown groups.
            None where no training application has a value.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    medians: tuple[float | None, ...]


class ExternalScores(BaseModel):
    """Quartiles of the three external scores; None where no training application has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lower_quartiles: tuple[float | None, float | None, float | None]
    medians: tuple[float | None, float | None, float | None]


def _median_of(value: str, group: str) -> Any:
    """A field that holds the medians of a value by a group of `GROUP_COLUMNS`."""
    return Field(json_schema_extra={"value": value, "group": group})


class TrainingStatistics(BaseModel):
    """Statistics of the training applications.

    Attributes:
        income_by_occupation and so on: medians by occupation, branch of the employer, degree or age band; "score" is
            the average of the known external scores, "term" the loan in instalments.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    external_scores: ExternalScores

    income_by_occupation: GroupMedians = _median_of("income", "occupation")
    income_by_organization: GroupMedians = _median_of("income", "organization")
    income_by_education: GroupMedians = _median_of("income", "education")
    income_by_age: GroupMedians = _median_of("income", "age")
    credit_by_occupation: GroupMedians = _median_of("credit", "occupation")
    annuity_by_occupation: GroupMedians = _median_of("annuity", "occupation")
    term_by_age: GroupMedians = _median_of("term", "age")
    score_by_occupation: GroupMedians = _median_of("score", "occupation")
    score_by_organization: GroupMedians = _median_of("score", "organization")
    score_by_education: GroupMedians = _median_of("score", "education")
    score_by_age: GroupMedians = _median_of("score", "age")


MEDIANS: dict[str, tuple[str, str]] = {
    name: (str(field.json_schema_extra["value"]), str(field.json_schema_extra["group"]))
    for name, field in TrainingStatistics.model_fields.items()
    if isinstance(field.json_schema_extra, dict)
}
"""Value and group of each field that holds medians."""


def fit_statistics(train: "pl.DataFrame") -> TrainingStatistics:
    """Statistics of training applications.

    Args:
        train: training applications as ingested, at least `STATISTICS_COLUMNS`.
    """
    encoded = {
        name: encode_column(
            _COLUMNS[name], train[name].to_list() if _COLUMNS[name].is_category else train[name].to_numpy()
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
    groups = {name: (encoded[column], len(_COLUMNS[column].categories)) for name, column in GROUP_COLUMNS.items()}
    groups["age"] = (age_band(encoded[GROUP_COLUMNS["age"]]), OLDEST_BAND + 1)
    medians = {name: _medians(values[value], *groups[group]) for name, (value, group) in MEDIANS.items()}
    external_scores = ExternalScores(
        lower_quartiles=tuple(_quantile(score, 0.25) for score in scores),
        medians=tuple(_quantile(score, 0.5) for score in scores),
    )
    return TrainingStatistics.model_validate({"external_scores": external_scores} | medians)


def _quantile(values: Values, share: float) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.quantile(known, share)) if known.size else None


def _medians(values: Values, groups: Values, group_count: int) -> GroupMedians:
    known = ~np.isnan(values)
    values, groups = values[known], groups[known]
    overall = float(np.median(values)) if values.size else None
    members = [values[groups == code] for code in range(group_count)] + [values[np.isnan(groups)]]
    return GroupMedians(medians=tuple(float(np.median(m)) if m.size >= SMALLEST_GROUP else overall for m in members))
