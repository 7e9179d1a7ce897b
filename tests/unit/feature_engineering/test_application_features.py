from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
import pytest

from credit_scoring.feature_engineering.application import (
    APPLICATION_FEATURES,
    Population,
    compute_application_features,
    encode_application,
    fit_population,
)
from credit_scoring.feature_engineering.application.population import SMALLEST_GROUP, GroupMedians
from credit_scoring.feature_engineering.history import HISTORY_FEATURES, history_of_nobody
from tests.handmade_tables import make_table

Features = Callable[..., dict[str, float]]


@pytest.fixture
def population() -> Population:
    rows: list[dict[str, object]] = [
        {"AMT_INCOME_TOTAL": 1000.0, "OCCUPATION_TYPE": "Managers"} for _ in range(SMALLEST_GROUP)
    ]
    rows += [{"AMT_INCOME_TOTAL": 100.0} for _ in range(SMALLEST_GROUP + 1)]
    return fit_population(make_table("application_train", rows))


@pytest.fixture
def features_of(population: Population) -> Features:
    def compute(history: Mapping[str, float] | None = None, **columns: object) -> dict[str, float]:
        past = history_of_nobody()
        for name, value in (history or {}).items():
            past[[feature.name for feature in HISTORY_FEATURES].index(name)] = value
        values = compute_application_features(encode_application(columns), past[np.newaxis], population)
        return dict(zip((feature.name for feature in APPLICATION_FEATURES), values[0].tolist(), strict=True))

    return compute


def test_outside_scores_are_combined_over_those_that_are_known(features_of: Features) -> None:
    features = features_of(EXT_SOURCE_1=0.2, EXT_SOURCE_3=0.6)
    assert features["app_ext_source_known_count"] == 2
    assert features["app_ext_source_mean"] == pytest.approx(0.4)
    assert features["app_ext_source_min"] == pytest.approx(0.2)
    assert features["app_ext_source_max"] == pytest.approx(0.6)
    assert features["app_ext_source_weighted"] == pytest.approx((2 * 0.2 + 3 * 0.6) / 5)
    assert np.isnan(features["app_ext_source_product"])


def test_without_any_outside_score_their_average_is_missing(features_of: Features) -> None:
    features = features_of()
    assert features["app_ext_source_known_count"] == 0
    assert np.isnan(features["app_ext_source_mean"])


def test_what_is_asked_for_against_what_is_earned(features_of: Features) -> None:
    features = features_of(
        AMT_CREDIT=1200.0,
        AMT_ANNUITY=100.0,
        AMT_GOODS_PRICE=1000.0,
        AMT_INCOME_TOTAL=2400.0,
        CNT_FAM_MEMBERS=3,
    )
    assert features["app_credit_to_annuity"] == 12
    assert features["app_credit_to_goods_price"] == pytest.approx(1.2)
    assert features["app_goods_price_minus_credit"] == -200
    assert features["app_annuity_to_income"] == pytest.approx(100 / 2400)
    assert features["app_income_per_person"] == 800


def test_a_zero_denominator_gives_a_missing_value(features_of: Features) -> None:
    features = features_of(AMT_CREDIT=1200.0, AMT_ANNUITY=0.0, AMT_INCOME_TOTAL=0.0)
    assert np.isnan(features["app_credit_to_annuity"])
    assert np.isnan(features["app_credit_to_income"])


def test_income_is_compared_with_the_median_of_the_occupation(features_of: Features) -> None:
    assert features_of(AMT_INCOME_TOTAL=500.0, OCCUPATION_TYPE="Managers")[
        "app_income_to_occupation_median"
    ] == pytest.approx(0.5)


def test_an_occupation_with_few_applications_is_compared_with_everybody(features_of: Features) -> None:
    assert features_of(AMT_INCOME_TOTAL=500.0, OCCUPATION_TYPE="IT staff")[
        "app_income_to_occupation_median"
    ] == pytest.approx(5)


def test_the_application_is_compared_with_the_history(features_of: Features) -> None:
    features = features_of(
        AMT_ANNUITY=100.0,
        AMT_CREDIT=900.0,
        AMT_INCOME_TOTAL=1000.0,
        history={
            "bureau_debt_sum_active": 500.0,
            "previous_annuity_mean_approved": 50.0,
            "previous_credit_max_approved": 300.0,
        },
    )
    assert features["cross_bureau_debt_to_income"] == pytest.approx(0.5)
    assert features["cross_annuity_to_previous_mean"] == 2
    assert features["cross_credit_to_previous_max"] == 3


def test_population_statistics_survive_being_stored(population: Population) -> None:
    assert Population.model_validate_json(population.model_dump_json()) == population


def test_a_population_without_any_income_has_no_median() -> None:
    empty = fit_population(make_table("application_train", [{"AMT_INCOME_TOTAL": None}]))
    assert np.isnan(empty.income_by_occupation.of(np.array([0.0, np.nan]))).all()
    assert GroupMedians.model_validate_json(empty.income_by_occupation.model_dump_json()).medians[0] is None


def test_population_does_not_read_the_target() -> None:
    rows = [{"AMT_INCOME_TOTAL": float(i), "TARGET": i % 2} for i in range(1, 100)]
    train = make_table("application_train", rows)
    assert fit_population(train) == fit_population(train.with_columns(pl.lit(1, pl.Int8).alias("TARGET")))
