"""Columns as the source prints them."""

import polars as pl

from credit_scoring.synthetic_data.profile import as_printed, calibration, column_names, is_text


def test_no_amount_exceeds_the_largest_published_one() -> None:
    columns = {name: ["any", None] if is_text("bureau", name) else [1.0, None] for name in column_names("bureau")}
    rows = pl.DataFrame(columns | {"AMT_ANNUITY": [1.0, 4e9]})
    maximum = calibration()["columns"]["bureau"]["columns"]["AMT_ANNUITY"]["q"][-1]
    assert as_printed("bureau", rows)["AMT_ANNUITY"].to_list() == [1.0, maximum]


def test_columns_have_the_order_of_the_source_and_whole_numbers_have_no_decimals() -> None:
    rows = pl.DataFrame({"STATUS": ["C"], "MONTHS_BALANCE": [-3.0], "SK_ID_BUREAU": [7.0], "intermediate": [1.0]})
    printed = as_printed("bureau_balance", rows)
    assert printed.columns == ["SK_ID_BUREAU", "MONTHS_BALANCE", "STATUS"]
    assert printed.row(0) == (7, -3, "C")
    assert printed["MONTHS_BALANCE"].dtype == pl.Int64
