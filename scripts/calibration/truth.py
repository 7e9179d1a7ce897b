"""Rewrites truth.json: ``python -m scripts.calibration.truth``.

Draws synthetic tables without TARGET, measures the characteristics of their clients, and seeks the weights with
which single columns have their published AUCs while a perfect model has ``truth.CEILING_AUC``: weights of columns of
the application are moved one by one until their AUCs fit, those of histories all together until the ceiling fits.
"""

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl

from credit_scoring.core.progress import progress
from credit_scoring.synthetic_data.chunks import CLIENTS_PER_CHUNK, chunks_of
from credit_scoring.synthetic_data.profile import Floats, calibration
from credit_scoring.synthetic_data.tables import drawn_tables
from credit_scoring.synthetic_data.truth import (
    CEILING_AUC,
    EFFECTS,
    characteristics,
    intercept_for,
    logistic,
    shape,
    sum_of_effects,
)
from scripts.calibration.loadings import expected_auc

CLIENTS = 16 * CLIENTS_PER_CHUNK
SEED = 20_180_517
# The outside scores say a little more than published: other columns of real clients, which are not modelled, help too.
_MORE_OF_OUTSIDE_SCORES = 0.006
_ROUNDS, _COLUMN_STEP, _HISTORY_STEP = 40, 2.5, 3.0


def truth_text(clients: int = CLIENTS) -> str:
    """Content of truth.json, fitted on this many clients."""
    shown, columns = _train_clients(clients)
    effects: dict[str, dict[str, float]] = {}
    shapes = {}
    for name, effect in EFFECTS.items():
        centre, scale = float(np.nanmean(shown[name])), float(np.nanstd(shown[name]))
        effects[name] = {"centre": _short(centre), "scale": _short(scale)}
        shapes[name] = shape(shown[name], effects[name]["centre"], effects[name]["scale"], effect)
    weights = _weights(shapes, columns)
    for name, weight in weights.items():
        effects[name]["weight"] = round(weight, 4)
    return json.dumps(effects, indent=1) + "\n"


def _train_clients(clients: int) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Characteristics of train clients, and the columns whose AUCs are wanted."""
    shown: list[dict[str, Floats]] = []
    applications: list[pl.DataFrame] = []
    for chunk in progress(chunks_of(clients, SEED), "Drawing clients"):
        of_chunk, tables = drawn_tables(chunk)
        is_train = ~of_chunk["is_test"].to_numpy()
        of_all = characteristics(tables, of_chunk["SK_ID_CURR"].to_numpy())
        shown.append({name: values[is_train] for name, values in of_all.items()})
        applications.append(tables["application_train"])
    rows = pl.concat(applications)
    columns = {}
    for effect in EFFECTS.values():
        if effect.column:
            values = rows[effect.column.split(" ")[0]].cast(pl.Float64).fill_null(float("nan")).to_numpy()
            columns[effect.column] = np.where(values < 365_243, values, np.nan)
    return {name: np.concatenate([part[name] for part in shown]) for name in EFFECTS}, columns


def _weights(shapes: dict[str, Floats], columns: dict[str, Floats]) -> dict[str, float]:
    weights = {name: 0.0 if effect.history else effect.strength for name, effect in EFFECTS.items()}
    rate, history = calibration()["target"]["rate"], 0.2
    for _ in range(_ROUNDS):
        for name, effect in EFFECTS.items():
            if effect.history:
                weights[name] = history * effect.strength
        total = _total(shapes, weights)
        chance = logistic(intercept_for(total, rate) + total)
        for name, effect in EFFECTS.items():
            if effect.column:
                values = columns[effect.column]
                gap = expected_auc(values, chance) - _wanted(effect.column)
                known = ~np.isnan(values)
                same_way = np.sign(np.corrcoef(shapes[name][known], values[known])[0, 1])
                weights[name] -= _COLUMN_STEP * gap * float(same_way)
        history *= float(np.exp(_HISTORY_STEP * (CEILING_AUC - expected_auc(total, chance))))
    return weights


def _wanted(column: str) -> float:
    published = float(calibration()["target"]["auc"][column])
    is_outside = column.startswith("EXT_SOURCE")
    return published + (np.sign(published - 0.5) * _MORE_OF_OUTSIDE_SCORES if is_outside else 0.0)


def _total(shapes: dict[str, Floats], weights: dict[str, float]) -> Floats:
    return sum_of_effects({name: weights[name] * values for name, values in shapes.items()})


def _short(number: float) -> float:
    return float(f"{number:.5g}")


if __name__ == "__main__":
    (Path(str(files("credit_scoring.synthetic_data"))) / "truth.json").write_text(truth_text())
