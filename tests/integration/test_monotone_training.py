"""A training that is asked for constraints registers a constrained tree, and says what that costs."""

import json

import numpy as np
import polars as pl

from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store import step as feature_store
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.train import step as train
from credit_scoring.train.monotone import directions
from tests.support.feature_versions import compute_made_up_features, made_up_features

_SWEPT_CLIENTS = 20


def test_the_registered_scorer_moves_one_way_only_and_the_report_tells_the_price(
    with_tracking: Settings,
) -> None:
    settings = with_tracking.with_values(
        training={"monotone_constraints": True, "families": "lightgbm"}, tuning={"trials": 2}
    )
    compute_made_up_features(settings, made_up_features())
    feature_store.run(settings)
    train.run(settings)
    folder = Storage.of(settings).current(train.TRAIN_STEP)
    assert json.loads((folder / train.PARAMETERS_FILE).read_bytes())["monotone"] is True
    decisions = dict(pl.read_csv(folder / train.COMPARISON_FILE).select("model", "decision").iter_rows())
    assert decisions["lightgbm"] == "not eligible: free where constraints are asked for"
    assert "champion" in (decisions["lightgbm_monotone"], decisions.get("lightgbm_tuned"))
    page = (folder / train.REPORT_FILE).read_text()
    assert "Price of monotone constraints" in page

    scorer = ModelRegistry(settings).load("staging").scorer
    known = directions(scorer.description.feature_names)
    random = np.random.default_rng(1)
    clients = random.normal(size=(_SWEPT_CLIENTS, len(known))).astype(np.float32)
    grid = np.linspace(-3, 3, 25, dtype=np.float32)
    moved = 0
    for place in np.flatnonzero(known):
        swept = np.repeat(clients, len(grid), axis=0)
        swept[:, place] = np.tile(grid, _SWEPT_CLIENTS)
        steps = np.diff(scorer.probability(swept).reshape(_SWEPT_CLIENTS, len(grid)), axis=1)
        assert (steps * known[place] >= 0).all(), scorer.description.feature_names[place]
        moved += int((steps != 0).any())
    # Many constrained features are really used: the sweep is no walk on a plain.
    assert moved > 10
