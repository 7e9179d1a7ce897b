"""Features of one function are computed together, each after what it reads, and as if each row were alone."""

from collections.abc import Callable
from typing import cast

import numpy as np
import pytest

from credit_scoring.feature_engineering.application.arithmetic import Values, lowest, ratio, unchanged
from credit_scoring.feature_engineering.application.definition import FeatureGroup
from credit_scoring.feature_engineering.application.plan import Plan
from credit_scoring.feature_engineering.application.population import Population

NOBODY = cast(Population, None)
ROWS = 2_500


def plan_of(*declared: tuple[str, Callable[..., Values], tuple[str, ...]]) -> Plan:
    """A plan over columns a and b and the history h."""
    group = FeatureGroup()
    for name, function, parameters in declared:
        group.add(name, function, parameters, unit="number", meaning="Made up for a test.")
    return Plan(group.features, ["a", "b"], ["unused", "h"])


def columns(rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """Numbers, zeros of either sign, and missing values."""
    random = np.random.default_rng(0)
    values = random.choice([0.0, -0.0, np.nan, 1.5, -2.0], size=(4, rows))
    return values[:2], values[2:].T.astype(np.float32)


PLAN = (
    ("first", ratio, ("a", "b")),
    ("second", ratio, ("h", "first")),
    ("third", ratio, ("b", "h")),
    ("same", unchanged, ("b",)),
    ("least", lowest, ("a", "b", "h")),
)


def test_features_are_what_their_functions_give_whatever_is_computed_together() -> None:
    application, history = columns()
    computed = plan_of(*PLAN).compute(application, history, NOBODY)
    with np.errstate(all="ignore"):
        past = history[:, 1].astype(np.float64)
        a, b = application
        first = ratio(a, b)
        expected = np.array(
            [
                first,
                ratio(past, first),
                ratio(b, past),
                b,
                lowest(a, b, past),
            ]
        ).T.astype(np.float32)
    expected[~np.isfinite(expected)] = np.nan
    np.testing.assert_array_equal(computed, expected)


def test_one_function_is_called_once_for_all_features_whose_inputs_are_known() -> None:
    shapes = []

    def counted(first: Values, second: Values) -> Values:
        shapes.append(first.shape)
        return np.add(first, second)

    plan = plan_of(("x", counted, ("a", "b")), ("z", counted, ("x", "h")), ("y", counted, ("b", "h")))
    application, history = columns(3)
    plan.compute(application, history, NOBODY)
    assert shapes == [(2, 3), (3,)]


def test_a_row_alone_gives_the_bits_it_gives_among_others_zeros_of_either_sign_included() -> None:
    plan = plan_of(*PLAN)
    application, history = columns()
    together = plan.compute(application, history, NOBODY)
    for row in range(0, ROWS, 7):
        alone = plan.compute(application[:, row : row + 1], history[row : row + 1], NOBODY)
        assert alone.tobytes() == together[row : row + 1].tobytes()
    assert not (np.signbit(together) & (together == 0)).any()


def test_what_nothing_before_it_gives_is_named() -> None:
    with pytest.raises(ValueError, match=r"early reads \['late'\], which nothing before it gives"):
        plan_of(("early", ratio, ("a", "late")), ("late", ratio, ("a", "b")))


def test_of_nobody_nothing_is_computed() -> None:
    application, history = columns(0)
    assert plan_of(*PLAN).compute(application, history, NOBODY).shape == (0, 5)
