"""The training step: a published version becomes a tracked run and a registered Scorer."""

import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from mlflow import MlflowClient

from credit_scoring.core.errors import MissingArtefactError, TrainingError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.evaluation.business_cost import GRID, business_cost, cheapest_threshold
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.offline import feature_matrix
from credit_scoring.model_registry.experiments import TRAINING
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import FOLD_MODELS, OUT_OF_FOLD_FILE, PLOTS, REPORT_FILE, THRESHOLDS_FILE
from credit_scoring.scoring.model_family import Budget, TrainingRows
from credit_scoring.scoring.models import lightgbm, load_model
from credit_scoring.scoring.scorer import load_scorer
from credit_scoring.train import step
from credit_scoring.train.training_data import fold_map
from tests.support.feature_versions import compute_made_up_features, made_up_features

KNOWN_CLIENTS = 160
PARAMETERS = lightgbm.FAMILY.parameters[Budget.QUICK]


def training_folder(settings: Settings) -> Path:
    return Storage.of(settings).current("train")


def runs(settings: Settings) -> list[str]:
    """Ids of the tracked trainings."""
    client = MlflowClient(ModelRegistry(settings).tracking_uri)
    experiment = client.get_experiment_by_name(TRAINING)
    return [run.info.run_id for run in client.search_runs([experiment.experiment_id], "tags.role = 'training'")]


def publish(settings: Settings, features: pl.DataFrame, name: str = "first") -> None:
    compute_made_up_features(settings, features, name)
    feature_store.run(settings)


def test_out_of_fold_predictions_cover_every_client_with_known_outcome_once(trained: Settings) -> None:
    predicted = pl.read_parquet(training_folder(trained) / OUT_OF_FOLD_FILE)
    known = made_up_features().filter(pl.col("TARGET").is_not_null())
    assert predicted.height == KNOWN_CLIENTS
    assert predicted.select("SK_ID_CURR", "TARGET").equals(known.select("SK_ID_CURR", "TARGET"))
    folds = fold_map(known["SK_ID_CURR"].to_numpy(), known["TARGET"].to_numpy(), trained.training.fold_count)
    assert predicted["fold"].to_numpy().tolist() == folds.tolist()


def test_a_client_is_scored_by_the_model_of_the_other_folds(trained: Settings) -> None:
    predicted = pl.read_parquet(training_folder(trained) / OUT_OF_FOLD_FILE)
    known = made_up_features().filter(pl.col("TARGET").is_not_null())
    features, default = feature_matrix(known, feature_names()), known["TARGET"].to_numpy()
    held_out = predicted["fold"].to_numpy() == 1
    rows = TrainingRows(features[~held_out], default[~held_out], feature_names())
    margin = lightgbm.fit(rows, PARAMETERS).margin(features[held_out])
    assert margin.tobytes() == predicted["margin"].to_numpy()[held_out].tobytes()


def test_the_scorer_cuts_where_out_of_fold_mistakes_cost_least(trained: Settings) -> None:
    description = load_scorer(training_folder(trained) / "scorer").description
    predicted = pl.read_parquet(training_folder(trained) / OUT_OF_FOLD_FILE)
    probability, default = predicted["probability"].to_numpy(), predicted["TARGET"].to_numpy()
    best = cheapest_threshold(probability, default, trained.cost.missed_default)
    assert description.threshold == best.value
    assert description.metrics["cost_per_client"] == pytest.approx(
        business_cost(probability >= best.value, default, trained.cost.missed_default) / KNOWN_CLIENTS
    )
    calibrated = description.calibration.probability(predicted["margin"].to_numpy())
    assert calibrated.tobytes() == probability.tobytes()


def test_the_scorer_names_its_origin(trained: Settings) -> None:
    version = feature_store.published_version(trained)
    description = load_scorer(training_folder(trained) / "scorer").description
    assert description.feature_names == feature_names()
    assert (description.feature_version, description.feature_fingerprint) == (0, version.fingerprint)
    assert description.source == "synthetic"
    assert description.metrics["clients"] == KNOWN_CLIENTS
    assert description.metrics["auc"] > 0.6


def test_the_comparison_and_the_report_are_written(trained: Settings) -> None:
    folder = training_folder(trained)
    rows = {row["model"]: row for row in pl.read_csv(folder / "models_comparison.csv").to_dicts()}
    assert set(rows) == {"lightgbm", "lightgbm_scale_pos_weight", "lightgbm_smote"}
    assert "not eligible" in rows["lightgbm_smote"]["decision"]
    row = rows["lightgbm"]
    assert row["decision"] == "champion"
    description = load_scorer(folder / "scorer").description
    assert row["auc"] == pytest.approx(description.metrics["auc"], abs=1e-6)
    assert row["business_cost"] == pytest.approx(description.metrics["cost_per_client"] * KNOWN_CLIENTS)
    assert row["optimal_threshold"] == pytest.approx(description.threshold, abs=1e-6)
    assert row["training_seconds"] > 0
    page = (folder / REPORT_FILE).read_text()
    assert "Synthetic data." in page
    assert f"{KNOWN_CLIENTS} applications" in page
    assert {plot.suffix for plot in (folder / PLOTS).iterdir()} == {".png"}
    assert page.count("data:image/png") == len(list((folder / PLOTS).iterdir())) >= 6
    thresholds = pl.read_csv(folder / THRESHOLDS_FILE)
    on_grid = thresholds.filter((pl.col("model") == "lightgbm") & ~pl.col("is_optimum"))
    assert on_grid["threshold"].to_list() == list(GRID)


