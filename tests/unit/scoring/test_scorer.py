"""The Scorer is read back as it was saved, and answers one row as it answers many."""

from pathlib import Path

import numpy as np
import pytest
from tests.scorers import small_features, small_scorer

from credit_scoring.core.errors import StorageError
from credit_scoring.scoring.scorer import Decision, Scorer, load_scorer, save_scorer


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return small_scorer()


@pytest.fixture
def saved(scorer: Scorer, tmp_path: Path) -> Path:
    save_scorer(scorer, tmp_path)
    return tmp_path


def test_a_saved_scorer_gives_the_same_bits(scorer: Scorer, saved: Path) -> None:
    features = small_features(3, seed=1)
    loaded = load_scorer(saved)
    assert loaded.probability(features).tobytes() == scorer.probability(features).tobytes()


def test_a_saved_scorer_keeps_its_description(scorer: Scorer, saved: Path) -> None:
    loaded = load_scorer(saved).description
    assert loaded.model_copy(update={"model_hash": ""}) == scorer.description.model_copy(
        update={"model_hash": ""}
    )
    assert len(loaded.model_hash) == 16


def test_saving_what_was_loaded_gives_the_same_files(saved: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    save_scorer(load_scorer(saved), again)
    for file in [file for file in again.rglob("*") if file.is_file()]:
        assert file.read_bytes() == (saved / file.relative_to(again)).read_bytes()


def test_a_scorer_is_text_without_pickles(saved: Path) -> None:
    files = [file.relative_to(saved).as_posix() for file in saved.rglob("*") if file.is_file()]
    assert sorted(files) == ["model/model.txt", "scorer.json"]


def test_a_changed_booster_is_found_out(saved: Path) -> None:
    path = saved / "model" / "model.txt"
    path.write_text(path.read_text().replace("leaf_value=-", "leaf_value=", 1))
    with pytest.raises(StorageError, match="has the hash"):
        load_scorer(saved)


@pytest.mark.parametrize("name", ["model/model.txt", "scorer.json"])
def test_a_missing_file_is_a_clear_error(name: str, saved: Path) -> None:
    (saved / name).unlink()
    with pytest.raises(StorageError, match="has the hash|scorer.json") as caught:
        load_scorer(saved)
    assert "train" in caught.value.next_step


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
    assert scorer.decide(threshold) is Decision.REFUSED
    assert scorer.decide(np.nextafter(threshold, 1)) is Decision.REFUSED
    assert scorer.decide(np.nextafter(threshold, 0)) is Decision.ACCEPTED
