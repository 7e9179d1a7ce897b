"""Single columns of the eight tables and their relation with TARGET, as the profile publishes them."""

from typing import Any

import numpy as np

from credit_scoring.synthetic_data.profile import PROBABILITIES

_NOT_EMPLOYED = 365_243
_ESTIMATED = {"1%": 1, "5%": 2, "10%": 3, "90%": 7, "95%": 8, "99%": 9}
_PUBLISHED = {"min": 0, "25%": 4, "50%": 5, "75%": 6, "max": 10}


def columns_section(profile: dict[str, Any]) -> dict[str, Any]:
    """For each table its published row count and, for each column, a marginal with its quartiles and deviation."""
    return {
        table: {
            "rows": facts["rows"],
            "columns": {name: _column(facts["rows"], column) for name, column in facts["columns"].items()},
        }
        for table, facts in profile["tables"].items()
    }


def _column(rows: int, facts: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if facts["null_count"]:
        entry["null"] = round(facts["null_count"] / rows, 6)
    if facts["dtype"] == "int64":
        entry["whole"] = True
    if "published" in facts:
        return entry | _number(facts)
    counts = facts.get("categories") or facts["category_shares_estimated"]
    counts = counts | facts.get("categories_tail_estimated", {})
    total = sum(counts.values())
    return entry | {"v": list(counts), "w": [round(count / total, 7) for count in counts.values()]}


def _number(facts: dict[str, Any]) -> dict[str, Any]:
    published, estimated = facts["published"], facts["estimated"]
    quantiles = [0.0] * len(PROBABILITIES)
    for label, index in _PUBLISHED.items():
        quantiles[index] = _short(published[label])
    for label, index in _ESTIMATED.items():
        quantiles[index] = _short(estimated[label])
    for index in range(1, len(quantiles)):
        quantiles[index] = max(quantiles[index], quantiles[index - 1])
    entry: dict[str, Any] = {"q": quantiles, "std": _short(published["std"]), "mean": _short(published["mean"])}
    if shares := facts.get("value_shares_estimated"):
        values = [float(value) for value in shares]
        weights = list(shares.values())
        if set(values) <= {0.0, 1.0}:
            values, weights = [0.0, 1.0], [1.0 - published["mean"], published["mean"]]
        entry |= {"v": values, "w": [round(weight, 7) for weight in weights]}
    return entry


def _short(number: float) -> float:
    return float(f"{number:.7g}")


def employed_section(columns: dict[str, Any]) -> dict[str, Any]:
    """DAYS_EMPLOYED and ORGANIZATION_TYPE of clients who work: the published columns without their placeholders.

    Args:
        columns: the columns of an application table, as in ``columns_section``.
    """
    names = columns["ORGANIZATION_TYPE"]
    organizations = {name: share for name, share in zip(names["v"], names["w"], strict=True) if name != "XNA"}
    employed = sum(organizations.values())
    days = [value for value in columns["DAYS_EMPLOYED"]["q"] if value < _NOT_EMPLOYED]
    shares = [share / employed for share in PROBABILITIES[: len(days)]]
    quantiles = np.interp(PROBABILITIES, [*shares, 1.0], [*days, -1.0])
    return {
        "DAYS_EMPLOYED": {"": {"q": np.round(quantiles).tolist()}},
        "ORGANIZATION_TYPE": {"": {"v": list(organizations), "w": list(organizations.values())}},
    }


def target_section(profile: dict[str, Any]) -> dict[str, Any]:
    """Default rate, AUC of single columns, default rate where a column is null, and by category."""
    target = profile["target"]
    numeric = target["by_numeric"]
    return {
        "rate": target["rate"]["rate"],
        "auc": {
            name: facts["auc_estimated_nonnull"] for name, facts in numeric.items() if "auc_estimated_nonnull" in facts
        },
        "rate_if_null": {
            name: facts["target_rate_if_null"]
            for name, facts in numeric.items()
            if facts.get("target_rate_if_null") is not None
        },
        "rate_by_category": {
            name: {label: round(group["rate"], 5) for label, group in facts["published"].items()}
            for name, facts in target["by_category"].items()
        },
        "mean_ext_source_auc": target["auc_single_ext_source"]["mean of the three (nulls skipped)"],
    }