def test_the_model_of_each_fold_is_kept_and_gives_the_out_of_fold_margins(trained: Settings) -> None:
    folder = training_folder(trained)
    predicted = pl.read_parquet(folder / OUT_OF_FOLD_FILE)
    features = feature_matrix(made_up_features().filter(pl.col("TARGET").is_not_null()), feature_names())
    folds, margins = predicted["fold"].to_numpy(), predicted["margin"].to_numpy()
    for fold in range(trained.training.fold_count):
        model = load_model("lightgbm", folder / FOLD_MODELS / str(fold))
        assert model.margin(features[folds == fold]).tobytes() == margins[folds == fold].tobytes()


def test_training_again_changes_nothing(trained: Settings) -> None:
    before = runs(trained)
    manifest = step.run(trained)
    assert manifest.reused
    assert manifest.measures["model_version"] == 1
    assert runs(trained) == before


def test_a_run_killed_before_it_registered_is_continued(trained_copy: Settings, tracking_template: Path) -> None:
    shutil.rmtree(trained_copy.data_directory / "databases")
    shutil.copytree(tracking_template / "databases", trained_copy.data_directory / "databases")
    manifest = step.run(trained_copy)
    assert manifest.reused
    assert manifest.measures["model_version"] == 1
    assert ModelRegistry(trained_copy).load("staging").version == 1


def test_training_by_force_gives_the_same_bytes_under_a_new_version(trained_copy: Settings) -> None:
    before = (training_folder(trained_copy) / "scorer" / "model" / "model.txt").read_bytes()
    manifest = step.run(trained_copy, force=True)
    assert not manifest.reused
    assert manifest.measures["model_version"] == 2
    assert (training_folder(trained_copy) / "scorer" / "model" / "model.txt").read_bytes() == before
    assert ModelRegistry(trained_copy).load("staging").version == 2


@pytest.mark.parametrize("changed", [{"training": {"fold_count": 4}}, {"cost": {"missed_default": 3.0}}])
def test_a_setting_that_changes_the_result_trains_again(with_tracking: Settings, changed: dict[str, object]) -> None:
    publish(with_tracking, made_up_features(40, new_clients=0))
    assert not step.run(with_tracking).reused
    assert step.run(with_tracking).reused
    manifest = step.run(with_tracking.with_values(**changed))
    assert not manifest.reused
    assert manifest.measures["model_version"] == 2


def test_new_features_make_a_new_model_version(with_tracking: Settings) -> None:
    publish(with_tracking, made_up_features(40, new_clients=0))
    step.run(with_tracking)
    publish(with_tracking, made_up_features(50, new_clients=0, seed=2), name="second")
    assert step.run(with_tracking).measures["model_version"] == 2
    assert ModelRegistry(with_tracking).load("staging").scorer.description.feature_version == 1


def with_target(target: pl.Expr) -> pl.DataFrame:
    return made_up_features(40, new_clients=0).with_columns(target.cast(pl.Int8).alias("TARGET"))


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (pl.lit(None), "None of the 40 applications of feature version 0 has a TARGET"),
        (pl.lit(0), "Only 0 clients have TARGET 1"),
        (pl.lit(1), "Only 0 clients have TARGET 0"),
        (pl.col("SK_ID_CURR") <= 2, "Only 2 clients have TARGET 1, too few for 3 folds"),
    ],
    ids=["no target", "no defaults", "only defaults", "too few defaults"],
)
def test_a_version_that_cannot_be_trained_on_leaves_nothing_behind(
    with_tracking: Settings, target: pl.Expr, message: str
) -> None:
    publish(with_tracking, with_target(target))
    with pytest.raises(TrainingError, match=message):
        step.run(with_tracking)
    with pytest.raises(MissingArtefactError):
        training_folder(with_tracking)
    assert not list((with_tracking.data_directory / "train").glob(".partial*"))


def test_a_version_of_another_program_version_is_refused(with_tracking: Settings) -> None:
    publish(with_tracking, made_up_features(40, new_clients=0).drop(feature_names()[-1]))
    with pytest.raises(MissingArtefactError, match=f"the first is {feature_names()[-1]}"):
        step.run(with_tracking)


def test_the_last_good_model_stays_when_the_next_version_cannot_be_trained_on(with_tracking: Settings) -> None:
    publish(with_tracking, made_up_features(40, new_clients=0))
    step.run(with_tracking)
    before = training_folder(with_tracking)
    publish(with_tracking, with_target(pl.lit(0)), name="second")
    with pytest.raises(TrainingError):
        step.run(with_tracking)
    assert training_folder(with_tracking) == before
    assert ModelRegistry(with_tracking).load("staging").version == 1


def test_without_a_published_version_the_error_names_the_command(settings: Settings) -> None:
    with pytest.raises(MissingArtefactError, match="'publish'"):
        step.run(settings)


def test_probabilities_are_probabilities(trained: Settings) -> None:
    predicted = pl.read_parquet(training_folder(trained) / OUT_OF_FOLD_FILE)
    probability = predicted["probability"].to_numpy()
    assert ((probability > 0) & (probability < 1)).all()
    assert probability.mean() == pytest.approx(predicted["TARGET"].to_numpy().mean(), abs=0.01)
    assert np.unique(probability).size > KNOWN_CLIENTS / 2
