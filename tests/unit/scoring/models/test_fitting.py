"""Properties of the fit of every family."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import optuna
import pytest
from sklearn.metrics import roc_auc_score

from credit_scoring.scoring.model_family import MULTITHREADED_ROWS, Budget, Parameters, TrainingRows
from credit_scoring.scoring.models import all_families, load_model
from credit_scoring.scoring.models.logistic_regression import LogisticRegressionModel
from credit_scoring.train.imbalance import Imbalance, rebalance, treatment_parameters
from credit_scoring.train.tuning_trials import search_space
from tests.support.training_rows import NAMES, small_portfolio

SMALL: Parameters = {
    "rounds": 30,
    "iterations": 30,
    "n_estimators": 20,
    "min_samples_leaf": 5,
    "C": 0.1,
    "alpha": 0.1,
    "learning_rate_init": 0.01,
}
TUNED = [name for name, family in all_families().items() if family.suggest]


def small_parameters(family: str) -> Parameters:
    """The quick parameters, reduced to little work."""
    quick = all_families()[family].parameters[Budget.QUICK]
    return {name: SMALL.get(name, value) for name, value in quick.items()}


@pytest.fixture(params=list(all_families()))
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_there_are_the_seven_families_of_the_specification() -> None:
    assert len(all_families()) == 7


def test_a_fitted_model_ranks_clients_it_did_not_see(family: str) -> None:
    model = all_families()[family].fit(small_portfolio(600), small_parameters(family))
    others = small_portfolio(600, seed=5)
    assert roc_auc_score(others.default, model.margin(others.features)) > 0.65


def test_the_same_rows_give_the_same_files(family: str, tmp_path: Path) -> None:
    if not all_families()[family].is_explainable:
        pytest.skip("skops writes the time and memory addresses into its files")
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        all_families()[family].fit(small_portfolio(), small_parameters(family)).save(tmp_path / name)
    for file in (tmp_path / "first").iterdir():
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes()


def test_what_is_read_back_answers_like_what_was_fitted(family: str, tmp_path: Path) -> None:
    portfolio = small_portfolio()
    model = all_families()[family].fit(portfolio, small_parameters(family))
    model.save(tmp_path)
    loaded = load_model(family, tmp_path)
    assert loaded.margin(portfolio.features).tobytes() == model.margin(portfolio.features).tobytes()


def test_an_explainable_family_explains(family: str) -> None:
    portfolio = small_portfolio()
    declared = all_families()[family]
    if not declared.is_explainable:
        pytest.skip("this family has no exact contributions")
    model = declared.fit(portfolio, small_parameters(family))
    contributions = model.contributions(portfolio.features)
    assert contributions.sum(axis=1) == pytest.approx(model.margin(portfolio.features), abs=1e-5)
    # The feature that is always the same and the one that is never known say nothing.
    assert np.abs(contributions[:, 4:6]).max() < 1e-9


def test_weights_count_like_repeated_rows(family: str) -> None:
    if family in {"multilayer_perceptron", "random_forest"}:
        pytest.skip("draws rows by chance, and other ones if rows are repeated")
    portfolio = small_portfolio()
    turned = portfolio._replace(default=1 - portfolio.default)
    both = TrainingRows(
        np.vstack([portfolio.features, turned.features]),
        np.concatenate([portfolio.default, turned.default]),
        NAMES,
        weight=np.repeat([1.0, 1e-6], len(portfolio.default)),
    )
    declared = all_families()[family]
    alone = declared.fit(portfolio, small_parameters(family)).margin(portfolio.features)
    weighted = declared.fit(both, small_parameters(family)).margin(portfolio.features)
    assert np.corrcoef(alone, weighted)[0, 1] > 0.85


def test_class_weights_raise_the_probabilities(family: str) -> None:
    portfolio = small_portfolio()
    declared = all_families()[family]
    natural = declared.fit(portfolio, small_parameters(family)).margin(portfolio.features)
    balanced = rebalance(portfolio, Imbalance.CLASS_WEIGHT)
    weighted = declared.fit(balanced, small_parameters(family)).margin(portfolio.features)
    assert weighted.mean() > natural.mean() + 0.3


@pytest.mark.parametrize("weighted", [name for name, one in all_families().items() if one.has_scale_pos_weight])
def test_scale_pos_weight_raises_the_probabilities_as_weights_of_the_defaults_do(weighted: str) -> None:
    portfolio, declared = small_portfolio(), all_families()[weighted]
    parameters = small_parameters(weighted)
    further = treatment_parameters(portfolio, Imbalance.SCALE_POS_WEIGHT)
    natural = declared.fit(portfolio, parameters).margin(portfolio.features)
    scaled = declared.fit(portfolio, {**parameters, **further}).margin(portfolio.features)
    by_row = portfolio._replace(weight=np.where(portfolio.default == 1, further["scale_pos_weight"], 1.0))
    assert scaled.mean() > natural.mean() + 0.3
    # Not equal: LightGBM begins at another base rate.
    assert np.corrcoef(scaled, declared.fit(by_row, parameters).margin(portfolio.features))[0, 1] > 0.9


@pytest.mark.parametrize("name", [name for name, one in all_families().items() if one.is_served])
def test_every_family_that_can_win_has_a_space_of_at_least_four_dimensions(name: str) -> None:
    assert len(search_space(all_families()[name])) >= 4


@pytest.mark.parametrize(
    ("parameters", "columns"),
    [({"columns": 3}, 3), ({"smallest_gap_share": 0.3}, 8), ({"indicator_scale": 2.0}, 12)],
)
def test_a_linear_model_of_some_columns_explains_itself_exactly(parameters: Parameters, columns: int) -> None:
    portfolio = small_portfolio()
    model = all_families()["logistic_regression"].fit(portfolio, {"C": 0.1, "max_iter": 200, **parameters})
    assert isinstance(model, LogisticRegressionModel)
    assert len(model.weights) == len(model.preparation.sources) == columns
    assert model.contributions(portfolio.features).sum(axis=1) == pytest.approx(model.margin(portfolio.features))
    # The strongest columns are those of the features that raise the risk.
    assert set(np.argsort(-model.importance())[:2]) <= {0, 1, 6}


@pytest.mark.parametrize("tuned", TUNED)
def test_every_suggestion_of_the_search_space_can_be_fitted(tuned: str) -> None:
    declared = all_families()[tuned]
    assert declared.suggest is not None
    search = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    portfolio = small_portfolio(150)
    for _ in range(3):
        suggested = declared.suggest(search.ask())
        few = {name: min(value, 20) if name in {"rounds", "iterations"} else value for name, value in suggested.items()}
        assert np.isfinite(declared.fit(portfolio, few).margin(portfolio.features)).all()


def test_the_shared_design_of_trials_changes_no_linear_model() -> None:
    declared = all_families()["logistic_regression"]
    portfolio = small_portfolio()
    fit = declared.fit_subsets_of(portfolio)
    for subset in (np.arange(100), np.arange(50, len(portfolio.default)), np.arange(100)):
        part = portfolio.take(subset)
        alone = declared.fit(part, small_parameters("logistic_regression"))
        shared = fit(subset, small_parameters("logistic_regression"))
        assert shared.margin(portfolio.features).tobytes() == alone.margin(portfolio.features).tobytes()


def test_every_budget_has_parameters_of_the_same_names(family: str) -> None:
    declared = all_families()[family]
    assert declared.parameters[Budget.QUICK].keys() == declared.parameters[Budget.FULL].keys()
    assert declared.maximum_rows[Budget.QUICK] <= declared.maximum_rows[Budget.FULL]


@pytest.mark.slow
def test_lightgbm_predicts_in_one_thread_while_another_thread_fits() -> None:
    program = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "import numpy as np\n"
        "from credit_scoring.scoring.model_family import TrainingRows\n"
        "from credit_scoring.scoring.models import lightgbm\n"
        "random = np.random.default_rng(0)\n"
        "features = random.normal(size=(4000, 300)).astype(np.float32)\n"
        "features[random.random(features.shape) < 0.9] = 0\n"
        "rows = TrainingRows(features, random.integers(0, 2, 4000), tuple(f'f{index}' for index in range(300)))\n"
        "def fit_and_predict(fold):\n"
        "    for _ in range(10):\n"
        "        model = lightgbm.fit(rows, {'rounds': 1})\n"
        "        for _ in range(5):\n"
        "            model.margin(features[:100])\n"
        "with ThreadPoolExecutor(2) as pool:\n"
        "    list(pool.map(fit_and_predict, range(8)))\n"
    )
    # A process of its own: where the number of threads changes during a fit, the library ends the process.
    variables = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    ended = subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()[-1000:]


def test_lightgbm_predicts_in_one_thread_while_folds_are_fitted_in_parallel(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library has one number of threads; raised during a fit in another thread, it ends the process."""
    rows = small_portfolio()
    model = all_families()["lightgbm"].fit(rows, small_parameters("lightgbm"))
    used = []
    predict = lgb.Booster.predict

    def watched(booster: lgb.Booster, features: np.ndarray, **options: Any) -> Any:
        used.append(options["num_threads"])
        return predict(booster, features, **options)

    monkeypatch.setattr(lgb.Booster, "predict", watched)
    model.margin(rows.features)
    assert len(rows.features) < MULTITHREADED_ROWS
    assert used == [1]
