from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from credit_scoring.feature_engineering.application.derived_columns import DERIVED, DerivedColumns
from credit_scoring.feature_engineering.application.encoding import ENCODED_COLUMNS, encode_requests
from credit_scoring.feature_engineering.application.training_statistics import (
    TrainingStatistics,
    age_band,
    fit_statistics,
)
from tests.support.handmade_applications import two_occupations
from tests.support.handmade_tables import make_table, random_table


def test_statistics_can_be_stored_and_read() -> None:
    fitted = two_occupations()
    assert TrainingStatistics.model_validate_json(fitted.model_dump_json()) == fitted


def test_without_any_value_there_is_no_median() -> None:
    empty = fit_statistics(make_table("application_train", []))
    assert np.isnan(derived(empty, {"OCCUPATION_TYPE": "Managers"})["income_by_occupation"])
    assert TrainingStatistics.model_validate_json(empty.model_dump_json()).income_by_age.medians[0] is None


def derived(fitted: TrainingStatistics, application: Mapping[str, object]) -> dict[str, float]:
    """The derived columns of an application by name."""
    values = DerivedColumns(fitted).compute(encode_requests([application]))
    return dict(zip(DERIVED, values[:, 0].tolist(), strict=True))


def test_each_statistic_is_that_of_the_applicants_own_group() -> None:
    fitted = two_occupations()
    statistics = {name: value for name, value in fitted.model_dump().items() if name != "external_scores"}
    # Every median another number, so that none can stand for another.
    for number, medians in enumerate(statistics.values()):
        medians["medians"] = tuple(100.0 * number + code for code in range(len(medians["medians"])))
    numbered = TrainingStatistics.model_validate(fitted.model_dump() | statistics)
    application = {"OCCUPATION_TYPE": "Managers", "DAYS_BIRTH": round(-50.5 * 365.25)}
    found = derived(numbered, application)
    codes = encode_requests([application])[:, 0]
    for name, medians in statistics.items():
        (column,) = DERIVED[name]
        code = codes[[one.name for one in ENCODED_COLUMNS].index(column)]
        if column == "DAYS_BIRTH":
            code = 10.0
        index = -1 if np.isnan(code) else int(code)
        assert found[name] == medians["medians"][index], name


def test_external_scores_have_a_median_and_a_lower_quartile() -> None:
    rows = [{"EXT_SOURCE_2": score} for score in (0.1, 0.2, 0.3, 0.4, 0.5, None)]
    scores = fit_statistics(make_table("application_train", rows)).external_scores
    assert scores.lower_quartiles[1] == pytest.approx(0.2)
    assert scores.medians[1] == pytest.approx(0.3)
    assert scores.medians[0] is None


@pytest.mark.parametrize(("age", "band"), [(20, 4), (24.9, 4), (25.1, 5), (64.9, 12), (66, 13), (88, 13)])
def test_ages_fall_into_bands_of_five_years(age: float, band: int) -> None:
    assert age_band(np.array([-age * 365.25])).tolist() == [band]


def test_the_target_and_the_order_of_applications_do_not_matter() -> None:
    train = random_table("application_train", range(1, 300), 500, seed=1)
    other = train.with_columns(pl.lit(1, pl.Int8).alias("TARGET")).reverse()
    assert fit_statistics(train) == fit_statistics(other)
