"""Tuning within a training: every trial is tracked once, whatever is killed in between."""

import pytest
from mlflow import MlflowClient
from mlflow.entities import Run
from optuna.trial import TrialState, create_trial

from credit_scoring.core.errors import StorageError, TrainingError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.step import published_version
from credit_scoring.model_registry.experiments import TUNING
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import COMPARISON_FILE, PLOTS, REPORT_FILE, TRIALS_FILE
from credit_scoring.train import step, tuning
from credit_scoring.train.candidates import model_family
from credit_scoring.train.figures import tuning_figure
from credit_scoring.train.training_data import read_training_data
from credit_scoring.train.tuning_trials import cost_of
from tests.support.feature_versions import compute_made_up_features, made_up_features


@pytest.fixture
def published(with_tracking: Settings) -> Settings:
    """An installation with features of a hundred clients, and four trials to run."""
    compute_made_up_features(with_tracking, made_up_features(100, new_clients=0))
    feature_store.run(with_tracking)
    return with_tracking.with_values(tuning={"trials": 4}, training={"families": "logistic_regression"})


def tracked(settings: Settings) -> tuple[list[Run], list[Run]]:
    """Runs of tunings, and runs of trials."""
    client = MlflowClient(ModelRegistry(settings).tracking_uri)
    experiment = client.get_experiment_by_name(TUNING)
    runs = client.search_runs([experiment.experiment_id])
    nested = [run for run in runs if "mlflow.parentRunId" in run.data.tags]
    return [run for run in runs if run not in nested], nested


def test_every_trial_is_a_run_nested_in_that_of_the_tuning(published: Settings) -> None:
    found = tuning.join(published, "logistic_regression")
    assert len(found.trials) == 4
    (parent,), nested = tracked(published)
    assert parent.info.status == "FINISHED"
    assert {run.data.tags["mlflow.parentRunId"] for run in nested} == {parent.info.run_id}
    assert sorted(int(run.data.tags["trial"]) for run in nested) == [trial.number for trial in found.trials]
    assert all(run.data.tags["source"] == "synthetic" for run in nested)
    by_number = {int(run.data.tags["trial"]): run for run in nested}
    for trial in found.trials:
        assert float(by_number[trial.number].data.params["C"]) == pytest.approx(trial.params["C"])
        run = by_number[trial.number]
        assert run.data.metrics["cost_per_client"] == pytest.approx(trial.value)
        by_fold = MlflowClient(ModelRegistry(published).tracking_uri).get_metric_history(run.info.run_id, "fold_auc")
        assert [each.step for each in by_fold] == [0, 1, 2]
    best = min(found.trials, key=cost_of)
    assert parent.data.tags["best_trial"] == str(best.number)
    assert parent.data.tags["best_C"] == str(found.best and found.best["C"])
    assert parent.data.metrics["best_cost_per_client"] == pytest.approx(found.best_cost)
    assert parent.data.params["family"] == "logistic_regression"
    assert parent.data.params["fold_count"] == "3"


def test_the_importance_of_every_hyperparameter_is_measured_and_drawn(published: Settings) -> None:
    found = tuning.join(published.with_values(tuning={"trials": 8}), "scorecard")
    assert set(found.importances) == {"characteristics", "attributes", "maximum_correlation", "C"}
    _, importance = tuning_figure(found).axes
    assert len(importance.patches) == 4


def test_by_default_there_are_50_trials() -> None:
    assert Settings().tuning.trials == 50


def test_a_resumed_tuning_tracks_no_trial_twice(published: Settings) -> None:
    tuning.join(published.with_values(tuning={"trials": 2}), "logistic_regression")
    tuning.join(published, "logistic_regression")
    (_,), nested = tracked(published)
    assert sorted(run.data.tags["trial"] for run in nested) == ["0", "1", "2", "3"]


def test_trials_that_a_failing_tracking_server_missed_are_tracked_later(
    published: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def fails(client: MlflowClient, *arguments: object) -> None:
            raise OSError("connection refused")

        patch.setattr(MlflowClient, "set_terminated", fails)
        with pytest.raises(StorageError, match="connection refused"):
            tuning.join(published, "logistic_regression")
    found = tuning.join(published, "logistic_regression")
    assert len(found.trials) == 4
    (_,), nested = tracked(published)
    assert sorted(run.data.tags["trial"] for run in nested) == ["0", "1", "2", "3"]


def test_the_tuned_model_is_compared_and_reported(published: Settings) -> None:
    manifest = step.run(published)
    folder = Storage.of(published).current("train")
    assert "logistic_regression_tuned" in (folder / COMPARISON_FILE).read_text()
    assert (folder / TRIALS_FILE).read_text().count("\n") == 5
    assert (folder / PLOTS / "tuning.png").is_file()
    assert "Tuning of logistic_regression" in (folder / REPORT_FILE).read_text()
    assert str(manifest.measures["champion"]).startswith("logistic_regression")


def test_training_uses_the_trials_of_other_workers(published: Settings) -> None:
    tuning.join(published, "logistic_regression")
    step.run(published)
    (parent,), nested = tracked(published)
    assert len(nested) == 4


def test_an_unknown_family_is_refused(published: Settings) -> None:
    with pytest.raises(TrainingError, match="no model family 'oracle'") as caught:
        tuning.join(published, "oracle")
    assert "lightgbm" in caught.value.next_step


def test_a_tuning_whose_trials_were_all_pruned_has_no_best(published: Settings) -> None:
    version = published_version(published)
    data = read_training_data(published, version)
    found = tuning.tune(published.with_values(tuning={"trials": 1}), version, model_family("logistic_regression"), data)
    pruned = create_trial(state=TrialState.PRUNED, value=0.5)
    nothing = found._replace(trials=[pruned])
    assert nothing.best_cost != nothing.best_cost
    assert tuning.trials_frame(nothing)["state"].to_list() == ["pruned"]
