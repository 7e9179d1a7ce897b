"""MLflow shows every experiment: each model of a training, each audit and each comparison of applications is a run."""

import json
from pathlib import Path

import mlflow.pyfunc
import pandas as pd
import polars as pl
import pytest
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.models import Model

from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.drift_detection import step as drift
from credit_scoring.explain import step as explain
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.step import published_version
from credit_scoring.governance import step as governance
from credit_scoring.model_registry.experiments import DRIFT, EVALUATION, TRAINING
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import COMPARISON_FILE, OUT_OF_FOLD_FILE
from credit_scoring.train import step
from tests.support.feature_versions import compute_made_up_features, made_up_features

FAMILIES = ("lightgbm", "logistic_regression", "scorecard")
COMMIT = "1234abcd"


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation with a training of three families."""
    settings = published(tmp_path_factory.mktemp("compared"))
    step.run(settings)
    return settings


def published(folder: Path) -> Settings:
    """An installation with a feature version."""
    settings = Settings(data_directory=folder / "data", bucket_count=2, code_commit=COMMIT).with_values(
        training={"fold_count": 3, "families": FAMILIES}, tuning={"trials": 0}
    )
    compute_made_up_features(settings, made_up_features(150, new_clients=20))
    feature_store.run(settings)
    return settings


def client_of(settings: Settings) -> MlflowClient:
    return MlflowClient(ModelRegistry(settings).tracking_uri)


def runs(settings: Settings, experiment: str, order_by: list[str] | None = None) -> list[Run]:
    client = client_of(settings)
    found = client.get_experiment_by_name(experiment)
    assert found is not None
    return list(client.search_runs([found.experiment_id], order_by=order_by))


def models(settings: Settings) -> dict[str, Run]:
    return {run.info.run_name: run for run in runs(settings, TRAINING) if run.data.tags["role"] != "training"}


def files_of(settings: Settings, run: Run, folder: str | None = None) -> set[str]:
    return {file.path for file in client_of(settings).list_artifacts(run.info.run_id, folder)}


def comparison(settings: Settings) -> pl.DataFrame:
    return pl.read_csv(Storage.of(settings).current("train") / COMPARISON_FILE)


def test_the_runs_ranked_by_cost_are_the_models_of_the_comparison(compared: Settings) -> None:
    ranked = runs(compared, TRAINING, order_by=["metrics.cost_per_client ASC", "metrics.auc DESC"])
    candidates = [run for run in ranked if run.data.tags["role"] in {"champion", "candidate"}]
    table = comparison(compared)
    # Not by name: of so few clients, several models may have the same cost and the same AUC.
    for metric in ("cost_per_client", "auc"):
        assert [run.data.metrics[metric] for run in candidates] == pytest.approx(table[metric].to_list(), abs=1e-5)
    assert candidates[0].info.run_name == table["model"][0]
    by_name = {run.info.run_name: run for run in candidates}
    assert set(by_name) == set(table["model"])
    for row in table.to_dicts():
        run = by_name[row["model"]]
        for metric in ("auc", "cost_per_client", "training_seconds", "peak_megabytes", "fitted_rows", "recall"):
            assert run.data.metrics[metric] == pytest.approx(row[metric], abs=1e-5), metric
        assert run.data.tags["decision"] == row["decision"]
        assert run.data.params["imbalance"] == row["imbalance"]


def test_every_model_is_a_run_below_that_of_its_training(compared: Settings) -> None:
    (training,) = [run for run in runs(compared, TRAINING) if run.data.tags["role"] == "training"]
    found = models(compared)
    assert set(comparison(compared)["model"]) < set(found)
    assert {run.data.tags["mlflow.parentRunId"] for run in found.values()} == {training.info.run_id}
    assert [run.info.run_name for run in found.values() if run.data.tags["role"] == "ablation"]
    assert {run.info.status for run in [training, *found.values()]} == {"FINISHED"}
    assert {"models_comparison.csv", "training_report.html", "plots"} <= files_of(compared, training)
    assert training.data.params["fold_count"] == "3"
    assert training.data.metrics["models"] == len(found)
    assert "cost_per_client" not in training.data.metrics, "a training is not ranked among its models"


def test_a_run_has_the_parameters_of_its_model_and_the_assumptions_of_its_figures(compared: Settings) -> None:
    parameters = models(compared)["lightgbm"].data.params
    assert parameters["rounds"] == "225"
    assert parameters["family"] == "lightgbm"
    assert parameters["imbalance"] == "none"
    assert (parameters["fold_count"], parameters["budget"], parameters["seed"]) == ("3", "quick", "0")
    assert parameters["missed_default_cost"] == "10.0"
    assert (parameters["interest_margin"], parameters["loss_given_default"]) == ("0.06", "0.6")


def test_a_run_has_the_metrics_of_each_fold_as_steps(compared: Settings) -> None:
    run = models(compared)["scorecard"]
    for metric in ("fold_auc", "fold_cost_per_client", "fold_log_loss", "fold_clients"):
        history = client_of(compared).get_metric_history(run.info.run_id, metric)
        assert [each.step for each in history] == [0, 1, 2]
    costs = client_of(compared).get_metric_history(run.info.run_id, "fold_cost_per_client")
    clients = client_of(compared).get_metric_history(run.info.run_id, "fold_clients")
    mean = sum(cost.value * count.value for cost, count in zip(costs, clients, strict=True)) / 130
    assert mean == pytest.approx(run.data.metrics["cost_per_client"])


def test_a_run_lasts_as_long_as_its_training(compared: Settings) -> None:
    for run in models(compared).values():
        seconds = (run.info.end_time - run.info.start_time) / 1000
        assert seconds == pytest.approx(run.data.metrics["training_seconds"], abs=0.01)
        assert run.data.metrics["peak_megabytes"] > 50


def test_a_run_names_its_user_commit_and_data(compared: Settings) -> None:
    version = published_version(compared)
    for run in runs(compared, TRAINING):
        assert run.data.tags["mlflow.user"]
        assert run.data.tags["mlflow.source.name"] == "credit-scoring"
        assert run.data.tags["mlflow.source.git.commit"] == version.code_commit == COMMIT
        assert run.data.tags["synthetic"] == "true"
        assert run.data.tags["data_version"] == version.source_fingerprint
        assert run.data.tags["feature_fingerprint"] == version.fingerprint
        (read,) = run.inputs.dataset_inputs
        assert read.dataset.digest == version.content_hash
        assert json.loads(read.dataset.profile)["num_rows"] == 150


def test_a_run_has_the_curves_and_importances_of_its_model(compared: Settings) -> None:
    for run in models(compared).values():
        assert {"curves.csv", "curves.png", "importance.csv"} <= files_of(compared, run)


def test_every_logged_model_predicts_its_own_input_example(compared: Settings) -> None:
    client = client_of(compared)
    for run in models(compared).values():
        (output,) = run.outputs.model_outputs
        logged = client.get_logged_model(output.model_id)
        assert logged.params["family"] == run.data.params["family"]
        assert {metric.key for metric in logged.metrics} >= {"auc", "cost_per_client"}
        folder = Path(logged.artifact_location.removeprefix("file://"))
        described = Model.load(str(folder))
        assert len(described.get_input_schema().input_names()) == int(run.data.params["feature_count"])
        example = described.load_input_example(str(folder))
        assert isinstance(example, pd.DataFrame)
        answer = mlflow.pyfunc.load_model(str(folder)).predict(example)
        assert 0 < answer["probability"][0] < 1


def test_the_registered_version_belongs_to_the_run_of_the_champion(compared: Settings) -> None:
    version = ModelRegistry(compared).summary("staging")
    champion = next(run for run in models(compared).values() if run.data.tags["role"] == "champion")
    assert version.run_id == champion.info.run_id
    assert {"scorer", "fold_models", OUT_OF_FOLD_FILE} <= files_of(compared, champion)
    assert "Probability that a loan defaults" in client_of(compared).get_registered_model("credit-scoring").description


def test_audit_and_drift_have_experiments_of_their_own_and_explanations_lie_with_the_champion(
    compared: Settings,
) -> None:
    for _ in range(2):
        explain.run(compared)
        governance.run(compared)
        drift.run(compared)
    (audited,), (drifted,) = runs(compared, EVALUATION), runs(compared, DRIFT)
    assert audited.data.tags["model_version"] == "1"
    assert "fairness_report.html" in files_of(compared, audited)
    assert "score" in drifted.data.metrics
    assert "drift_report.html" in files_of(compared, drifted)
    version = published_version(compared)
    for run in (audited, drifted):
        assert (run.data.tags["source"], run.data.tags["synthetic"]) == ("synthetic", "true")
        assert run.data.tags["data_version"] == version.source_fingerprint
        (read,) = run.inputs.dataset_inputs
        assert (read.dataset.digest, read.tags[0].value) == (version.content_hash, "evaluation")
    champion = next(run for run in models(compared).values() if run.data.tags["role"] == "champion")
    explained = files_of(compared, champion, "explain")
    assert {"explain/shap_report.html", "explain/feature_importance.csv", "explain/plots"} <= explained


def test_the_documented_notebook_ranks_the_models_of_the_latest_training_and_loads_the_registered_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compared = published(tmp_path)
    for families in (("lightgbm", "scorecard"), ("logistic_regression", "scorecard")):
        compared = compared.with_values(training={"families": families})
        step.run(compared)
    capsys.readouterr()
    page = (Path(__file__).parents[2] / "docs" / "MODEL_REGISTRY.md").read_text()
    code = page.partition("```python\n")[2].partition("```")[0]
    exec(code.replace("http://127.0.0.1:5000", ModelRegistry(compared).tracking_uri), {})
    printed = capsys.readouterr().out
    # The first table is the ranking, the second the prediction.
    ranking = printed.partition("probability")[0]
    ranked = [line.split()[1] for line in ranking.splitlines() if line[:1].isdigit()]
    assert sorted(ranked) == sorted(comparison(compared)["model"])
    assert ranked[0] == comparison(compared)["model"][0]
    assert "accepted" in printed or "refused" in printed
