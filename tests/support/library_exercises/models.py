"""Models, their comparison, explanation and monitoring."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.library_exercises.registry import DEFAULT, FEATURES, exercise


@exercise("catboost")
def _(folder: Path) -> None:
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(
        iterations=5, depth=2, verbose=False, thread_count=1, train_dir=str(folder), random_seed=0
    )
    model.fit(FEATURES, DEFAULT)
    assert model.predict_proba(FEATURES)[DEFAULT == 1, 1].mean() > 0.5


@exercise("evidently")
def _(_: Path) -> None:
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset

    frame = pd.DataFrame(FEATURES, columns=["a", "b", "c"])
    measured = Report([DataDriftPreset()]).run(frame + 5, frame).dict()
    assert measured["metrics"][0]["value"]["share"] == 1.0


@exercise("imbalanced-learn")
def _(_: Path) -> None:
    from imblearn.over_sampling import SMOTE

    _, balanced = SMOTE(random_state=0).fit_resample(FEATURES, DEFAULT)
    assert np.bincount(balanced).tolist() == [np.count_nonzero(DEFAULT == 0)] * 2


@exercise("lightgbm")
def _(_: Path) -> None:
    import lightgbm as lgb

    parameters = {"objective": "binary", "min_data_in_leaf": 5, "verbosity": -1, "num_threads": 1}
    booster = lgb.train(parameters, lgb.Dataset(FEATURES, DEFAULT), 5)
    contributions = booster.predict(FEATURES, pred_contrib=True)
    assert contributions.sum(axis=1) == pytest.approx(booster.predict(FEATURES, raw_score=True))


@exercise("mlflow")
def _(_: Path) -> None:
    import mlflow.pyfunc
    from mlflow.cli import cli

    # The database is exercised by the registry's own tests; here the part that the skinny build lacks.
    class Double(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
        def predict(self, context: object, model_input: list[float]) -> list[float]:
            return [2 * value for value in model_input]

    assert Double().predict(None, [1.0]) == [2.0]
    assert "server" in cli.commands


@exercise("mlflow-skinny")
def _(_: Path) -> None:
    from mlflow import MlflowClient
    from mlflow.entities import Metric

    assert Metric("auc", 0.7, 0, 0).value == 0.7
    assert callable(MlflowClient.get_model_version_by_alias)


@exercise("optuna")
def _(_: Path) -> None:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=0))
    study.optimize(lambda trial: trial.suggest_float("x", -1, 1) ** 2, n_trials=2)
    assert len(study.trials) == 2
    assert study.best_value == min(trial.values[0] for trial in study.trials)


@exercise("scikit-learn")
def _(_: Path) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    model = LogisticRegression().fit(FEATURES, DEFAULT)
    assert roc_auc_score(DEFAULT, model.predict_proba(FEATURES)[:, 1]) > 0.9


@exercise("shap")
def _(_: Path) -> None:
    import lightgbm as lgb
    import shap

    parameters = {"objective": "regression", "min_data_in_leaf": 5, "verbosity": -1, "num_threads": 1}
    booster = lgb.train(parameters, lgb.Dataset(FEATURES, DEFAULT), 5)
    explained = shap.TreeExplainer(booster)(FEATURES)
    assert explained.values.sum(axis=1) + explained.base_values == pytest.approx(booster.predict(FEATURES))


@exercise("skops")
def _(folder: Path) -> None:
    import skops.io
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression().fit(FEATURES, DEFAULT)
    skops.io.dump(model, folder / "model.skops")
    loaded = skops.io.load(folder / "model.skops")
    assert loaded.predict_proba(FEATURES).tobytes() == model.predict_proba(FEATURES).tobytes()


@exercise("xgboost-cpu")
def _(_: Path) -> None:
    import xgboost as xgb

    data = xgb.DMatrix(FEATURES, DEFAULT)
    booster = xgb.train({"objective": "binary:logistic", "max_depth": 2, "nthread": 1}, data, 5)
    contributions = booster.predict(data, pred_contribs=True)
    margin = booster.predict(data, output_margin=True)
    assert contributions.sum(axis=1) == pytest.approx(margin, abs=1e-5)
