"""The order of rows in a bucket, against sorting by all columns one after the other."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.data_ingestion.convert import sort_rows

INT_32 = st.integers(-(2**31), 2**31 - 1)
INT_64 = st.integers(-(2**63), 2**63 - 1)
ROWS = st.lists(
    st.tuples(
        st.none() | INT_32,
        st.none() | st.integers(0, 2),
        st.none() | INT_64,
        st.none() | st.sampled_from(["a", "b", "ab", ""]),
        st.none() | st.floats(allow_nan=False),
    )
)
SCHEMA = {"client": pl.Int32, "loan": pl.Int8, "number": pl.Int64, "word": pl.String, "amount": pl.Float64}


def table(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    # The same zero twice would leave an order that shows only in its sign.
    return frame.with_columns(pl.col("word").cast(pl.Categorical), pl.col("amount") + 0.0)


@given(ROWS)
def test_rows_are_sorted_by_all_columns_nulls_last(rows: list[tuple[object, ...]]) -> None:
    frame = table(rows)
    expected = frame.sort("client", "loan", "number", "word", "amount", nulls_last=True)
    assert sort_rows(frame, ("client", "loan", "number")).equals(expected)


@given(ROWS, st.randoms())
def test_the_order_of_the_source_does_not_show(rows: list[tuple[object, ...]], random: object) -> None:
    assert hasattr(random, "shuffle")
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert sort_rows(table(rows), ("client", "loan")).equals(sort_rows(table(shuffled), ("client", "loan")))
