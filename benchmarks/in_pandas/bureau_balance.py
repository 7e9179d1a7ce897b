"""Months of credits with other lenders, in pandas."""

import pandas as pd
from in_pandas.aggregates import counts, shares, statistics


def bureau_balance(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Months of credits with other lenders."""
    rows = rows[rows.MONTHS_BALANCE <= 0]
    grade = pd.to_numeric(rows.STATUS, errors="coerce")
    rows = rows.assign(
        late_grade=grade, late_share=(grade >= 1).astype(float).where(grade.notna()), months_ago=-rows.MONTHS_BALANCE
    )
    windows = {f"last_{months}_months": rows.MONTHS_BALANCE > -months for months in (3, 6, 12, 24)}
    masks = {
        "": pd.Series(True, rows.index),
        "graded": grade.notna(),
        "late": grade >= 1,
        "very_late": grade >= 2,
        "closed": rows.STATUS == "C",
        "unreported": rows.STATUS == "X",
        "late_last_12_months": (grade >= 1) & windows["last_12_months"],
        "as_of_6_months": rows.MONTHS_BALANCE <= -6,
        **windows,
    }
    among_graded = shares("bureau_balance", rows, masks, ("late", "very_late"), "graded")
    return (
        counts("bureau_balance", rows, masks, ("", "late", "very_late", "late_last_12_months"))
        | {name.removesuffix("_graded"): values for name, values in among_graded.items()}
        | shares("bureau_balance", rows, masks, ("closed", "unreported"), "")
        | statistics("bureau_balance", rows, masks, "late_grade", ("",), ("mean", "max"))
        | statistics("bureau_balance", rows, masks, "late_grade", tuple(windows), ("max",))
        | statistics(
            "bureau_balance",
            rows,
            masks,
            "late_share",
            ("last_12_months", "last_24_months", "as_of_6_months"),
            ("mean",),
        )
        | statistics("bureau_balance", rows, masks, "months_ago", ("late", "very_late"), ("min",))
        | statistics("bureau_balance", rows, masks, "months_ago", ("",), ("min", "max"))
    )
