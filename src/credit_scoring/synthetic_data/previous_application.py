"""previous_application: earlier applications of the client with Home Credit itself."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import Clients
from credit_scoring.synthetic_data.credits import follow, kinds_of, owners
from credit_scoring.synthetic_data.marginals import with_nulls
from credit_scoring.synthetic_data.normal import Floats
from credit_scoring.synthetic_data.profile import as_printed, given, marginal
from credit_scoring.synthetic_data.schedules import Schedules, schedules_of

FIRST_ID, LAST_ID = 1_000_001, 2_845_382
_STATUS = ("Approved", "Unused offer", "Canceled", "Refused")
_TABLE = "previous_application"
_BY_PRODUCT = (
    "CHANNEL_TYPE",
    "NAME_SELLER_INDUSTRY",
    "NAME_CLIENT_TYPE",
    "NAME_TYPE_SUITE",
    "NAME_PAYMENT_TYPE",
)
_INTEREST_RATE_SHARE = 0.0036
_NOT_LAST_OF_CONTRACT, _NOT_LAST_OF_DAY = 0.00507, 0.00353

Columns = dict[str, NDArray[Any]]


def previous_application(chunk: Chunk, clients: Clients) -> tuple[pl.DataFrame, Schedules]:
    """The previous applications of the clients of a chunk, and what became of those that were approved."""
    random = chunk.random(_TABLE)
    owner = owners(clients.previous_applications)
    count = len(owner)
    kinds = kinds_of(_TABLE, "NAME_CONTRACT_STATUS", _STATUS)
    kind = kinds.draw(follow(clients.habits["refusals"][owner], 0.45, random))

    def draw(column: str, by: tuple[str, ...], rank: Floats | None = None) -> NDArray[Any]:
        rank = random.random(count) if rank is None else rank
        return given(_TABLE, column).draw(kinds.named(*by), kind, rank, random.random(count))

    group, product = ("NAME_CONTRACT_TYPE", "NAME_CONTRACT_STATUS"), (
        "PRODUCT_COMBINATION",
        "NAME_CONTRACT_STATUS",
    )
    columns: Columns = {name: labels[kind] for name, labels in kinds.labels.items()}
    columns["PRODUCT_COMBINATION"] = with_nulls(
        columns["PRODUCT_COMBINATION"], columns["PRODUCT_COMBINATION"] == ""
    )
    columns["SK_ID_PREV"] = chunk.identifiers(count, FIRST_ID, LAST_ID)
    columns["SK_ID_CURR"] = clients.identifiers[owner]
    hunger = follow(clients.habits["hunger for credit"][owner], 0.3, random)
    columns["DAYS_DECISION"] = np.minimum(np.round(draw("DAYS_DECISION", product, hunger)), -1)
    columns |= {name: draw(name, product) for name in _BY_PRODUCT}
    columns["CODE_REJECT_REASON"] = draw("CODE_REJECT_REASON", group)
    columns["NAME_CASH_LOAN_PURPOSE"] = draw(
        "NAME_CASH_LOAN_PURPOSE", ("NAME_CONTRACT_TYPE", "NAME_PRODUCT_TYPE", "NAME_CONTRACT_STATUS")
    )
    columns |= _shop(columns, random)
    columns |= _amounts(draw, group, product, clients.ranks["AMT_INCOME_TOTAL"][owner], random)
    columns |= _calendar(count, random)
    schedules = schedules_of(
        columns, owner, kinds.named("NAME_CONTRACT_TYPE"), kind, draw("HAS_DATES", group) > 0, random
    )
    columns |= schedules.columns
    insured = draw("NFLAG_INSURED_ON_APPROVAL", product)
    columns["NFLAG_INSURED_ON_APPROVAL"] = np.where(
        np.isnan(columns["DAYS_FIRST_DUE"]), np.nan, np.nan_to_num(insured)
    )
    return as_printed(_TABLE, columns), schedules


def _shop(columns: Columns, random: np.random.Generator) -> Columns:
    """Goods and size of the shop, which depend on the seller's industry and on the channel."""
    count = len(columns["SK_ID_PREV"])
    found: Columns = {}
    for column, by in (("NAME_GOODS_CATEGORY", "NAME_SELLER_INDUSTRY"), ("SELLERPLACE_AREA", "CHANNEL_TYPE")):
        labels, codes = np.unique(columns[by].astype(str), return_inverse=True)
        found[column] = given(_TABLE, column).draw(
            labels.tolist(), codes, random.random(count), np.ones(count)
        )
    found["SELLERPLACE_AREA"] = np.round(found["SELLERPLACE_AREA"])
    return found


def _amounts(
    draw: Any, group: tuple[str, ...], product: tuple[str, ...], wealth: Floats, random: np.random.Generator
) -> Columns:
    count = len(wealth)
    rank = np.clip(0.35 * wealth + 0.65 * random.random(count), 1e-6, 1 - 1e-6)
    asked = np.round(np.maximum(draw("AMT_APPLICATION", product, rank), 0.0) / 4.5) * 4.5
    ratio = draw("CREDIT", group)
    credit = np.round(np.where(np.isnan(ratio), 0.0, asked * np.nan_to_num(ratio)) / 4.5) * 4.5
    without_terms = draw("ANNUITY_IS_NULL", group) > 0
    payments = np.where(without_terms, np.nan, np.nan_to_num(draw("CNT_PAYMENT", product), nan=12.0))
    factor = np.nan_to_num(draw("FACTOR", ("NAME_YIELD_GROUP",)), nan=1.0)
    annuity = credit * factor / np.where(payments > 0, payments, 20.0)
    down_rate = draw("RATE_DOWN_PAYMENT", group)
    goods = np.where(draw("GOODS_IS_NULL", group) > 0, np.nan, asked)
    interest = random.random(count) < _INTEREST_RATE_SHARE
    return {
        "AMT_APPLICATION": asked,
        "AMT_CREDIT": credit,
        "CNT_PAYMENT": payments,
        "AMT_ANNUITY": np.round(np.where(np.isnan(payments), np.nan, annuity) / 0.045) * 0.045,
        "AMT_GOODS_PRICE": goods,
        "RATE_DOWN_PAYMENT": down_rate,
        "AMT_DOWN_PAYMENT": np.round(asked * down_rate / 4.5) * 4.5,
        "RATE_INTEREST_PRIMARY": np.where(
            interest, marginal(_TABLE, "RATE_INTEREST_PRIMARY").at(random.random(count)), np.nan
        ),
        "RATE_INTEREST_PRIVILEGED": np.where(
            interest, marginal(_TABLE, "RATE_INTEREST_PRIVILEGED").at(random.random(count)), np.nan
        ),
    }


def _calendar(count: int, random: np.random.Generator) -> Columns:
    return {
        "WEEKDAY_APPR_PROCESS_START": marginal(_TABLE, "WEEKDAY_APPR_PROCESS_START").at(random.random(count)),
        "HOUR_APPR_PROCESS_START": marginal(_TABLE, "HOUR_APPR_PROCESS_START").at(random.random(count)),
        "FLAG_LAST_APPL_PER_CONTRACT": np.where(random.random(count) < _NOT_LAST_OF_CONTRACT, "N", "Y"),
        "NFLAG_LAST_APPL_IN_DAY": np.where(random.random(count) < _NOT_LAST_OF_DAY, 0, 1),
    }
