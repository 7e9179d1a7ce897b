"""Features of one function are computed together, each after what it reads, and as if each row were alone."""

from collections.abc import Callable

import numpy as np
import pytest

from credit_scoring.feature_engineering.application.arithmetic import Values, lowest, ratio, unchanged
from credit_scoring.feature_engineering.application.evaluator import Evaluator
from credit_scoring.feature_engineering.application.feature_list import FeatureList
from credit_scoring.feature_engineering.concepts import Concept

ROWS = 2_500


def evaluator_of(*declared: tuple[str, Callable[..., Values], tuple[str, ...]]) -> Evaluator:
    """An evaluator over the columns a and b and the history feature h."""
    group = FeatureList(Concept.AFFORDABILITY)
    for name, function, parameters in declared:
        group.add(name, function, parameters, unit="times", meaning="Made up for a test.")
    return Evaluator(group.features, ["a", "b"], ["unused", "h"])


def columns(rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """Numbers, zeros of either sign, and missing values."""
    random = np.random.default_rng(0)
    values = random.choice([0.0, -0.0, np.nan, 1.5, -2.0], size=(4, rows))
    return values[:2], values[2:].T.astype(np.float32)


DECLARED = (
    ("first", ratio, ("a", "b")),
    ("second", ratio, ("h", "first")),
    ("third", ratio, ("b", "h")),
    ("same", unchanged, ("b",)),
    ("least", lowest, ("a", "b", "h")),
)


def test_features_computed_together_equal_those_computed_one_by_one() -> None:
    application, history = columns()
    computed = evaluator_of(*DECLARED).compute(application, history)
    with np.errstate(all="ignore"):
        past = history[:, 1].astype(np.float64)
        a, b = application
        first = ratio(a, b)
        expected = np.array([first, ratio(past, first), ratio(b, past), b, lowest(a, b, past)]).T.astype(np.float32)
    expected[~np.isfinite(expected)] = np.nan
    np.testing.assert_array_equal(computed, expected)


def test_a_single_row_gives_the_bits_of_a_batch_with_zeros_of_either_sign() -> None:
    evaluator = evaluator_of(*DECLARED)
    application, history = columns()
    together = evaluator.compute(application, history)
    for row in range(0, ROWS, 7):
        alone = evaluator.compute(application[:, row : row + 1], history[row : row + 1])
        assert alone.tobytes() == together[row : row + 1].tobytes()
    assert not (np.signbit(together) & (together == 0)).any()


def test_an_unknown_input_is_rejected_by_name() -> None:
    with pytest.raises(ValueError, match=r"early reads \['late'\], which nothing before it provides"):
        evaluator_of(("early", ratio, ("a", "late")), ("late", ratio, ("a", "b")))


def test_a_name_that_is_used_twice_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"\['a'\] are the names of several columns"):
        Evaluator((), ["a", "b"], [], ["a"], _sum_and_double)


def test_no_application_gives_no_row() -> None:
    application, history = columns(0)
    assert evaluator_of(*DECLARED).compute(application, history).shape == (0, 5)


def test_derived_columns_are_read_like_those_of_the_application() -> None:
    group = FeatureList(Concept.AFFORDABILITY)
    group.add("x", np.subtract, ("double", "h"), unit="times", meaning="Made up for a test.")
    evaluator = Evaluator(group.features, ["a", "b"], ["unused", "h"], ["sum", "double"], _sum_and_double)
    application, history = np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros((2, 2), dtype=np.float32)
    assert evaluator.compute(application, history).T.tolist() == [[2.0, 4.0]]


def _sum_and_double(columns: Values) -> Values:
    return np.array([columns[0] + columns[1], 2.0 * columns[0]])
