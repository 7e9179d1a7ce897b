"""application_train and application_test: one row per client, each column at its rank in the published distribution."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.marginals import Choices, Numbers, with_nulls
from credit_scoring.synthetic_data.normal import Floats
from credit_scoring.synthetic_data.profile import as_printed, column_names, given, marginal, ordered_by_risk

_NOT_EMPLOYED = 365_243
_WITHOUT_WORK = ("Pensioner", "Unemployed")
_WITH_PARTNER = ("Married", "Civil marriage")
_WORK_STARTS_AFTER_DAYS = 16 * 365
_ID_CARD_AFTER_DAYS = 14 * 365
_EXT_SOURCE_3_STEPS = 815
_AMOUNT_STEP = 4.5
_ROUND_AMOUNT_STEP = 4500.0
_NOT_ROUND_INCOME_SHARE = 0.025

Columns = dict[str, NDArray[Any]]


def application(clients: Clients, part: str) -> pl.DataFrame:
    """The rows of application_train (part "train") or application_test ("test"), sorted by SK_ID_CURR."""
    table = f"application_{part}"
    chosen = clients.is_test if part == "test" else ~clients.is_test
    ranks = {name: values[chosen] for name, values in clients.ranks.items()}
    columns: Columns = {
        name: _at_rank(table, name, ranks[name]) for name in column_names(table) if name in ranks
    }
    columns["SK_ID_CURR"] = clients.identifiers[chosen]
    if part == "train":
        columns["TARGET"] = clients.defaults[chosen]
    columns |= _work(table, columns, ranks)
    columns |= _household(columns)
    columns |= _loan(part, columns, ranks)
    columns |= _dates(columns)
    columns |= _social_circle(table, columns, ranks)
    columns |= _nulls(table, columns, ranks, clients.bureau_credits[chosen] == 0)
    return as_printed(table, columns)


def _at_rank(table: str, name: str, rank: Floats) -> NDArray[Any]:
    found = marginal(table, name)
    if isinstance(found, Choices):
        return (ordered_by_risk(table, name) if found.values.dtype == np.object_ else found).at(rank)
    if name == "EXT_SOURCE_3":
        return found.at((np.floor(rank * _EXT_SOURCE_3_STEPS) + 0.5) / _EXT_SOURCE_3_STEPS)
    values = found.at(rank)
    if name.startswith(("DAYS_", "OWN_CAR", "OBS_", "AMT_REQ", "CNT_")):
        return np.round(values)
    if name == "AMT_INCOME_TOTAL":
        # The digits behind the rank decide which incomes are not round.
        odd = (rank * 1e4) % 1.0 < _NOT_ROUND_INCOME_SHARE
        return np.where(
            odd, _rounded(values, _AMOUNT_STEP), np.maximum(_rounded(values, _ROUND_AMOUNT_STEP), 25650.0)
        )
    if name.endswith(("_AVG", "_MODE", "_MEDI")):
        return np.round(values, 4)
    if name == "REGION_POPULATION_RELATIVE":
        return np.round(values, 6)
    return values


def _work(table: str, columns: Columns, ranks: dict[str, Floats]) -> Columns:
    """Income type, employment and occupation, which hold or miss together."""
    employed = ~np.isin(columns["NAME_INCOME_TYPE"], _WITHOUT_WORK)
    days = np.round(_employed_days(table).at(ranks["DAYS_EMPLOYED"]))
    days = np.maximum(days, np.minimum(columns["DAYS_BIRTH"] + _WORK_STARTS_AFTER_DAYS, -1))
    organizations = ordered_by_risk(table, "ORGANIZATION_TYPE")
    working = organizations.values != "XNA"
    organization = Choices(0.0, organizations.values[working], organizations.shares[working])
    null_share = marginal(table, "OCCUPATION_TYPE").null_share
    without_work = 1.0 - _employed_share(table)
    hidden = ranks["OCCUPATION_TYPE is null"] > 1.0 - (null_share - without_work) / (1.0 - without_work)
    return {
        "DAYS_EMPLOYED": np.where(employed, days, _NOT_EMPLOYED),
        "FLAG_EMP_PHONE": np.where(employed, 1, 0),
        "ORGANIZATION_TYPE": np.where(employed, organization.at(ranks["ORGANIZATION_TYPE"]), "XNA"),
        "OCCUPATION_TYPE": with_nulls(columns["OCCUPATION_TYPE"], ~employed | hidden),
    }


def _employed_share(table: str) -> float:
    found = ordered_by_risk(table, "NAME_INCOME_TYPE")
    return float(1.0 - found.shares[np.isin(found.values, _WITHOUT_WORK)].sum())


def _employed_days(table: str) -> Numbers:
    """DAYS_EMPLOYED of those who work: the published quantiles below the share of the placeholder."""
    published = marginal(table, "DAYS_EMPLOYED")
    if not isinstance(published, Numbers):
        raise TypeError("DAYS_EMPLOYED is not a number")
    real = published.values < _NOT_EMPLOYED
    return Numbers(
        0.0,
        0.0,
        np.append(published.probabilities[real] / _employed_share(table), 1.0),
        np.append(published.values[real], -1.0),
    )


def _household(columns: Columns) -> Columns:
    adults = 1 + np.isin(columns["NAME_FAMILY_STATUS"], _WITH_PARTNER)
    return {
        "CNT_FAM_MEMBERS": columns["CNT_CHILDREN"] + adults,
        "OWN_CAR_AGE": np.where(columns["FLAG_OWN_CAR"] == "Y", columns["OWN_CAR_AGE"], np.nan),
    }


def _loan(part: str, columns: Columns, ranks: dict[str, Floats]) -> Columns:
    """Price of the goods, credit and annuity: the credit adds fees to the price, the annuity pays it back."""
    revolving = columns["NAME_CONTRACT_TYPE"] == "Revolving loans"
    cash = f"Cash loans|{part}"
    contract = np.where(revolving, 1, 0)
    labels = [cash, "Revolving loans|train"]
    unknown = np.ones(len(contract))
    price = given("application", "AMT_GOODS_PRICE").draw(labels, contract, ranks["AMT_GOODS_PRICE"], unknown)
    price = np.maximum(_rounded(price, _ROUND_AMOUNT_STEP), 40_500.0)
    ratio = given("application", "CREDIT_PER_GOODS").draw(
        labels, contract, ranks["CREDIT_PER_GOODS"], unknown
    )
    credit = _rounded(price * ratio, _AMOUNT_STEP)
    term = given("application", "CREDIT_PER_ANNUITY").of(cash).at(ranks["CREDIT_PER_ANNUITY"])
    annuity = np.where(revolving, credit / 20.0, credit / np.where(revolving, 20.0, term))
    return {"AMT_GOODS_PRICE": price, "AMT_CREDIT": credit, "AMT_ANNUITY": _rounded(annuity, _AMOUNT_STEP)}


def _dates(columns: Columns) -> Columns:
    """No one registers before birth, or holds an identity card as a child."""
    birth = columns["DAYS_BIRTH"]
    return {
        "DAYS_REGISTRATION": np.maximum(columns["DAYS_REGISTRATION"], birth),
        "DAYS_ID_PUBLISH": np.maximum(columns["DAYS_ID_PUBLISH"], birth + _ID_CARD_AFTER_DAYS),
    }


def _social_circle(table: str, columns: Columns, ranks: dict[str, Floats]) -> Columns:
    """Those who default are among those observed; the four columns are null together."""
    null = (ranks["OBS_30_CNT_SOCIAL_CIRCLE"] * 1e3) % 1.0 < marginal(
        table, "OBS_30_CNT_SOCIAL_CIRCLE"
    ).null_share
    circle: Columns = {}
    for days in ("30", "60"):
        defaulted, observed = (columns[f"{kind}_{days}_CNT_SOCIAL_CIRCLE"] for kind in ("DEF", "OBS"))
        circle[f"DEF_{days}_CNT_SOCIAL_CIRCLE"] = np.where(null, np.nan, defaulted)
        circle[f"OBS_{days}_CNT_SOCIAL_CIRCLE"] = np.where(null, np.nan, np.maximum(observed, defaulted))
    return circle


def _nulls(table: str, columns: Columns, ranks: dict[str, Floats], no_bureau: NDArray[np.bool_]) -> Columns:
    """Columns with nulls: those of the building by part of the building, those of the bureau by its silence."""
    masked: Columns = {}
    silent_rank = ranks["EXT_SOURCE_3 is null"]
    share_silent = float(no_bureau.mean()) if len(no_bureau) else 0.0
    for name in columns:
        share = marginal(table, name).null_share
        if share == 0.0 or name.endswith("_CIRCLE") or name in ("OWN_CAR_AGE", "OCCUPATION_TYPE"):
            continue
        stem, _, kind = name.rpartition("_")
        rank = ranks.get(f"{stem}_AVG is null" if kind in ("MODE", "MEDI") else f"{name} is null")
        if rank is None:
            rank = ranks.get(f"{name} is null", (ranks.get(name, silent_rank) * 1e4) % 1.0)
        null = rank > 1.0 - share
        if name == "EXT_SOURCE_3":
            alone = np.clip((share - 0.97 * share_silent) / (1.0 - share_silent), 0.0, 1.0)
            null = np.where(no_bureau, silent_rank < 0.97, silent_rank > 1.0 - alone)
        elif name.startswith("AMT_REQ"):
            null = no_bureau & (silent_rank < share / max(share_silent, share))
        masked[name] = with_nulls(columns[name], null)
    return masked


def _rounded(amounts: Floats, step: float) -> Floats:
    return np.round(amounts / step) * step
