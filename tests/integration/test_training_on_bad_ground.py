"""Training when data, disk or process fail: clear errors, and no loss of finished work."""

import errno
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from credit_scoring.core.errors import MissingArtefactError, StorageError, TrainingError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.definition import Feature
from credit_scoring.feature_store import step as feature_store
from credit_scoring.scoring.artefact_names import REPORT_FILE
from credit_scoring.scoring.model_family import Budget
from credit_scoring.scoring.models.scorecard import ScorecardModel
from credit_scoring.train import cross_validation, step
from credit_scoring.train.candidates import Candidate, candidates_of
from tests.support.feature_versions import compute_made_up_features, made_up_features


@pytest.fixture
def quick(with_tracking: Settings) -> Settings:
    """An empty installation that trains the two fastest families."""
    return with_tracking.with_values(training={"families": ("scorecard", "logistic_regression")})


def publish(settings: Settings, features: pl.DataFrame) -> None:
    compute_made_up_features(settings, features)
    feature_store.run(settings)


def finished_candidates(settings: Settings) -> set[str]:
    """Names of the candidates whose results are stored."""
    names = {candidate.name for candidate in candidates_of(Budget.QUICK, settings.training.families)}
    return {name for name in names if Storage.of(settings).versions(cross_validation.step_name(name))}


def without_variation(features: Sequence[Feature], missing: bool) -> list[pl.Expr]:
    """Each feature missing where it may be, or everywhere the same."""
    return [
        (pl.lit(None, pl.Float32) if missing and feature.nullable else pl.col(feature.name).drop_nulls().first()).alias(
            feature.name
        )
        for feature in features
    ]


@pytest.mark.parametrize("missing", [True, False], ids=["missing", "the same"])
def test_features_without_variation_are_refused(quick: Settings, missing: bool) -> None:
    publish(quick, made_up_features(40, new_clients=0).with_columns(without_variation(FEATURES, missing)))
    with pytest.raises(TrainingError, match="No feature of version 0 has two different values"):
        step.run(quick)
    assert not finished_candidates(quick)


def test_a_training_with_a_single_feature_that_varies_succeeds(quick: Settings) -> None:
    features = made_up_features(60, new_clients=0)
    publish(quick, features.with_columns(without_variation(FEATURES[1:], missing=True)))
    assert step.run(quick).measures["clients"] == 60


def test_an_unknown_family_is_refused_before_anything_is_trained(quick: Settings) -> None:
    publish(quick, made_up_features(40, new_clients=0))
    with pytest.raises(TrainingError, match="no model family 'oracle'") as caught:
        step.run(quick.with_values(training={"families": ("scorecard", "oracle")}))
    assert "catboost" in caught.value.next_step


def test_a_training_without_an_eligible_family_registers_nothing(quick: Settings) -> None:
    publish(quick, made_up_features(40, new_clients=0))
    with pytest.raises(TrainingError, match="None of the chosen models can become champion .random_forest:"):
        step.run(quick.with_values(training={"families": ("random_forest",)}))
    assert not Storage.of(quick).versions(cross_validation.step_name("random_forest"))
    with pytest.raises(MissingArtefactError):
        Storage.of(quick).current("train")


def test_a_killed_training_continues_with_the_first_unfinished_candidate(
    quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(quick, made_up_features(60, new_clients=0))
    fitted: list[str] = []
    fit = Candidate.fit

    def killed(candidate: Candidate, rows: object) -> object:
        if candidate.name == "scorecard":
            raise KeyboardInterrupt
        return fit(candidate, rows)  # type: ignore[arg-type]

    def watched(candidate: Candidate, rows: object) -> object:
        fitted.append(candidate.name)
        return fit(candidate, rows)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Candidate, "fit", killed)
        with pytest.raises(KeyboardInterrupt):
            step.run(quick)
    assert finished_candidates(quick) == {"logistic_regression"}
    with pytest.raises(MissingArtefactError):
        Storage.of(quick).current("train")
    monkeypatch.setattr(Candidate, "fit", watched)
    manifest = step.run(quick)
    champion = str(manifest.measures["champion"])
    # Once more at the end, the champion is fitted on all clients.
    assert fitted.count("logistic_regression") == (champion == "logistic_regression")
    assert fitted.count("scorecard") == quick.training.fold_count + (champion == "scorecard")
    assert manifest.measures["model_version"] == 1


def test_a_full_disk_is_a_clear_error_and_loses_no_finished_candidate(
    quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(quick, made_up_features(60, new_clients=0))

    def full(model: ScorecardModel, folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ScorecardModel, "save", full)
        with pytest.raises(StorageError, match="the disk is full") as caught:
            step.run(quick)
    assert "Free some space" in caught.value.next_step
    assert finished_candidates(quick) == {"logistic_regression"}
    assert not list(quick.data_directory.rglob(".partial*"))
    assert step.run(quick).measures["model_version"] == 1


def test_the_budget_determines_the_parameters(quick: Settings) -> None:
    quick = quick.with_values(training={"families": ("scorecard",)}, tuning={"trials": 0})
    publish(quick, made_up_features(60, new_clients=0))
    step.run(quick)
    manifest = step.run(quick.with_values(training={"budget": "full"}))
    assert not manifest.reused
    assert "budget full" in (Storage.of(quick).current("train") / REPORT_FILE).read_text()
