"""The true probability of default: a function of what the tables show of a client, and of nothing else.

``probability = 1 / (1 + exp(-(intercept + sum of effects)))``. Each effect belongs to one characteristic of
``effects``: its distance from the mean in standard deviations, bounded, times a weight; a characteristic that the
tables do not show has no effect. One more effect is the product of two sums: bad habits weigh more on clients whose
outside scores are weak. So a model that reads the tables perfectly knows the probability, and only the draw of TARGET
is left to chance.

The latent risk of a client (``clients``) moves outside scores, late payments, refusals, debts and the use of limits
together, and so shows in TARGET through them; it has no other effect.

``truth.json`` holds means, deviations and weights; ``python -m scripts.calibration.truth`` computes them, so that
single columns have their published AUCs and a perfect model has ``CEILING_AUC``.
"""

import json
from bisect import bisect
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from credit_scoring.synthetic_data.distributions import Floats
from credit_scoring.synthetic_data.effects import EFFECTS, Effect
from credit_scoring.synthetic_data.profile import calibration

CEILING_AUC = 0.797
MINIMUM_DEFAULTS = 30
_MAXIMUM_RATE = 0.25
_MAXIMUM_DEVIATIONS = 2.5
_STEEPNESS = 1.5
_BOTH_TOGETHER = 0.3


def shape(values: Floats, centre: float, scale: float, effect: Effect) -> Floats:
    """An effect of weight 1: 0 at the mean and where the value is NaN, bounded on both sides."""
    distance = np.nan_to_num((values - centre) / scale)
    if effect.history:
        return np.asarray(np.tanh(_STEEPNESS * distance), dtype=np.float64)
    return np.clip(distance, -_MAXIMUM_DEVIATIONS, _MAXIMUM_DEVIATIONS)


def sum_of_effects(effects: dict[str, Floats]) -> Floats:
    """Log-odds of default without the intercept: all effects, and what bad habits add to weak outside scores."""
    total, scores, history = (np.zeros(len(next(iter(effects.values())))) for _ in range(3))
    for name, values in effects.items():
        total += values
        if EFFECTS[name].history:
            history += values
        elif EFFECTS[name].column.startswith("EXT_SOURCE"):
            scores += values
    return np.asarray(total + _BOTH_TOGETHER * scores * history, dtype=np.float64)


def true_probability(shown: dict[str, Floats], is_test: NDArray[np.bool_], train_clients: int) -> Floats:
    """Probability of default of each client of a chunk.

    The intercept is the one with which the mean over the chunk's train clients is the published default rate; from
    chunk to chunk it moves by a hundredth. Very small runs get more defaults than published, or the folds of a training
    would have none.

    Args:
        shown: characteristics of the clients.
        is_test: clients whose outcome is not published.
        train_clients: train clients of the whole run.
    """
    effects: dict[str, Floats] = {}
    for name, effect in EFFECTS.items():
        entry = truth_constants()[name]
        effects[name] = entry["weight"] * shape(shown[name], entry["centre"], entry["scale"], effect)
    # Rounded, because the last bits of a hyperbolic tangent differ between processors.
    total = np.round(sum_of_effects(effects), 6)
    rate = max(calibration()["target"]["rate"], min(_MAXIMUM_RATE, MINIMUM_DEFAULTS / max(train_clients, 1)))
    # A run can end in a chunk of a client or two, all of them without a published outcome.
    measured = total if is_test.all() else total[~is_test]
    return logistic(intercept_for(measured, rate) + total)


def draw_defaults(chances: Floats, is_test: NDArray[np.bool_], random: np.random.Generator) -> NDArray[np.int8]:
    """1 where a client defaults; among train and among test clients as many as their chances add up to.

    Clients are drawn systematically in the order of their chances, so that the likely and the unlikely have their
    numbers too: the AUC of a perfect model hardly differs from seed to seed, even in a small run.
    """
    defaults = np.zeros(len(chances), dtype=np.int8)
    for part in (is_test, ~is_test):
        order = np.flatnonzero(part)[np.argsort(chances[part], kind="stable")]
        reached = np.floor(np.cumsum(chances[order]) + random.random())
        defaults[order] = np.diff(reached, prepend=0.0) > 0
    return defaults


def logistic(log_odds: Floats) -> Floats:
    """Probability at log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float64)


def intercept_for(effects: Floats, rate: float) -> float:
    """The intercept, to six digits, with which probabilities have this mean."""
    millionths = range(-12_000_000, 4_000_000)
    found = bisect(millionths, rate, key=lambda intercept: float(logistic(intercept / 1e6 + effects).mean()))
    return millionths[found] / 1e6


@cache
def truth_constants() -> dict[str, dict[str, float]]:
    """The content of ``truth.json``: for each characteristic its mean (centre), deviation (scale) and weight."""
    text = (files("credit_scoring.synthetic_data") / "truth.json").read_text()
    content: dict[str, dict[str, float]] = json.loads(text)
    return content
