"""A training with constraints registers a constrained tree and reports the cost of the constraints."""

import json

import numpy as np
import polars as pl

from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store import step as feature_store
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import COMPARISON_FILE, PARAMETERS_FILE, REPORT_FILE, TRAIN_STEP
from credit_scoring.train import step as train
from credit_scoring.train.training_data import directions
from tests.support.feature_versions import compute_made_up_features, made_up_features

_SWEPT_CLIENTS = 20


def test_the_registered_scorer_moves_one_way_only_and_the_report_shows_the_cost(with_tracking: Settings) -> None:
    settings = with_tracking.with_values(
        training={"monotone_constraints": True, "families": "lightgbm"}, tuning={"trials": 2}
    )
    compute_made_up_features(settings, made_up_features())
    feature_store.run(settings)
    train.run(settings)
    folder = Storage.of(settings).current(TRAIN_STEP)
    assert json.loads((folder / PARAMETERS_FILE).read_bytes())["monotone"] is True
    decisions = dict(pl.read_csv(folder / COMPARISON_FILE).select("model", "decision").iter_rows())
    assert decisions["lightgbm"] == "not eligible: unconstrained where constraints are required"
    assert "champion" in (decisions["lightgbm_monotone"], decisions.get("lightgbm_tuned"))
    page = (folder / REPORT_FILE).read_text()
    assert "Cost of monotone constraints" in page

    scorer = ModelRegistry(settings).load("staging").scorer
    declared = directions(scorer.description.feature_names)
    random = np.random.default_rng(1)
    clients = random.normal(size=(_SWEPT_CLIENTS, len(declared))).astype(np.float32)
    grid = np.linspace(-3, 3, 25, dtype=np.float32)
    moved = 0
    for index in np.flatnonzero(declared):
        swept = np.repeat(clients, len(grid), axis=0)
        swept[:, index] = np.tile(grid, _SWEPT_CLIENTS)
        steps = np.diff(scorer.probability(swept).reshape(_SWEPT_CLIENTS, len(grid)), axis=1)
        assert (steps * declared[index] >= 0).all(), scorer.description.feature_names[index]
        moved += int((steps != 0).any())
    # Many constrained features are really used, so the sweep is not trivial.
    assert moved > 10
