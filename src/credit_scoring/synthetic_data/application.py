"""application_train and application_test: one row per client, each column at its rank in the published distribution."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.marginals import Choices, Floats, Numbers, with_nulls
from credit_scoring.synthetic_data.profile import as_printed, column_names, given, marginal, ordered_by_risk
from credit_scoring.synthetic_data.ranks import Ranks

_NOT_EMPLOYED = 365_243
_WITHOUT_WORK = ("Pensioner", "Unemployed")
_WITH_PARTNER = ("Married", "Civil marriage")
_MORE_CHILDREN_WITH_PARTNER = 0.8
_WORK_STARTS_AFTER_DAYS = 16 * 365
_ID_CARD_AFTER_DAYS = 14 * 365
_EXT_SOURCE_3_STEPS = 815
_EXT_SOURCE_3_NULL_WITHOUT_BUREAU = 0.97
_AMOUNT_STEP = 4.5
_ROUND_AMOUNT_STEP = 4500.0
_NOT_ROUND_INCOME_SHARE = 0.025
_WHOLE = ("DAYS_", "OWN_CAR", "OBS_", "AMT_REQ", "CNT_")

Columns = dict[str, NDArray[Any]]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class _Part:
    """The clients of one application table: their ranks, and groups of them that columns depend on."""

    table: str
    ranks: Ranks
    income: NDArray[Any]
    family: NDArray[Any]
    has_partner: Mask
    employed: Mask
    revolving: Mask
    has_car: Mask
    no_bureau: Mask


def application(chunk: Chunk, clients: Clients, part: str) -> pl.DataFrame:
    """The rows of application_train (part "train") or application_test ("test"), sorted by SK_ID_CURR.

    TARGET is 0: who defaults depends on all tables, and is drawn after them.
    """
    table = f"application_{part}"
    chosen = clients.is_test if part == "test" else ~clients.is_test
    latent = {name: values[chosen] for name, values in clients.latent.items()}
    members = _part(table, Ranks(latent, chunk.random(table)), clients.bureau_credits[chosen] == 0)
    columns: Columns = {"SK_ID_CURR": clients.identifiers[chosen], "NAME_INCOME_TYPE": members.income}
    if part == "train":
        columns["TARGET"] = np.zeros(len(members.income), dtype=np.int8)
    for name in column_names(table):
        if name in members.ranks and name not in columns:
            null = _null(members, name)
            values = _values(members, name, ~null)
            columns[name] = with_nulls(values, null) if null.any() else values
    columns |= _loan(part, members)
    columns |= _social_circle(columns, members)
    return as_printed(table, columns | _consistent(columns, members))


def _part(table: str, ranks: Ranks, no_bureau: Mask) -> _Part:
    def word(name: str) -> NDArray[Any]:
        return ordered_by_risk(table, name).at(ranks.of(name))

    income, family = word("NAME_INCOME_TYPE"), word("NAME_FAMILY_STATUS")
    return _Part(
        table=table,
        ranks=ranks,
        income=income,
        family=family,
        has_partner=np.isin(family, _WITH_PARTNER),
        employed=~np.isin(income, _WITHOUT_WORK),
        revolving=word("NAME_CONTRACT_TYPE") == "Revolving loans",
        has_car=word("FLAG_OWN_CAR") == "Y",
        no_bureau=no_bureau,
    )


def _null(part: _Part, name: str) -> Mask:
    """Where a column is null: buildings known in part, no car, no work, nothing at the credit bureau, or by chance."""
    share = marginal(part.table, name).null_share
    if name == "OWN_CAR_AGE":
        return ~part.has_car
    if name == "OCCUPATION_TYPE":
        hidden = (share - (~part.employed).mean()) / part.employed.mean()
        return np.asarray(~part.employed | (part.ranks.of(f"{name} is null", part.employed) > 1.0 - hidden))
    silent = float(part.no_bureau.mean())
    if name == "EXT_SOURCE_3":
        without = _EXT_SOURCE_3_NULL_WITHOUT_BUREAU
        others = np.clip((share - without * silent) / (1.0 - silent), 0.0, 1.0)
        rank_without, rank_with = (
            part.ranks.of(f"{name} is null", group) for group in (part.no_bureau, ~part.no_bureau)
        )
        return np.asarray(
            np.where(part.no_bureau, rank_without < without, rank_with > 1.0 - others), dtype=bool
        )
    if name.startswith("AMT_REQ"):
        return part.no_bureau & (
            part.ranks.of("EXT_SOURCE_3 is null", part.no_bureau) > 1.0 - share / max(silent, share)
        )
    if share == 0.0 or name.endswith("_CIRCLE"):
        return np.zeros(len(part.income), dtype=bool)
    stem, _, kind = name.rpartition("_")
    of_building = f"{stem}_AVG is null" if kind in ("MODE", "MEDI") else ""
    latent = next((key for key in (of_building, f"{name} is null") if key in part.ranks), None)
    rank = part.ranks.of(latent) if latent else part.ranks.by_chance()
    return rank > 1.0 - share


def _values(part: _Part, name: str, known: Mask) -> NDArray[Any]:
    found = marginal(part.table, name)
    if name == "ORGANIZATION_TYPE":
        return _organization(part)
    if name == "DAYS_EMPLOYED":
        days = np.round(_days_of_work(part).at(part.ranks.of(name, part.employed)))
        return np.where(part.employed, days, _NOT_EMPLOYED)
    if name == "NAME_CONTRACT_TYPE":
        return np.where(part.revolving, "Revolving loans", "Cash loans").astype(object)
    if name == "NAME_FAMILY_STATUS":
        return part.family
    if name == "FLAG_OWN_CAR":
        return np.where(part.has_car, "Y", "N").astype(object)
    lean = (
        _MORE_CHILDREN_WITH_PARTNER * part.has_partner.astype(np.float64) if name == "CNT_CHILDREN" else 0.0
    )
    rank = part.ranks.of(name, known, lean)
    if isinstance(found, Choices):
        return (ordered_by_risk(part.table, name) if found.values.dtype == np.object_ else found).at(rank)
    if name == "EXT_SOURCE_3":
        return found.at((np.floor(rank * _EXT_SOURCE_3_STEPS) + 0.5) / _EXT_SOURCE_3_STEPS)
    return _as_recorded(name, found.at(rank), rank)


def _as_recorded(name: str, values: Floats, rank: Floats) -> Floats:
    """Numbers with the steps and digits in which the source records them."""
    if name.startswith(_WHOLE):
        return np.round(values)
    if name == "AMT_INCOME_TOTAL":
        # The digits behind the rank decide which incomes are not round.
        odd = (rank * 1e4) % 1.0 < _NOT_ROUND_INCOME_SHARE
        round_income = np.maximum(_stepped(values, _ROUND_AMOUNT_STEP), 25_650.0)
        return np.where(odd, _stepped(values, _AMOUNT_STEP), round_income)
    if name.endswith(("_AVG", "_MODE", "_MEDI")):
        return np.round(values, 4)
    return np.round(values, 6) if name == "REGION_POPULATION_RELATIVE" else values


def _organization(part: _Part) -> NDArray[Any]:
    published = ordered_by_risk(part.table, "ORGANIZATION_TYPE")
    working = published.values != "XNA"
    names = Choices(0.0, published.values[working], published.shares[working])
    chosen = names.at(part.ranks.of("ORGANIZATION_TYPE", part.employed))
    chosen[~part.employed] = "XNA"
    return chosen


def _days_of_work(part: _Part) -> Numbers:
    """DAYS_EMPLOYED of those who work: the published quantiles below the share of the placeholder."""
    published = marginal(part.table, "DAYS_EMPLOYED")
    if not isinstance(published, Numbers):
        raise TypeError("DAYS_EMPLOYED is not a number")
    real = published.values < _NOT_EMPLOYED
    shares = np.append(published.probabilities[real] / part.employed.mean(), 1.0)
    return Numbers(0.0, 0.0, shares, np.append(published.values[real], -1.0))


def _loan(part: str, members: _Part) -> Columns:
    """Price of the goods, credit and annuity: the credit adds fees to the price, the annuity pays it back."""
    price, ratio, term = (np.ones(len(members.revolving)) for _ in range(3))
    for label, chosen in (
        (f"Cash loans|{part}", ~members.revolving),
        ("Revolving loans|train", members.revolving),
    ):
        for name, values in (
            ("AMT_GOODS_PRICE", price),
            ("CREDIT_PER_GOODS", ratio),
            ("CREDIT_PER_ANNUITY", term),
        ):
            found = given("application", name).of(label)
            values[chosen] = found.at(members.ranks.of(name, chosen)[chosen])
    price = np.maximum(_stepped(price, _ROUND_AMOUNT_STEP), 40_500.0)
    credit = _stepped(price * ratio, _AMOUNT_STEP)
    unknown_price = _null(members, "AMT_GOODS_PRICE")
    return {
        "AMT_GOODS_PRICE": with_nulls(price, unknown_price),
        "AMT_CREDIT": credit,
        "AMT_ANNUITY": _stepped(credit / term, _AMOUNT_STEP),
    }


def _social_circle(columns: Columns, part: _Part) -> Columns:
    """Those who default are among those observed; the four columns are null together."""
    null = part.ranks.by_chance() > 1.0 - marginal(part.table, "OBS_30_CNT_SOCIAL_CIRCLE").null_share
    circle: Columns = {}
    for days in ("30", "60"):
        defaulted, observed = (f"{kind}_{days}_CNT_SOCIAL_CIRCLE" for kind in ("DEF", "OBS"))
        circle[defaulted] = with_nulls(columns[defaulted], null)
        circle[observed] = with_nulls(np.maximum(columns[observed], columns[defaulted]), null)
    return circle


def _consistent(columns: Columns, part: _Part) -> Columns:
    """Columns that others bound: no one works as a child, or lived somewhere before birth."""
    birth = columns["DAYS_BIRTH"]
    days = np.maximum(columns["DAYS_EMPLOYED"], np.minimum(birth + _WORK_STARTS_AFTER_DAYS, -1))
    return {
        "CNT_FAM_MEMBERS": columns["CNT_CHILDREN"] + 1 + part.has_partner,
        "DAYS_EMPLOYED": np.where(part.employed, days, columns["DAYS_EMPLOYED"]),
        "FLAG_EMP_PHONE": np.where(part.employed, 1, 0),
        "DAYS_REGISTRATION": np.maximum(columns["DAYS_REGISTRATION"], birth),
        "DAYS_ID_PUBLISH": np.maximum(columns["DAYS_ID_PUBLISH"], birth + _ID_CARD_AFTER_DAYS),
    }


def _stepped(amounts: Floats, step: float) -> Floats:
    return np.round(amounts / step) * step
