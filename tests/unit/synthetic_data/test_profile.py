"""Columns as the source prints them."""

import numpy as np

from credit_scoring.synthetic_data.profile import as_printed, calibration, column_names


def test_no_amount_is_larger_than_the_largest_published_one() -> None:
    facts = calibration()["columns"]["bureau"]["columns"]
    words, numbers = np.array(["any", "any", None], dtype=object), np.array([1.0, 4e9, 0.0])
    columns = {name: numbers if "q" in facts[name] else words for name in column_names("bureau")}
    columns["AMT_ANNUITY"] = np.array([1.0, 4e9, np.nan])
    printed = as_printed("bureau", columns)
    assert printed["AMT_ANNUITY"].to_list() == [1.0, facts["AMT_ANNUITY"]["q"][-1], None]
