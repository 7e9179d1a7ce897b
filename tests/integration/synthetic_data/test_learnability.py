"""The tables show the risk: a model that reads a few plain columns and sums comes close to the perfect model.

Taught with the true log-odds, so that the size of the run does not hide what the columns say.
"""

import json

import numpy as np
import polars as pl
import pytest

from credit_scoring.synthetic_data.profile import Floats
from credit_scoring.synthetic_data.truth import CEILING_AUC, truth_constants
from credit_scoring.synthetic_data.writer import SyntheticTables
from scripts.calibration.loadings import expected_auc
from scripts.calibration.truth import truth_text

pytestmark = pytest.mark.slow

_SCORES = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3")
Tables = dict[str, pl.DataFrame]


def _plain_features(tables: Tables) -> pl.DataFrame:
    """Per train client some columns of the application, and a mean or two of each history."""
    per_client = [
        tables["installments_payments"]
        .group_by("SK_ID_CURR")
        .agg(late=(pl.col("DAYS_ENTRY_PAYMENT") > pl.col("DAYS_INSTALMENT")).mean()),
        tables["previous_application"]
        .group_by("SK_ID_CURR")
        .agg(refused=(pl.col("NAME_CONTRACT_STATUS") == "Refused").mean()),
        tables["bureau"]
        .group_by("SK_ID_CURR")
        .agg(
            active=(pl.col("CREDIT_ACTIVE") == "Active").mean(),
            started=pl.col("DAYS_CREDIT").mean(),
            debt=(pl.col("AMT_CREDIT_SUM_DEBT").sum() / pl.col("AMT_CREDIT_SUM").sum()).clip(0, 1),
        ),
        tables["credit_card_balance"]
        .group_by("SK_ID_CURR")
        .agg(use=(pl.col("AMT_BALANCE") / (pl.col("AMT_CREDIT_LIMIT_ACTUAL") + 1)).mean().clip(0, 1)),
    ]
    features = tables["application_train"].select(
        "SK_ID_CURR",
        *_SCORES,
        "DAYS_ID_PUBLISH",
        "DAYS_LAST_PHONE_CHANGE",
        "REGION_RATING_CLIENT_W_CITY",
        pl.when(pl.col("DAYS_EMPLOYED") <= 0).then((50 - pl.col("DAYS_EMPLOYED")).log()).alias("employed"),
        pl.col("OWN_CAR_AGE").clip(0, 40),
        price=pl.col("AMT_CREDIT") / pl.col("AMT_GOODS_PRICE"),
        man=pl.col("CODE_GENDER") == "M",
    )
    for found in per_client:
        features = features.join(found, on="SK_ID_CURR", how="left", maintain_order="left")
    return features.drop("SK_ID_CURR")


def _share_of_ceiling(features: pl.DataFrame, log_odds: Floats) -> float:
    """Fits lines to half of the clients; the AUC above one half on the others as a share of the perfect model's."""
    known = features.cast(pl.Float64).fill_nan(None)
    columns = known.select(pl.all().fill_null(pl.all().mean())).to_numpy()
    columns = np.column_stack([columns, np.ones(len(columns))])
    fitted = np.arange(len(columns)) % 2 == 0
    weights = np.linalg.lstsq(columns[fitted], log_odds[fitted], rcond=None)[0]
    chances = 1.0 / (1.0 + np.exp(-log_odds[~fitted]))
    found = expected_auc(columns[~fitted] @ weights, chances)
    return (found - 0.5) / (expected_auc(log_odds[~fitted], chances) - 0.5)


@pytest.fixture(scope="module")
def log_odds(synthetic: SyntheticTables) -> Floats:
    truth = pl.read_parquet(synthetic.folder / "true_probability.parquet").filter(~pl.col("is_test"))
    chances = truth.sort("SK_ID_CURR")["probability"].to_numpy()
    return np.log(chances / (1.0 - chances))


def test_lines_through_a_few_plain_columns_come_close_to_the_perfect_model(tables: Tables, log_odds: Floats) -> None:
    assert _share_of_ceiling(_plain_features(tables), log_odds) > 0.95


def test_neither_outside_scores_nor_histories_say_it_all(tables: Tables, log_odds: Floats) -> None:
    features = _plain_features(tables)
    assert 0.6 < _share_of_ceiling(features.select(_SCORES), log_odds) < 0.85
    assert 0.5 < _share_of_ceiling(features.drop(_SCORES), log_odds) < 0.9


def test_the_committed_weights_are_those_that_the_calibration_finds() -> None:
    committed = truth_constants()
    assert 0.79 < CEILING_AUC < 0.82
    found = json.loads(truth_text(clients=20_000))
    assert list(found) == list(committed)
    for name, entry in committed.items():
        again = found[name]
        assert again["centre"] == pytest.approx(entry["centre"], abs=0.05 * entry["scale"]), name
        assert again["scale"] == pytest.approx(entry["scale"], rel=0.05), name
        assert again["weight"] == pytest.approx(entry["weight"], abs=0.06), name
