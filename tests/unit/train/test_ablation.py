"""The champion without gender and age: same rows, same parameters, and the removed features are ignored."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.scoring.artefact_names import ABLATION_FACTS_FILE, ABLATION_FILE
from credit_scoring.scoring.model_family import Budget
from credit_scoring.train.ablation import ABLATED_COLUMNS, MAXIMUM_ROWS, ablate, features_computed_from, write_ablation
from credit_scoring.train.candidates import Candidate, candidates_of
from credit_scoring.train.cross_validation import cross_validate
from credit_scoring.train.evaluation import Evaluation, evaluate
from credit_scoring.train.training_data import TrainingData

NAMES = ("app_code_gender", "app_days_birth", "app_cnt_children", "app_ext_source_2", "app_amt_credit")
ROWS = 400


@pytest.fixture(scope="module")
def data() -> TrainingData:
    random = np.random.default_rng(0)
    features = random.normal(size=(ROWS, len(NAMES))).astype(np.float32)
    default = (features[:, 1] + features[:, 3] + random.normal(size=ROWS) > 1.2).astype(np.int8)
    return TrainingData(np.arange(ROWS), default, np.arange(ROWS) % 2, features, NAMES)


def champion_of(data: TrainingData, fitted_rows: int) -> Evaluation:
    candidate = next(each for each in candidates_of(Budget.QUICK, ("lightgbm",)) if each.name == "lightgbm")
    return evaluated(candidate, data.features[:, 1] * 1.0, data, fitted_rows)


def evaluated(candidate: Candidate, margins: np.ndarray, data: TrainingData, fitted_rows: int) -> Evaluation:
    measures = {"training_seconds": 1.0, "peak_bytes": 1.0, "fitted_rows": float(fitted_rows)}
    return evaluate(candidate, margins, data, Settings(), measures)


def test_every_feature_into_which_a_column_enters_is_found() -> None:
    assert features_computed_from(ABLATED_COLUMNS, NAMES) == NAMES[:2]
    found = features_computed_from(ABLATED_COLUMNS, feature_names())
    assert found == ("app_code_gender", "app_days_birth")


def test_the_ablated_model_ignores_the_removed_features(data: TrainingData, tmp_path: Path) -> None:
    def evaluate_candidate(candidate: Candidate) -> Evaluation:
        changed = data.features.copy()
        changed[:, :2] = np.nan
        margins = cross_validate(data, candidate).margins
        np.testing.assert_array_equal(margins, cross_validate(data._replace(features=changed), candidate).margins)
        others = data._replace(features=np.ascontiguousarray(data.features[:, 2:]), names=NAMES[2:])
        np.testing.assert_array_equal(margins, cross_validate(others, champion.candidate).margins)
        assert candidate.name == "lightgbm_without_gender_and_age"
        return evaluated(candidate, margins, data, ROWS)

    champion = champion_of(data, fitted_rows=ROWS)
    ablation = ablate(champion, data, evaluate_candidate)
    assert ablation is not None
    assert ablation.complete is champion
    assert ablation.ablated.candidate.parameters == champion.candidate.parameters
    assert write_ablation(ablation, data, tmp_path) == {ABLATION_FILE: ROWS, ABLATION_FACTS_FILE: None}
    frame = pl.read_parquet(tmp_path / ABLATION_FILE)
    assert frame["refused_with"].to_list() == champion.refused().tolist()
    facts = json.loads((tmp_path / ABLATION_FACTS_FILE).read_text())
    assert facts == {"columns": list(ABLATED_COLUMNS), "features": 2, "fitted_rows": ROWS}


def test_on_large_tables_both_models_get_the_same_share_of_the_rows(data: TrainingData) -> None:
    trained: list[Candidate] = []

    def evaluate_candidate(candidate: Candidate) -> Evaluation:
        trained.append(candidate)
        return evaluated(candidate, data.features[:, 3] * 1.0, data, MAXIMUM_ROWS)

    champion = champion_of(data, fitted_rows=MAXIMUM_ROWS + 1)
    champion = replace(champion, candidate=replace(champion.candidate, maximum_rows=10_000_000))
    ablation = ablate(champion, data, evaluate_candidate)
    assert ablation is not None
    complete, ablated = trained
    assert (complete.name, ablated.name) == ("lightgbm_on_60000_rows", "lightgbm_on_60000_rows_without_gender_and_age")
    assert complete.maximum_rows == ablated.maximum_rows == MAXIMUM_ROWS
    assert (complete.ablated_features, ablated.ablated_features) == ((), NAMES[:2])


def test_without_such_features_there_is_nothing_to_compare(data: TrainingData) -> None:
    others = data._replace(features=data.features[:, 3:], names=NAMES[3:])
    assert ablate(champion_of(data, ROWS), others, lambda _: pytest.fail("nothing to train")) is None
