"""The champion without gender and age: same rows, same parameters, and no look at what is left out."""

from dataclasses import replace

import numpy as np
import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.train.ablation import (
    LEFT_OUT_COLUMNS,
    MOST_ROWS,
    compare_without,
    features_computed_from,
    pair_facts,
    pair_frame,
)
from credit_scoring.train.candidates import Entrant, entrants
from credit_scoring.train.cross_validation import TrainingData
from credit_scoring.train.evaluation import Evaluation, evaluate
from credit_scoring.train.families.family import Budget, TrainingRows

NAMES = ("app_code_gender", "app_days_birth", "app_age_at_payoff", "app_ext_source_2", "app_amt_credit")
ROWS = 400


@pytest.fixture(scope="module")
def data() -> TrainingData:
    random = np.random.default_rng(0)
    features = random.normal(size=(ROWS, len(NAMES))).astype(np.float32)
    default = (features[:, 1] + features[:, 3] + random.normal(size=ROWS) > 1.2).astype(np.int8)
    return TrainingData(np.arange(ROWS), default, np.arange(ROWS) % 2, features, NAMES)


def champion_of(data: TrainingData, fitted_rows: int) -> Evaluation:
    entrant = next(each for each in entrants(Budget.QUICK, ("lightgbm",)) if each.name == "lightgbm")
    return evaluated(entrant, data.features[:, 1] * 1.0, data, fitted_rows)


def evaluated(entrant: Entrant, margins: np.ndarray, data: TrainingData, fitted_rows: int) -> Evaluation:
    measures = {"training_seconds": 1.0, "peak_bytes": 1.0, "fitted_rows": float(fitted_rows)}
    return evaluate(entrant, margins, data, Settings(), measures)


def test_every_feature_into_which_a_column_enters_is_found() -> None:
    assert features_computed_from(LEFT_OUT_COLUMNS, NAMES) == NAMES[:3]
    found = features_computed_from(LEFT_OUT_COLUMNS, feature_names())
    assert {"cross_warning_count", "app_ext_source_above_age", "app_age_per_ext_source"} < set(found)
    assert "app_amt_credit" not in found


def test_the_model_without_them_does_not_look_at_them(data: TrainingData) -> None:
    def compete(entrant: Entrant) -> Evaluation:
        model = entrant.fit(TrainingRows(data.features, data.default, data.names))
        changed = data.features.copy()
        changed[:, :3] = np.nan
        np.testing.assert_array_equal(model.margin(data.features), model.margin(changed))
        whole = model.contributions(data.features)
        assert whole.shape == (ROWS, len(NAMES) + 1)
        assert not whole[:, :3].any()
        assert whole.sum(axis=1) == pytest.approx(model.margin(data.features), abs=1e-6)
        assert entrant.name == "lightgbm_without_gender_and_age"
        return evaluated(entrant, model.margin(data.features), data, ROWS)

    champion = champion_of(data, fitted_rows=ROWS)
    pair = compare_without(champion, data, compete)
    assert pair is not None
    assert pair.whole is champion
    assert pair.without.entrant.parameters == champion.entrant.parameters
    frame = pair_frame(pair, data)
    assert frame["refused_with"].to_list() == champion.refused().tolist()
    assert pair_facts(pair) == {"columns": LEFT_OUT_COLUMNS, "features": 3, "fitted_rows": ROWS}


def test_on_large_tables_both_models_get_the_same_share_of_the_rows(data: TrainingData) -> None:
    asked: list[Entrant] = []

    def compete(entrant: Entrant) -> Evaluation:
        asked.append(entrant)
        return evaluated(entrant, data.features[:, 3] * 1.0, data, MOST_ROWS)

    champion = champion_of(data, fitted_rows=MOST_ROWS + 1)
    champion = replace(champion, entrant=replace(champion.entrant, most_rows=10_000_000))
    pair = compare_without(champion, data, compete)
    assert pair is not None
    whole, without = asked
    assert (whole.name, without.name) == (
        "lightgbm_on_60000_rows",
        "lightgbm_on_60000_rows_without_gender_and_age",
    )
    assert whole.most_rows == without.most_rows == MOST_ROWS
    assert (whole.leaves_out, without.leaves_out) == ((), NAMES[:3])


def test_without_such_features_there_is_nothing_to_compare(data: TrainingData) -> None:
    others = data._replace(features=data.features[:, 3:], names=NAMES[3:])
    assert compare_without(champion_of(data, ROWS), others, lambda _: pytest.fail("nothing to train")) is None
