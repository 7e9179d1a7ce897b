"""A saved LightGBM model gives what the library's Python package gives, without that package."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.scoring.models import lightgbm_library
from credit_scoring.scoring.models.lightgbm import MODEL_FILE
from credit_scoring.scoring.models.lightgbm_library import SavedBooster
from credit_scoring.scoring.models.model import load_model
from tests.support.small_models import FEATURES, small_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a small model is saved."""
    small_model("lightgbm").save(tmp_path)
    return tmp_path


@pytest.fixture
def text(folder: Path) -> str:
    return (folder / MODEL_FILE).read_text()


@pytest.mark.parametrize("rows", [1, 2, len(FEATURES)])
@pytest.mark.parametrize("wanted", ["raw_score", "pred_contrib"])
def test_margins_and_contributions_are_the_packages_to_the_bit(text: str, wanted: str, rows: int) -> None:
    features = FEATURES[:rows].copy()
    features[:, 0] = np.nan
    ours = SavedBooster(text).predict(features, num_threads=1, **{wanted: True})
    theirs = lgb.Booster(model_str=text).predict(features, num_threads=1, **{wanted: True})
    assert isinstance(theirs, np.ndarray)
    assert ours.shape == theirs.shape
    assert ours.tobytes() == theirs.tobytes()


def test_a_text_that_breaks_off_is_refused_before_it_reaches_the_library(text: str) -> None:
    with pytest.raises(ValueError, match="no line 'end of trees'"):
        SavedBooster(text[: len(text) // 2])


def test_what_the_library_refuses_is_said_in_its_words(text: str) -> None:
    with pytest.raises(ValueError, match="number of classes"):
        SavedBooster("end of trees")


def test_importances_are_the_packages(text: str) -> None:
    theirs = lgb.Booster(model_str=text).feature_importance("gain")
    assert SavedBooster(text).feature_importance("gain").tobytes() == theirs.tobytes()


def test_a_view_of_other_memory_gives_the_same(text: str) -> None:
    booster = SavedBooster(text)
    striped = np.repeat(FEATURES, 2, axis=0)[::2]
    assert not striped.flags.c_contiguous
    expected = booster.predict(FEATURES, raw_score=True)
    assert booster.predict(striped, raw_score=True).tobytes() == expected.tobytes()


def test_of_nobody_nothing_is_predicted(text: str) -> None:
    assert SavedBooster(text).predict(FEATURES[:0], raw_score=True).shape == (0,)
    assert SavedBooster(text).predict(FEATURES[:0], pred_contrib=True).shape == (0, FEATURES.shape[1] + 1)


@pytest.mark.parametrize(
    "features", [FEATURES[:, :-1], FEATURES.astype(np.float64), FEATURES[0]], ids=["narrow", "double", "flat"]
)
def test_features_of_another_shape_or_type_never_reach_the_library(text: str, features: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"features must be float32 of shape \(n, \d+\)"):
        SavedBooster(text).predict(features, raw_score=True)


@pytest.mark.parametrize("both", [True, False])
def test_either_margins_or_contributions_are_asked_for(text: str, both: bool) -> None:
    with pytest.raises(ValueError, match="either raw_score or pred_contrib"):
        SavedBooster(text).predict(FEATURES, raw_score=both, pred_contrib=both)


def test_another_importance_than_gain_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="'split' is not 'gain'"):
        SavedBooster(text).feature_importance("split")


def test_a_model_that_was_read_is_written_as_it_was(folder: Path, text: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    load_model("lightgbm", folder).save(copy)
    assert (copy / MODEL_FILE).read_text() == text


def test_to_answer_with_a_saved_model_loads_neither_the_package_nor_what_it_brings(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; import numpy as np; "
        "from credit_scoring.scoring.models.model import load_model; "
        f"model = load_model('lightgbm', Path({str(folder)!r})); "
        f"model.margin(np.zeros((1, {FEATURES.shape[1]}), dtype=np.float32)); "
        "assert not {'lightgbm', 'scipy', 'narwhals', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_program_ends_well_while_a_thread_still_predicts(folder: Path) -> None:
    program = (
        "import threading, time; from pathlib import Path; import numpy as np; "
        "from credit_scoring.scoring.models.model import load_model; "
        f"model = load_model('lightgbm', Path({str(folder)!r})); "
        f"rows = np.zeros((200_000, {FEATURES.shape[1]}), dtype=np.float32); "
        "threading.Thread(target=lambda: [model.contributions(rows) for _ in iter(int, 1)], daemon=True).start(); "
        "time.sleep(0.3)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_several_threads_ask_one_model_at_once_and_get_the_same(text: str) -> None:
    booster = SavedBooster(text)
    expected = booster.predict(FEATURES, raw_score=True).tobytes()
    with ThreadPoolExecutor(4) as threads:
        answers = threads.map(lambda _: booster.predict(FEATURES, raw_score=True).tobytes(), range(200))
    assert set(answers) == {expected}


@pytest.fixture
def without_library(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    lightgbm_library._library.cache_clear()
    return monkeypatch


def test_without_the_library_the_error_says_what_to_install(
    folder: Path, without_library: pytest.MonkeyPatch
) -> None:
    without_library.setattr(lightgbm_library, "find_spec", lambda _: None)
    with pytest.raises(StorageError, match="needs a library that is not installed") as caught:
        load_model("lightgbm", folder)
    assert "Install lightgbm" in caught.value.next_step


def test_a_package_without_its_compiled_part_is_as_good_as_none(
    folder: Path, without_library: pytest.MonkeyPatch
) -> None:
    without_library.setattr(lightgbm_library, "_FILE_NAMES", ("lib_elsewhere.so",))
    with pytest.raises(StorageError, match="holds no LightGBM library"):
        load_model("lightgbm", folder)
