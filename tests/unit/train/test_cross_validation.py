"""Out-of-fold margins come from models that were not fitted on the client."""

from dataclasses import replace
from mmap import mmap

import numpy as np
import pytest

from credit_scoring.scoring.model_family import Budget, Model, Parameters, TrainingRows
from credit_scoring.train.candidates import candidates_of
from credit_scoring.train.cross_validation import CrossValidation, cross_validate
from credit_scoring.train.peak_memory import resident_bytes, watching_memory
from credit_scoring.train.training_data import TrainingData, stratified_subsample
from tests.support.training_rows import small_training_data

SCORECARD = candidates_of(Budget.QUICK, ("scorecard",))[0]


def of_scorecard(data: TrainingData) -> CrossValidation:
    return cross_validate(data, SCORECARD)


def test_a_client_is_scored_by_a_model_that_was_not_fitted_on_it() -> None:
    data = small_training_data()
    before = of_scorecard(data).margins
    turned = data._replace(default=np.where(data.folds == 0, 1 - data.default, data.default))
    after = of_scorecard(turned).margins
    assert after[data.folds == 0].tobytes() == before[data.folds == 0].tobytes()
    assert (after[data.folds != 0] != before[data.folds != 0]).mean() > 0.9


def test_the_kept_models_are_those_of_the_folds_in_order() -> None:
    data = small_training_data()
    result = of_scorecard(data)
    for fold, model in enumerate(result.models):
        own = data.folds == fold
        assert model.margin(data.features[own]).tobytes() == result.margins[own].tobytes()


def test_seconds_memory_and_rows_are_recorded() -> None:
    result = of_scorecard(small_training_data(300))
    assert result.seconds > 0
    assert result.peak_bytes > 10_000_000
    assert result.fitted_rows == 200


def test_a_large_fold_is_subsampled_but_every_client_is_scored() -> None:
    seen: list[TrainingRows] = []

    def fit(rows: TrainingRows, parameters: Parameters) -> Model:
        seen.append(rows)
        return SCORECARD.family.fit(rows, parameters)

    candidate = replace(SCORECARD, family=replace(SCORECARD.family, fit=fit), maximum_rows=100)
    result = cross_validate(small_training_data(600), candidate)
    assert [len(rows.default) for rows in seen] == [100, 100, 100]
    assert result.fitted_rows == 100
    assert np.isfinite(result.margins).all()


def test_a_subsample_keeps_the_share_of_defaults() -> None:
    default = (np.arange(10_000) % 12 == 0).astype(np.int8)
    indices = np.arange(10_000)
    chosen = stratified_subsample(indices, default, 1200)
    assert len(np.unique(chosen)) == 1200
    assert default[chosen].mean() == pytest.approx(default.mean(), abs=1e-3)
    assert stratified_subsample(indices, default, 1200).tolist() == chosen.tolist()
    assert stratified_subsample(indices, default, 10_000) is indices


def test_a_short_peak_of_memory_is_recorded() -> None:
    with watching_memory() as peak:
        # Mapped: allocated memory may be what earlier tests have freed.
        with mmap(-1, 60_000_000) as block:
            block.write(b"1" * len(block))
            peak.measure()
    # Compared with the memory afterwards: what earlier tests have left may be freed at any moment.
    assert peak.bytes > resident_bytes() + 50_000_000
