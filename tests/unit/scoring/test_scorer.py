"""The Scorer is read back unchanged, and scores a row alone as in a batch."""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.scoring.integrity import check_library_versions
from credit_scoring.scoring.scorer import Decision, Scorer, load_scorer, save_scorer
from credit_scoring.scoring.training_distribution import load_reference
from tests.support.scorers import small_features, small_reference, small_scorer


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return small_scorer()


@pytest.fixture
def saved(scorer: Scorer, tmp_path: Path) -> Path:
    save_scorer(scorer, small_reference(scorer), tmp_path)
    return tmp_path


def test_a_saved_scorer_gives_the_same_bits(scorer: Scorer, saved: Path) -> None:
    features = small_features(3, seed=1)
    loaded = load_scorer(saved)
    assert loaded.probability(features).tobytes() == scorer.probability(features).tobytes()


def test_a_saved_scorer_keeps_its_description(scorer: Scorer, saved: Path) -> None:
    loaded = load_scorer(saved).description
    assert len(loaded.model_hash) == 16
    assert loaded.library_versions == {"numpy": version("numpy"), "lightgbm": version("lightgbm")}
    added_on_saving = {"model_hash": loaded.model_hash, "library_versions": loaded.library_versions}
    assert loaded == scorer.description.model_copy(update=added_on_saving)


def test_saving_what_was_loaded_gives_the_same_files(saved: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    save_scorer(load_scorer(saved), load_reference(saved), again)
    for file in [file for file in again.rglob("*") if file.is_file()]:
        assert file.read_bytes() == (saved / file.relative_to(again)).read_bytes()


def test_a_scorer_is_text_and_numbers_without_pickles(saved: Path) -> None:
    files = [file.relative_to(saved).as_posix() for file in saved.rglob("*") if file.is_file()]
    assert sorted(files) == ["checksums.json", "model/model.txt", "reference.npz", "scorer.json"]


@pytest.mark.parametrize("name", ["model/model.txt", "scorer.json", "reference.npz"])
def test_a_changed_file_is_named(name: str, saved: Path) -> None:
    path = saved / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(StorageError, match=f"{name} has the hash"):
        load_scorer(saved)


def test_a_changed_number_of_the_model_is_detected(saved: Path) -> None:
    path = saved / "model" / "model.txt"
    path.write_text(path.read_text().replace("leaf_value=-", "leaf_value=", 1))
    with pytest.raises(StorageError, match="model/model.txt has the hash .* instead of") as caught:
        load_scorer(saved)
    assert "train" in caught.value.next_step


def test_a_changed_threshold_is_detected(saved: Path) -> None:
    path = saved / "scorer.json"
    path.write_text(path.read_text().replace('"threshold":0.3', '"threshold":0.4').replace("0.3,", "0.4,"))
    with pytest.raises(StorageError, match="scorer.json has the hash"):
        load_scorer(saved)


@pytest.mark.parametrize("name", ["model/model.txt", "scorer.json", "reference.npz", "checksums.json"])
def test_a_missing_file_is_named(name: str, saved: Path) -> None:
    (saved / name).unlink()
    with pytest.raises(StorageError, match=name) as caught:
        load_scorer(saved)
    assert "train" in caught.value.next_step


def test_a_file_that_was_added_is_named(saved: Path) -> None:
    (saved / "model" / "other.txt").write_text("tree")
    with pytest.raises(StorageError, match="model/other.txt does not belong there"):
        load_scorer(saved)


def test_files_of_a_newer_program_are_refused_with_its_version(saved: Path) -> None:
    described = json.loads((saved / "scorer.json").read_text())
    (saved / "scorer.json").write_text(json.dumps(described | {"format_version": 2, "colour": "red"}))
    with pytest.raises(StorageError, match="has the format 2, this program") as caught:
        load_scorer(saved)
    assert "Install version 0.1.0" in caught.value.next_step


def test_a_model_of_a_newer_library_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"saved with lightgbm 999\.0\.1, installed is") as caught:
        check_library_versions(tmp_path, {"lightgbm": "999.0.1"})
    assert "Install lightgbm 999.0.1" in caught.value.next_step


def test_a_model_of_an_older_library_is_loaded_and_the_difference_logged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check_library_versions(tmp_path, {"lightgbm": "1.0.0", "a-library-that-is-not-there": "1.0"})
    assert capsys.readouterr().out.count("library differs from training") == 1


@pytest.mark.parametrize("content", ["", "{", "{}", '{"colour": 1}'])
def test_a_damaged_description_is_a_clear_error(content: str, saved: Path) -> None:
    (saved / "scorer.json").write_text(content)
    with pytest.raises(StorageError, match="cannot be read"):
        load_scorer(saved)


def test_one_row_gives_the_bits_of_the_batch(scorer: Scorer) -> None:
    features = small_features(3, rows=237, seed=2)
    batch = scorer.probability(features)
    for position in range(len(features)):
        assert scorer.probability(features[position : position + 1]).tobytes() == batch[position].tobytes()


def test_probabilities_are_the_calibrated_margins(scorer: Scorer) -> None:
    features = small_features(3, seed=2)
    margin = scorer.margin(features)
    assert scorer.probability(features) == pytest.approx(1 / (1 + np.exp(-(0.9 * margin + 0.1))))
    assert margin.tobytes() == scorer.model.margin(features).tobytes()


@pytest.mark.parametrize(
    "features",
    [
        np.zeros((2, 3), dtype=np.float64),
        np.zeros((2, 2), dtype=np.float32),
        np.zeros((2, 4), dtype=np.float32),
        np.zeros(3, dtype=np.float32),
        np.zeros((1, 1, 3), dtype=np.float32),
    ],
    ids=["float64", "too few", "too many", "no rows", "too deep"],
)
def test_features_of_another_kind_are_refused(scorer: Scorer, features: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"float32 of shape \(n, 3\)"):
        scorer.probability(features)


def test_an_application_at_the_threshold_is_refused(scorer: Scorer) -> None:
    threshold = scorer.description.threshold
    assert scorer.decision_for(threshold) is Decision.REFUSED
    assert scorer.decision_for(np.nextafter(threshold, 1)) is Decision.REFUSED
    assert scorer.decision_for(np.nextafter(threshold, 0)) is Decision.ACCEPTED
