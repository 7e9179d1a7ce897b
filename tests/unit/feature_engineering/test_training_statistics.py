"""What stands in for a missing external score comes from the training applications alone."""

import numpy as np
import polars as pl
import pytest

from credit_scoring.feature_engineering.application.derived_columns import (
    CAUTIOUS_SCORES,
    DERIVED,
    USUAL_SCORES,
    DerivedColumns,
)
from credit_scoring.feature_engineering.application.encoding import encode_requests
from credit_scoring.feature_engineering.application.training_statistics import TrainingStatistics, fit_statistics
from tests.support.handmade_applications import low_and_high_scores
from tests.support.handmade_tables import make_table, random_table


def test_statistics_can_be_stored_and_read() -> None:
    fitted = low_and_high_scores()
    assert TrainingStatistics.model_validate_json(fitted.model_dump_json()) == fitted


def test_without_any_score_nothing_stands_in() -> None:
    empty = fit_statistics(make_table("application_train", []))
    assert empty.external_scores.medians == empty.external_scores.lower_quartiles == (None, None, None)
    derived = DerivedColumns(empty).compute(encode_requests([{}]))
    assert np.isnan(derived[list(DERIVED).index(USUAL_SCORES[0])]).all()


def test_each_score_has_a_median_and_a_lower_quartile_of_its_own() -> None:
    rows = [{"EXT_SOURCE_2": score} for score in (0.1, 0.2, 0.3, 0.4, 0.5, None)]
    fitted = fit_statistics(make_table("application_train", rows))
    scores = fitted.external_scores
    assert scores.lower_quartiles[1] == pytest.approx(0.2) and scores.medians[1] == pytest.approx(0.3)
    assert scores.medians[0] is None
    derived = DerivedColumns(fitted).compute(encode_requests([{}, {"EXT_SOURCE_2": 0.9}]))
    assert derived[list(DERIVED).index(USUAL_SCORES[1])] == pytest.approx([0.3, 0.9])
    assert derived[list(DERIVED).index(CAUTIOUS_SCORES[1])] == pytest.approx([0.2, 0.9])


def test_the_target_and_the_order_of_applications_do_not_matter() -> None:
    train = random_table("application_train", range(1, 300), 500, seed=1)
    other = train.with_columns(pl.lit(1, pl.Int8).alias("TARGET")).reverse()
    assert fit_statistics(train) == fit_statistics(other)
