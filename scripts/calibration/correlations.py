"""How the columns of an application depend on each other, and how strongly each follows the client's risk."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import norm

from credit_scoring.synthetic_data.profile import Floats
from scripts.calibration.columns import columns_section, target_section
from scripts.calibration.loadings import auc_of_choices, auc_of_loading, default_curve, loading_for, root
from scripts.calibration.shares import choices, numbers

_DERIVED = {"SK_ID_CURR", "TARGET", "AMT_CREDIT", "AMT_ANNUITY", "CNT_FAM_MEMBERS", "FLAG_EMP_PHONE"}
_RARE = 0.01
_MANY_VALUES = 60
_MAXIMUM_EXPLAINED = 0.8
_STRONG = 0.18


def application_section(profile: dict[str, Any], rows: Path) -> dict[str, Any]:
    """Names, correlation matrix and risk loadings of the latent columns, and what depends on the contract type."""
    target = target_section(profile)
    applications = _applications(rows)
    latent = _latent_columns(applications, profile, rows, target)
    scores = np.column_stack([_normal_scores(latent[name].to_numpy()) for name in latent.columns])
    matrix = _correlations(scores)
    loadings = _consistent(_loadings(latent, target), matrix)
    return {
        "latent": latent.columns,
        "correlation": [
            [round(1000 * value) for value in row[: index + 1]] for index, row in enumerate(matrix.tolist())
        ],
        "loading": [round(value, 4) for value in loadings.tolist()],
        "given": _given_contract(applications, profile),
    }


def _applications(rows: Path) -> pl.DataFrame:
    read = [
        pl.read_csv(rows / f"application_{part}.csv", infer_schema_length=None).with_columns(part=pl.lit(part))
        for part in ("train", "test")
    ]
    return pl.concat(read, how="diagonal_relaxed").with_columns(
        pl.col("DAYS_EMPLOYED").replace(365243, None),
        CREDIT_PER_GOODS=pl.col("AMT_CREDIT") / pl.col("AMT_GOODS_PRICE"),
        CREDIT_PER_ANNUITY=pl.when(pl.col("NAME_CONTRACT_TYPE") == "Cash loans").then(
            pl.col("AMT_CREDIT") / pl.col("AMT_ANNUITY")
        ),
    )


def _latent_columns(
    applications: pl.DataFrame, profile: dict[str, Any], rows: Path, target: dict[str, Any]
) -> pl.DataFrame:
    """One numeric column per latent variable; categories become their index in the order of default rates."""
    columns: dict[str, pl.Series] = {}
    for name, facts in profile["tables"]["application_test"]["columns"].items():
        if name in _DERIVED:
            continue
        values = applications[name]
        if values.dtype == pl.String:
            rates = target["rate_by_category"][name]
            order = sorted(rates, key=rates.__getitem__)
            values = values.replace_strict(order, range(len(order)), default=None)
        columns[name] = values.cast(pl.Float64)
        if name.endswith(("_MODE", "_MEDI")) and name.rpartition("_")[0] + "_AVG" in columns:
            continue
        if facts["null_share"] > _RARE and name not in ("OWN_CAR_AGE",) and not name.startswith("AMT_REQ"):
            columns[f"{name} is null"] = applications[name].is_null().cast(pl.Float64)
    columns["CREDIT_PER_GOODS"] = applications["CREDIT_PER_GOODS"]
    columns["CREDIT_PER_ANNUITY"] = applications["CREDIT_PER_ANNUITY"]
    for table in ("bureau", "previous_application"):
        counts = pl.read_csv(rows / f"{table}.csv", columns=["SK_ID_CURR"])["SK_ID_CURR"].value_counts()
        joined = applications.select("SK_ID_CURR").join(counts, on="SK_ID_CURR", how="left", maintain_order="left")
        columns[f"rows of {table}"] = joined["count"].fill_null(0).cast(pl.Float64)
    return pl.DataFrame(columns)


def _normal_scores(values: Floats) -> Floats:
    known = ~np.isnan(values)
    _, inverse, count = np.unique(values[known], return_inverse=True, return_counts=True)
    middle = (np.cumsum(count) - 0.5 * count) / known.sum()
    scores = np.full(len(values), np.nan)
    scores[known] = norm.ppf(middle)[inverse]
    return scores


def _correlations(scores: Floats) -> Floats:
    """Correlations of the normal variables behind the columns, corrected for columns with few values."""
    known = ~np.isnan(scores)
    filled = np.where(known, scores, 0.0)
    deviation = np.sqrt((filled**2).sum(axis=0) / known.sum(axis=0))
    pairs = known.T.astype(float) @ known
    moments = filled.T @ filled / np.maximum(pairs, 1)
    usable = np.minimum(known.sum(axis=0), [_less_common(column) for column in scores.T]) >= _RARE * len(scores) / 2
    variance = np.where(usable, deviation**2, 1.0)
    matrix = np.where(np.outer(usable, usable) & (pairs > 500), moments / np.outer(variance, variance), 0.0)
    matrix = np.clip(matrix, -0.97, 0.97)
    matrix[np.abs(matrix) < 0.02] = 0.0
    np.fill_diagonal(matrix, 1.0)
    return _positive_definite(matrix)


def _less_common(scores: Floats) -> int:
    _, count = np.unique(scores[~np.isnan(scores)], return_counts=True)
    return int(len(scores) if len(count) > _MANY_VALUES else count.sum() - count.max())


def _positive_definite(matrix: Floats, smallest: float = 0.02) -> Floats:
    for _ in range(20):
        eigenvalues, vectors = np.linalg.eigh(matrix)
        matrix = (vectors * np.maximum(eigenvalues, smallest)) @ vectors.T
        scale = np.sqrt(np.diag(matrix))
        matrix = matrix / np.outer(scale, scale)
    return np.round(matrix, 3)


def _loadings(latent: pl.DataFrame, target: dict[str, Any]) -> Floats:
    curve = default_curve(target["rate"])
    aucs = dict(target["auc"])
    aucs["DAYS_EMPLOYED"] = aucs["DAYS_EMPLOYED (365243 as null)"]
    loadings: list[float] = []
    for name in latent.columns:
        values = latent[name].drop_nulls()
        shares = values.value_counts(sort=False).sort(name)["count"].to_numpy() / len(values)
        if 1 - shares.max() < _RARE:
            loadings.append(0.0)
            continue
        if name in target["rate_by_category"]:
            wanted = _auc_of_rates(values, name, target)
        elif name.removesuffix(" is null") in target["rate_if_null"] and name.endswith(" is null"):
            rate = target["rate_if_null"][name.removesuffix(" is null")]
            share = float(shares[-1])
            wanted = 0.5 + 0.5 * share * (rate / target["rate"] - (1 - rate) / (1 - target["rate"]))
        elif name in aucs:
            wanted = aucs[name]
        else:
            loadings.append(0.0)
            continue
        if len(shares) > _MANY_VALUES:
            loadings.append(loading_for(partial(auc_of_loading, curve=curve), wanted))
        else:
            loadings.append(loading_for(partial(auc_of_choices, shares=shares, curve=curve), wanted))
    return np.array(loadings)


def _consistent(loadings: Floats, matrix: Floats) -> Floats:
    """The nearest loadings with which all columns together explain at most ``_MAXIMUM_EXPLAINED`` of the risk.

    Loadings and correlations are measured one by one; taken together they may promise more than there is. Solves
    min (x - l)' W (x - l) subject to x' R^-1 x <= limit, that is x = R (W R + k I)^-1 W l; strong columns weigh more.
    """
    weight = np.where(np.abs(loadings) > _STRONG, 100.0, 1.0)

    def damped(multiplier: float) -> Floats:
        inner = weight[:, None] * matrix + multiplier * np.eye(len(matrix))
        return np.asarray(matrix @ np.linalg.solve(inner, weight * loadings), dtype=np.float64)

    def missing(multiplier: float) -> float:
        found = damped(multiplier)
        return _MAXIMUM_EXPLAINED - float(found @ np.linalg.solve(matrix, found))

    return damped(root(missing, 0.0, 100.0))


def _auc_of_rates(values: pl.Series, name: str, target: dict[str, Any]) -> float:
    """AUC of a category replaced by its published default rate."""
    rates = np.array(sorted(target["rate_by_category"][name].values()))
    share = np.bincount(values.to_numpy().astype(int), minlength=len(rates)) / len(values)
    bad, good = share * rates, share * (1 - rates)
    bad, good = bad / bad.sum(), good / good.sum()
    return float(bad @ (np.cumsum(good) - 0.5 * good))


def _given_contract(applications: pl.DataFrame, profile: dict[str, Any]) -> dict[str, Any]:
    goods, ratio = pl.col("AMT_GOODS_PRICE"), pl.col("CREDIT_PER_GOODS")
    given: dict[str, Any] = {"AMT_GOODS_PRICE": {}, "CREDIT_PER_GOODS": {}, "CREDIT_PER_ANNUITY": {}}
    for contract, part in (("Cash loans", "train"), ("Cash loans", "test"), ("Revolving loans", "train")):
        chosen = applications.filter(part=part, NAME_CONTRACT_TYPE=contract)
        key = f"{contract}|{part}"
        given["AMT_GOODS_PRICE"][key] = numbers(chosen.select(goods.drop_nulls()).to_series())
        given["CREDIT_PER_GOODS"][key] = choices(
            chosen.select(((ratio * 200).round() / 200).drop_nulls()).to_series(), 0.002
        )
        given["CREDIT_PER_ANNUITY"][key] = numbers(
            chosen.select((pl.col("AMT_CREDIT") / pl.col("AMT_ANNUITY")).drop_nulls()).to_series()
        )
    # Nearly all test applications ask for cash, so the published quantiles of all are those of cash. Both price and
    # credit pile up on a few round amounts, which a ratio cannot carry over; half-way both come out close enough.
    published = columns_section(profile)["application_test"]["columns"]["AMT_GOODS_PRICE"]["q"]
    of_rows = given["AMT_GOODS_PRICE"]["Cash loans|test"]["q"]
    given["AMT_GOODS_PRICE"]["Cash loans|test"] = {"q": [(a + b) / 2 for a, b in zip(published, of_rows, strict=True)]}

    return given
