"""Kinds of past credits with their shares, and the columns that depend on the kind."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from credit_scoring.synthetic_data.bureau import AGE_BINS_DAYS, COMMON_CREDITS
from credit_scoring.synthetic_data.previous_credits import TERM_BINS
from scripts.calibration.columns import columns_section
from scripts.calibration.loadings import root
from scripts.calibration.shares import choices, given

_UNKNOWN_DAY = 365_243
_PREVIOUS_KIND = (
    "NAME_CONTRACT_TYPE",
    "NAME_CONTRACT_STATUS",
    "NAME_PORTFOLIO",
    "NAME_PRODUCT_TYPE",
    "PRODUCT_COMBINATION",
    "NAME_YIELD_GROUP",
)
_BUREAU_KIND = ("CREDIT_ACTIVE", "CREDIT_TYPE")
# 5,000 clients of each part represent 307,511 and 48,744.
_TRAIN_CLIENTS_PER_TEST_CLIENT = 6
# Every eighth card of the source has a balance but no previous application; here each has one.
_MORE_CARDS = {"train": 1.085, "test": 1.16}
# Likewise every twentieth loan has no previous application; here there are a few more, and they run longer.
# The published median is slightly above zero, that of the real rows slightly below.
_FEWER_WITHOUT_DOWN_PAYMENT = 0.98
_MORE_LOANS, _LONGER = 1.005, 0.81


def bureau_section(profile: dict[str, Any], rows: Path) -> dict[str, Any]:
    """Kinds of bureau credits, and their dates and amounts given the kind."""
    bureau = _with_part("bureau", rows)
    age = (-pl.col("DAYS_CREDIT")).clip(1)
    amount = pl.col("AMT_CREDIT_SUM")
    common = pl.when(pl.col("CREDIT_TYPE").is_in(COMMON_CREDITS)).then("CREDIT_TYPE").otherwise(pl.lit("Other"))
    known = _weighted(bureau).with_columns(
        group=pl.concat_str(["CREDIT_ACTIVE", common], separator="|"),
        by_part=pl.concat_str(["CREDIT_ACTIVE", common, "part"], separator="|"),
        by_age=pl.concat_str(["CREDIT_ACTIVE", _bin(age, AGE_BINS_DAYS)], separator="|"),
        TERM=pl.col("DAYS_CREDIT_ENDDATE") - pl.col("DAYS_CREDIT"),
        LIFE=((pl.col("DAYS_ENDDATE_FACT") - pl.col("DAYS_CREDIT")) / age).clip(0, 1),
        UPDATE=((pl.col("DAYS_CREDIT_UPDATE") - pl.col("DAYS_CREDIT")) / age).clip(0, 1),
        DEBT=pl.when(amount > 0)
        .then(pl.col("AMT_CREDIT_SUM_DEBT") / amount)
        .otherwise(pl.col("AMT_CREDIT_SUM_DEBT") * 0),
        INSTALMENT=pl.when(amount > 0).then(pl.col("AMT_ANNUITY") / amount).otherwise(pl.col("AMT_ANNUITY") * 0),
        MAX_OVERDUE=pl.col("AMT_CREDIT_MAX_OVERDUE"),
        LIMIT=pl.col("AMT_CREDIT_SUM_LIMIT"),
    )
    null_share = columns_section(profile)["bureau"]["columns"]["AMT_CREDIT_SUM_LIMIT"]["null"]
    return {
        "kinds": _kinds(bureau, _BUREAU_KIND, profile, "bureau"),
        "given": {
            **{column: given(known, column, "group") for column in ("DAYS_CREDIT", "TERM", "AMT_CREDIT_SUM")},
            **{column: given(known, column, "by_age") for column in ("LIFE", "UPDATE")},
            **{column: given(known, column, "by_part") for column in ("DEBT", "INSTALMENT", "MAX_OVERDUE")},
            "LIMIT": given(known, "LIMIT", "by_part", null_share=1.02 * null_share),
        },
    }


def previous_section(profile: dict[str, Any], rows: Path) -> dict[str, Any]:
    """Kinds of previous applications, and their other columns given the kind."""
    previous = _with_part("previous_application", rows).with_columns(pl.col("PRODUCT_COMBINATION").fill_null(""))
    requested, down = pl.col("AMT_APPLICATION"), pl.col("AMT_DOWN_PAYMENT").fill_null(0)
    drawn = pl.when(pl.col("DAYS_FIRST_DRAWING") < _UNKNOWN_DAY)
    known = _weighted(previous).with_columns(
        group=pl.concat_str(["NAME_CONTRACT_TYPE", "NAME_CONTRACT_STATUS"], separator="|"),
        product=pl.concat_str(["PRODUCT_COMBINATION", "NAME_CONTRACT_STATUS"], separator="|"),
        purpose=pl.concat_str(["NAME_CONTRACT_TYPE", "NAME_PRODUCT_TYPE", "NAME_CONTRACT_STATUS"], separator="|"),
        term=pl.concat_str(["NAME_CONTRACT_TYPE", _bin(pl.col("CNT_PAYMENT"), TERM_BINS)], separator="|"),
        cost=pl.concat_str(["NAME_YIELD_GROUP", _bin(pl.col("CNT_PAYMENT"), TERM_BINS)], separator="|"),
        # No amount is requested for cards that the bank offers: their price is their limit.
        REQUESTED=pl.when(requested > 0).then(requested).when(pl.col("AMT_CREDIT") > 0).then(pl.col("AMT_CREDIT")),
        FEE=pl.when((requested > down) & (pl.col("AMT_CREDIT") > 0)).then(pl.col("AMT_CREDIT") / (requested - down)),
        FACTOR=pl.when(pl.col("AMT_CREDIT") > 0).then(
            pl.col("AMT_ANNUITY") * pl.col("CNT_PAYMENT").replace(0, 20) / pl.col("AMT_CREDIT")
        ),
        REQUESTED_IS_ZERO=(requested == 0).cast(pl.Float64),
        TERMS_ARE_NULL=pl.col("CNT_PAYMENT").is_null().cast(pl.Float64),
        HAS_DATES=pl.col("DAYS_FIRST_DUE").is_not_null().cast(pl.Float64),
        FIRST_DUE=pl.when(pl.col("DAYS_FIRST_DUE") < _UNKNOWN_DAY).then(
            pl.col("DAYS_FIRST_DUE") - pl.col("DAYS_DECISION")
        ),
        DRAWING=drawn.then(pl.col("DAYS_FIRST_DRAWING") - pl.col("DAYS_DECISION")).clip(0, 1000),
    )
    approved = known.filter(NAME_CONTRACT_STATUS="Approved")
    text_by_product = (
        "CHANNEL_TYPE",
        "NAME_SELLER_INDUSTRY",
        "NAME_CLIENT_TYPE",
        "NAME_TYPE_SUITE",
        "NAME_PAYMENT_TYPE",
    )
    numbers_by_group = ("FEE", "HAS_DATES", "REQUESTED_IS_ZERO", "TERMS_ARE_NULL")
    by_type = ("FIRST_DUE", "DRAWING")
    down_rate = given(known, "RATE_DOWN_PAYMENT", "group")
    for entry in down_rate.values():
        entry["zero"] = round(_FEWER_WITHOUT_DOWN_PAYMENT * entry.get("zero", 0.0), 5)
    return {
        "kinds": _more_approved(_kinds(previous, _PREVIOUS_KIND, profile, "previous_application")),
        "given": {
            **{column: given(known, column, "group") for column in numbers_by_group},
            "RATE_DOWN_PAYMENT": down_rate,
            **{column: given(known.drop_nulls(column), column, "product") for column in ("REQUESTED", "DAYS_DECISION")},
            **{column: given(known, column, "product", by_value=True) for column in text_by_product},
            "CNT_PAYMENT": given(known.drop_nulls("CNT_PAYMENT"), "CNT_PAYMENT", "product", by_value=True),
            "FACTOR": given(known.drop_nulls("FACTOR"), "FACTOR", "cost"),
            "NAME_GOODS_CATEGORY": given(known, "NAME_GOODS_CATEGORY", "NAME_SELLER_INDUSTRY", by_value=True),
            "CODE_REJECT_REASON": given(known, "CODE_REJECT_REASON", "group", by_value=True),
            "NAME_CASH_LOAN_PURPOSE": given(known, "NAME_CASH_LOAN_PURPOSE", "purpose", by_value=True),
            "SELLERPLACE_AREA": given(known, "SELLERPLACE_AREA", "CHANNEL_TYPE"),
            "NFLAG_INSURED_ON_APPROVAL": given(approved, "NFLAG_INSURED_ON_APPROVAL", "product", by_value=True),
            **{
                column: given(approved.drop_nulls("DAYS_FIRST_DUE"), column, "NAME_CONTRACT_TYPE") for column in by_type
            },
            **_endings(approved),
        },
    }


def _more_approved(kinds: dict[str, Any]) -> dict[str, Any]:
    """Kinds with somewhat more loans and cards; the shares stay within a point of the published ones."""
    approved = np.array([label[1] == "Approved" for label in kinds["labels"]])
    card = np.array([label[0] == "Revolving loans" for label in kinds["labels"]])
    tilted: dict[str, list[float]] = {}
    for part, shares in kinds["shares"].items():
        factors = np.where(approved, np.where(card, _MORE_CARDS[part], _MORE_LOANS), 1.0)
        weights = factors * np.array(shares)
        tilted[part] = np.round(weights / weights.sum(), 7).tolist()
    return kinds | {"shares": tilted}


def _endings(approved: pl.DataFrame) -> dict[str, Any]:
    """Chance per month that a loan is paid off before its plan ends, and days from the last payment to the closing.

    The chance is the number of early ends over the months in which loans ran, so loans still running count as well.
    """
    end = pl.when(pl.col("DAYS_LAST_DUE") < _UNKNOWN_DAY).then("DAYS_LAST_DUE").otherwise(0)
    loans = approved.filter(
        (pl.col("NAME_CONTRACT_TYPE") != "Revolving loans")
        & (pl.col("DAYS_FIRST_DUE") < _UNKNOWN_DAY)
        & (pl.col("CNT_PAYMENT") > 1)
    ).with_columns(
        is_early=end < pl.min_horizontal(pl.col("DAYS_LAST_DUE_1ST_VERSION") - 20, 0),
        months=((end - pl.col("DAYS_FIRST_DUE")) / 30 + 1).clip(1, pl.col("CNT_PAYMENT") - 1),
        CLOSED=pl.when(pl.col("DAYS_TERMINATION") < _UNKNOWN_DAY).then(
            (pl.col("DAYS_TERMINATION") - pl.col("DAYS_LAST_DUE")).clip(0, 400)
        ),
    )
    months = pl.col("months").sum()
    chances = loans.group_by("term").agg((pl.col("is_early").sum() / months).alias("chance"), months).sort("term")
    overall = loans.select(pl.col("is_early").sum() / months).item()
    reliable = dict(chances.filter(pl.col("months") > 3000).select("term", "chance").iter_rows())
    return {
        "PAID_OFF": {
            term: {"v": [0.0, 1.0], "w": [round(1 - _LONGER * chance, 5), round(_LONGER * chance, 5)]}
            for term, chance in ({"": overall} | reliable).items()
        },
        "CLOSED": given(loans.drop_nulls("CLOSED"), "CLOSED", "NAME_CONTRACT_TYPE"),
    }


def published_counts_section(profile: dict[str, Any]) -> dict[str, Any]:
    """Share of clients without rows, and quartiles and deviation of the rows of those with some, as profiled."""
    return {
        f"{table}|{part}": {
            "none": facts[f"{part}_estimated"]["share_none"],
            "std": facts[f"{part}_estimated"]["std_of_those_with"],
            "quartiles": [
                facts[f"{part}_estimated"]["quantiles_of_those_with"][label] for label in ("25%", "50%", "75%")
            ],
        }
        for table, facts in profile["rows_per_client"].items()
        for part in ("train", "test")
        if f"{part}_estimated" in facts
    }


def _tilted(counts: dict[str, Any], mean: float) -> dict[str, Any]:
    """Counts with shares that rise or fall exponentially until they have this mean."""
    values, shares = np.array(counts["v"], dtype=float), np.array(counts["w"])

    def tilted(slope: float) -> np.ndarray[Any, np.dtype[np.float64]]:
        weights = shares * np.exp(slope * values)
        return np.asarray(weights / weights.sum(), dtype=np.float64)

    slope = root(lambda slope: float(tilted(slope) @ values) - mean, -0.2, 0.2)
    return {"v": counts["v"], "w": np.round(tilted(slope), 6).tolist()}


def counts_section(profile: dict[str, Any], rows: Path) -> dict[str, Any]:
    """Rows per client of the tables of past credits, for train and test clients, with their profiled means."""
    counts: dict[str, Any] = {}
    for table in ("bureau", "previous_application"):
        per_client = pl.read_csv(rows / f"{table}.csv", columns=["SK_ID_CURR"])["SK_ID_CURR"].value_counts()
        for part in ("train", "test"):
            clients = pl.read_csv(rows / f"application_{part}.csv", columns=["SK_ID_CURR"])
            joined = clients.join(per_client, on="SK_ID_CURR", how="left")["count"].fill_null(0)
            mean = profile["rows_per_client"][table][f"{part}_estimated"]["mean_all"]
            counts.setdefault(table, {})[part] = _tilted(choices(joined, 0.0), mean)
    return counts


def _with_part(table: str, rows: Path) -> pl.DataFrame:
    clients = pl.concat(
        pl.read_csv(rows / f"application_{part}.csv", columns=["SK_ID_CURR"]).with_columns(part=pl.lit(part))
        for part in ("train", "test")
    )
    return pl.read_csv(rows / f"{table}.csv", infer_schema_length=None).join(clients, on="SK_ID_CURR")


def _weighted(rows: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([rows.filter(part="test"), *[rows.filter(part="train")] * _TRAIN_CLIENTS_PER_TEST_CLIENT])


def _bin(values: pl.Expr, edges: tuple[int, ...]) -> pl.Expr:
    """Number of edges that are below each value, as text."""
    return pl.sum_horizontal([(values > edge).cast(pl.Int64) for edge in edges]).cast(pl.String)


def _kinds(rows: pl.DataFrame, names: tuple[str, ...], profile: dict[str, Any], table: str) -> dict[str, Any]:
    """Joint shares of the columns that make a kind, raked until each column has its published shares.

    Train and test clients have shares of their own; it is their mixture that is published.
    """
    counted = (
        rows.group_by(names)
        .agg(*((pl.col("part") == part).sum().alias(part) for part in ("train", "test")))
        .sort(names)
    )
    counts = counted.select("train", "test").to_numpy().astype(float)
    weights = counts * np.array([_TRAIN_CLIENTS_PER_TEST_CLIENT, 1.0])
    of_part = weights.sum(axis=0) / weights.sum()
    weights /= weights.sum()
    columns = columns_section(profile)[table]["columns"]
    for _ in range(200):
        for name in names:
            wanted = dict(zip(columns[name]["v"], columns[name]["w"], strict=True))
            labels = counted[name].to_numpy()
            for label in np.unique(labels):
                inside = labels == label
                share = wanted.get(label, columns[name].get("null", 0.0) if label == "" else 0.0)
                weights[inside] *= share / max(weights[inside].sum() / weights.sum(), 1e-12)
        weights *= of_part / weights.sum(axis=0)
    shares = weights / weights.sum(axis=0)
    kept = weights.sum(axis=1) > 2e-6
    return {
        "names": list(names),
        "labels": counted.select(names).filter(kept).rows(),
        "shares": {part: np.round(shares[kept, index], 7).tolist() for index, part in enumerate(("train", "test"))},
    }
