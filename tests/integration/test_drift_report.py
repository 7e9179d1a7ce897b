"""The drift step writes the report in both languages and the page by Evidently."""

import json
import sys
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import polars as pl
import pytest

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.drift_detection import baselines, step
from credit_scoring.drift_detection.outputs import EVIDENTLY_FILE, REPORT_FILES, RESULT_FILE
from credit_scoring.drift_detection.selection import Compared
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.versions import find_version
from credit_scoring.model_registry.registry import ModelRegistry
from tests.support.feature_versions import compute_made_up_features, made_up_features

MOVED = feature_names()[0]  # the one that the model relies on
MOVED_APPLICATIONS = Compared("version:1")


@pytest.fixture
def moved(trained_copy: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """A trained installation with a second feature version, whose 600 new applications have moved."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    is_new = pl.col("TARGET").is_null()
    shifted = pl.when(is_new).then(pl.col(MOVED) + 3).otherwise(pl.col(MOVED)).alias(MOVED)
    compute_made_up_features(trained_copy, made_up_features(900, new_clients=600).with_columns(shifted), "second")
    feature_store.run(trained_copy)
    return trained_copy


def files_of(settings: Settings) -> Path:
    return Storage.of(settings).current(step.DRIFT_STEP)


def page(settings: Settings, code: str) -> str:
    return unescape((files_of(settings) / REPORT_FILES[code]).read_text()).replace("\N{NO-BREAK SPACE}", " ")


def names(manifest: Manifest) -> set[str]:
    return {artefact.name for artefact in manifest.outputs}


def test_what_moved_is_named_first_in_both_languages_and_evidently_draws_it(moved: Settings, tmp_path: Path) -> None:
    manifest = step.run(moved, compared=MOVED_APPLICATIONS)
    assert REPORT_FILES == {"fr": "drift_report.fr.html", "en": "drift_report.html"}
    assert names(manifest) == {RESULT_FILE, *REPORT_FILES.values(), EVIDENTLY_FILE}
    result = json.loads((files_of(moved) / RESULT_FILE).read_text())
    assert result["features"][0]["name"] == MOVED and result["verdict"]["status"] == "warning"
    english, french = page(moved, "en"), page(moved, "fr")
    assert "“Loans with other lenders (bureau)” (values higher than in the training)" in english
    assert "« Crédits auprès d'autres prêteurs (bureau) » (valeurs plus élevées" in french
    today = datetime.now(UTC)
    assert f"1 of {len(feature_names())} features drifted: " in english and "Une dérive touche 1 des" in french
    assert f"(not stable since the comparison of {today:%Y-%m-%d})." in english
    assert f"situation instable depuis la comparaison du {today:%d/%m/%Y})." in french
    evidently = (files_of(moved) / EVIDENTLY_FILE).read_text()
    assert "Synthetic data." in evidently and "refused applicants\nhave none" in evidently
    assert MOVED in evidently
    assert "600 current applications and\n160 of the training" in evidently
    assert not list((tmp_path / "home").rglob("*evidently*"))


def test_without_evidently_the_report_says_how_to_install_it(moved: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "evidently", None)
    assert EVIDENTLY_FILE not in names(step.run(moved, compared=MOVED_APPLICATIONS))
    assert "pip install 'credit-scoring[drift]'" in page(moved, "en") and EVIDENTLY_FILE not in page(moved, "en")
    assert "Il n'y a pas de page d'Evidently, car ce logiciel n'est pas installé" in page(moved, "fr")


def test_without_the_rows_of_the_training_the_report_says_so(moved: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baselines, "versions", lambda _: [])
    assert EVIDENTLY_FILE not in names(step.run(moved, compared=MOVED_APPLICATIONS))
    assert "the feature store no longer holds the applications" in page(moved, "en")
    assert "l'entrepôt de variables ne contient plus les demandes" in page(moved, "fr")


def test_too_few_applications_have_a_report_without_a_verdict(trained_copy: Settings) -> None:
    manifest = step.run(trained_copy)
    assert manifest.measures["verdict"] == "too few" and EVIDENTLY_FILE not in names(manifest)
    assert "Too few applications could be compared: 40, where a verdict needs 500." in page(trained_copy, "en")
    assert "Trop peu de demandes ont pu être comparées : 40" in page(trained_copy, "fr")
    assert step.run(trained_copy).reused and not step.run(trained_copy, force=True).reused


def test_a_second_comparison_shows_the_first_one_and_since_when(
    moved: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "evidently", None)
    step.run(moved, compared=Compared("version:0"))
    assert "This is the first comparison of its kind." in page(moved, "en")
    step.run(moved, compared=MOVED_APPLICATIONS)
    assert "Share of drifted features in each comparison" in page(moved, "en")


def test_a_published_version_as_reference_gives_all_of_its_figures(
    moved: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "evidently", None)
    step.run(moved, compared=Compared("1"))
    of_model = json.loads((files_of(moved) / RESULT_FILE).read_text())
    step.run(moved, compared=Compared("1", "version:0"))
    of_version = json.loads((files_of(moved) / RESULT_FILE).read_text())
    assert of_version["baseline"] == "feature version 0"
    # The version is that of the training: its clients have their probabilities out of fold.
    assert of_version["prediction"]["acceptance_rate_before"] == of_model["prediction"]["acceptance_rate_before"]
    assert of_version["prediction"]["shares_before"] == of_model["prediction"]["shares_before"]
    assert of_version["separation"] == of_model["separation"] is not None
    first, registered = find_version(Storage.of(moved), "0"), ModelRegistry(moved).load_version(1)
    of_training = baselines.clients_of_model(moved, registered, 50)
    same = baselines.clients_of_version(moved, first, registered, 50)
    assert of_training is not None and same is not None
    assert same.probability.tobytes() == of_training.probability.tobytes()
    step.run(moved, compared=Compared("0", "version:1"))
    of_other = json.loads((files_of(moved) / RESULT_FILE).read_text())
    assert of_other["prediction"]["acceptance_rate_before"] != of_model["prediction"]["acceptance_rate_before"]


def test_without_a_published_version_the_error_names_the_command_to_run(settings: Settings) -> None:
    with pytest.raises(MissingArtefactError, match="'publish'"):
        step.run(settings)
