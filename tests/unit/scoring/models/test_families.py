"""Properties of the models of every family."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.preprocessing import FunctionTransformer

from credit_scoring.core.errors import StorageError, UnexplainableModelError
from credit_scoring.scoring.models import all_families, family_names, load_model
from tests.support.scorers import small_features
from tests.support.small_models import FEATURE_COUNT, FEATURES, small_model

FAMILIES = family_names()
EXPLAINABLE = [name for name, family in all_families().items() if family.is_explainable]
SERVED = [name for name, family in all_families().items() if family.is_served]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_model_is_read_back_to_the_bit(family: str, tmp_path: Path) -> None:
    model = small_model(family)
    model.save(tmp_path)
    loaded = load_model(family, tmp_path)
    assert loaded.family == family == model.family
    assert loaded.margin(FEATURES).tobytes() == model.margin(FEATURES).tobytes()
    assert loaded.importance().tobytes() == model.importance().tobytes()


@pytest.mark.parametrize("family", SERVED)
def test_a_row_alone_gives_the_bits_it_gives_among_others(family: str) -> None:
    model = small_model(family)
    features = small_features(FEATURE_COUNT, rows=150, seed=8)
    batch = model.margin(features)
    assert batch.shape == (150,)
    assert batch.dtype == np.float64
    for position in range(len(features)):
        alone = model.margin(features[position : position + 1])
        assert alone.tobytes() == batch[position].tobytes()


@pytest.mark.parametrize("family", SERVED)
def test_rows_beyond_a_block_are_scored_like_the_first(family: str) -> None:
    model = small_model(family)
    features = np.tile(FEATURES, (25, 1))
    assert model.margin(features).tobytes() == np.tile(model.margin(FEATURES), 25).tobytes()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_client_without_any_known_feature_gets_a_finite_margin(family: str) -> None:
    nothing = np.full((1, FEATURE_COUNT), np.nan, dtype=np.float32)
    assert np.isfinite(small_model(family).margin(nothing)).all()


@pytest.mark.parametrize("family", EXPLAINABLE)
def test_contributions_sum_to_the_margin(family: str) -> None:
    model = small_model(family)
    contributions = model.contributions(FEATURES)
    assert contributions.shape == (len(FEATURES), FEATURE_COUNT + 1)
    assert contributions.sum(axis=1) == pytest.approx(model.margin(FEATURES), abs=1e-6)
    assert np.ptp(contributions[:, -1]) == 0


@pytest.mark.parametrize("family", ["multilayer_perceptron", "random_forest"])
def test_a_family_without_exact_contributions_raises(family: str) -> None:
    with pytest.raises(UnexplainableModelError, match=f"family {family}"):
        small_model(family).contributions(FEATURES)


@pytest.mark.parametrize("family", FAMILIES)
def test_importances_are_shares(family: str) -> None:
    importance = small_model(family).importance()
    assert importance.shape == (FEATURE_COUNT,)
    assert importance.min() >= 0
    assert importance.sum() == pytest.approx(1)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("content", [None, b"", b"something else"])
def test_a_missing_or_damaged_file_is_a_clear_error(family: str, content: bytes | None, tmp_path: Path) -> None:
    small_model(family).save(tmp_path)
    for file in [path for path in tmp_path.rglob("*") if path.is_file()]:
        file.unlink() if content is None else file.write_bytes(content)
    with pytest.raises(StorageError, match=f"{family} model in .* cannot be read") as caught:
        load_model(family, tmp_path)
    assert "train --force" in caught.value.next_step


def test_an_unknown_family_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no model family 'oracle' .*lightgbm"):
        load_model("oracle", tmp_path)


TRAINING_LIBRARIES = ("catboost", "imblearn", "optuna", "pandas", "polars", "sklearn", "skops")


@pytest.mark.slow
@pytest.mark.parametrize("family", SERVED)
def test_a_served_family_needs_neither_training_libraries_nor_those_of_other_families(
    family: str, tmp_path: Path
) -> None:
    small_model(family).save(tmp_path)
    others = {"lightgbm", "xgboost"} - {family}
    program = (
        "import sys; from pathlib import Path; import numpy as np\n"
        f"for name in {(*TRAINING_LIBRARIES, *others)}: sys.modules[name] = None\n"
        "from credit_scoring.scoring.models import load_model\n"
        f"model = load_model({family!r}, Path({str(tmp_path)!r}))\n"
        f"assert model.margin(np.zeros((1, {FEATURE_COUNT}), dtype=np.float32)).shape == (1,)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_truncated_lightgbm_text_is_refused_before_it_reaches_the_library(tmp_path: Path) -> None:
    small_model("lightgbm").save(tmp_path)
    file = tmp_path / "model.txt"
    file.write_text(file.read_text()[: file.stat().st_size // 2])
    with pytest.raises(StorageError, match="no line 'end of trees'"):
        load_model("lightgbm", tmp_path)


def test_a_type_that_is_not_trusted_is_never_loaded(tmp_path: Path) -> None:
    skops.io.dump(FunctionTransformer(os.getcwd), tmp_path / "model.skops")
    with pytest.raises(StorageError, match="random_forest model in .* cannot be read .*posix"):
        load_model("random_forest", tmp_path)


def test_several_threads_predict_with_one_booster_at_once(tmp_path: Path) -> None:
    small_model("lightgbm").save(tmp_path)
    loaded = load_model("lightgbm", tmp_path)
    expected = loaded.margin(FEATURES).tobytes()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: loaded.margin(FEATURES).tobytes(), range(200))) == {expected}
