"""Values that break the declaration of their feature are found, with the feature's name and an example."""

import math

import polars as pl
import pytest

from credit_scoring.core.errors import ValidationFailedError
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import Feature
from credit_scoring.feature_engineering.promises import check_promises

SHARE = Feature(
    name="bureau_share_x",
    kind="history",
    source="bureau",
    unit="share from 0 to 1",
    meaning="A share that is always known.",
    inputs=("DAYS_CREDIT",),
    concept=Concept.CREDIT_HISTORY,
    minimum=0.1,
    maximum=0.9,
    nullable=False,
    without_history=0.1,
)
ANYTHING = SHARE.model_copy(update={"name": "bureau_x", "minimum": None, "maximum": None, "nullable": True})


def check(feature: Feature, *values: float | None) -> None:
    clients = pl.Series(CLIENT, range(7, 7 + len(values)), dtype=pl.Int32)
    check_promises(pl.DataFrame([clients, pl.Series(feature.name, values, dtype=pl.Float32)]), [feature])


def test_values_at_the_bounds_keep_the_range_although_they_are_rounded_to_float32() -> None:
    check(SHARE, 0.1, 0.5, 0.9)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0.95, "is 0.949999988 for client 8, but its range is 0.1 to 0.9; 1 of 2 checked applications"),
        (-1, "is -1 for client 8, but its range is 0.1 to 0.9"),
        (None, "is missing for client 8, but it is never missing"),
        (math.inf, "is inf for client 8, but every value is a finite number"),
        (math.nan, "is nan for client 8, but every value is a finite number"),
    ],
)
def test_a_broken_promise_names_the_feature_a_client_and_the_value(value: float | None, message: str) -> None:
    with pytest.raises(ValidationFailedError, match=f"bureau_share_x {message}") as raised:
        check(SHARE, 0.5, value)
    assert "`credit-scoring features where bureau_share_x`" in raised.value.next_step


def test_a_feature_without_promises_may_hold_any_finite_number_or_none() -> None:
    check(ANYTHING, -1e30, 1e30, None)
    with pytest.raises(ValidationFailedError, match="finite"):
        check(ANYTHING, math.inf)


def test_a_feature_that_the_frame_lacks_is_not_checked() -> None:
    known = pl.DataFrame({CLIENT: [1], ANYTHING.name: [1.0]})
    check_promises(known, [SHARE, ANYTHING])
