"""Kinds of past credits with their shares, and the columns that depend on the kind."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from credit_scoring.synthetic_data.calibration.columns import columns_section
from credit_scoring.synthetic_data.calibration.shares import choices, given, numbers

_PREVIOUS_KIND = (
    "NAME_CONTRACT_TYPE",
    "NAME_CONTRACT_STATUS",
    "NAME_PORTFOLIO",
    "NAME_PRODUCT_TYPE",
    "PRODUCT_COMBINATION",
    "NAME_YIELD_GROUP",
)
_BUREAU_KIND = ("CREDIT_ACTIVE", "CREDIT_TYPE")
_COMMON_CREDITS = ("Consumer credit", "Credit card", "Mortgage", "Car loan", "Microloan")


def bureau_section(profile: dict[str, Any], rows: Path) -> dict[str, Any]:
    """Kinds of bureau credits, and their dates and amounts given the kind."""
    bureau = pl.read_csv(rows / "bureau.csv", infer_schema_length=None)
    term = pl.col("DAYS_CREDIT_ENDDATE") - pl.col("DAYS_CREDIT")
    age = (-pl.col("DAYS_CREDIT")).clip(1)
    known = bureau.with_columns(
        group=bureau_group(),
        TERM=term,
        LIFE=((pl.col("DAYS_ENDDATE_FACT") - pl.col("DAYS_CREDIT")) / age).clip(0, 1),
        UPDATE=((pl.col("DAYS_CREDIT_UPDATE") - pl.col("DAYS_CREDIT")) / age).clip(0, 1),
        DEBT=pl.col("AMT_CREDIT_SUM_DEBT") / pl.col("AMT_CREDIT_SUM").replace(0, None),
        INSTALMENT=pl.col("AMT_ANNUITY") / pl.col("AMT_CREDIT_SUM").replace(0, None),
        MAX_OVERDUE=pl.col("AMT_CREDIT_MAX_OVERDUE"),
        LIMIT=pl.col("AMT_CREDIT_SUM_LIMIT"),
    )
    columns = (
        "DAYS_CREDIT",
        "TERM",
        "LIFE",
        "UPDATE",
        "AMT_CREDIT_SUM",
        "DEBT",
        "INSTALMENT",
        "MAX_OVERDUE",
        "LIMIT",
    )
    return {
        "kinds": _kinds(bureau, _BUREAU_KIND, profile, "bureau"),
        "given": {column: given(known, column, "group") for column in columns},
    }


def bureau_group() -> pl.Expr:
    """Name of the group of bureau credits whose dates and amounts are alike."""
    kind = (
        pl.when(pl.col("CREDIT_TYPE").is_in(_COMMON_CREDITS)).then("CREDIT_TYPE").otherwise(pl.lit("Other"))
    )
    return pl.concat_str([pl.col("CREDIT_ACTIVE"), kind], separator="|")


def previous_section(profile: dict[str, Any], rows: Path) -> dict[str, Any]:
    """Kinds of previous applications, and their other columns given the kind."""
    previous = pl.read_csv(rows / "previous_application.csv", infer_schema_length=None).with_columns(
        pl.col("PRODUCT_COMBINATION").fill_null("")
    )
    scheduled = (pl.col("DAYS_LAST_DUE_1ST_VERSION") < 365243) & (pl.col("DAYS_FIRST_DUE") < 365243)
    ended = pl.when(scheduled & (pl.col("DAYS_LAST_DUE") < 365243) & (pl.col("CNT_PAYMENT") > 1))
    known = previous.with_columns(
        group=pl.concat_str(["NAME_CONTRACT_TYPE", "NAME_CONTRACT_STATUS"], separator="|"),
        product=pl.concat_str(["PRODUCT_COMBINATION", "NAME_CONTRACT_STATUS"], separator="|"),
        purpose=pl.concat_str(
            ["NAME_CONTRACT_TYPE", "NAME_PRODUCT_TYPE", "NAME_CONTRACT_STATUS"], separator="|"
        ),
        CREDIT=pl.col("AMT_CREDIT") / pl.col("AMT_APPLICATION").replace(0, None),
        FACTOR=pl.col("AMT_ANNUITY")
        * pl.col("CNT_PAYMENT").replace(0, 20)
        / pl.col("AMT_CREDIT").replace(0, None),
        FIRST_DUE=pl.when(pl.col("DAYS_FIRST_DUE") < 365243).then(
            pl.col("DAYS_FIRST_DUE") - pl.col("DAYS_DECISION")
        ),
        EARLY=ended.then(
            (pl.col("DAYS_LAST_DUE_1ST_VERSION") - pl.col("DAYS_LAST_DUE"))
            / (30 * (pl.col("CNT_PAYMENT") - 1))
        ).clip(0, 1),
        TERMINATED=ended.then(pl.col("DAYS_TERMINATION") - pl.col("DAYS_LAST_DUE")).clip(0, 400),
        HAS_DATES=pl.col("DAYS_FIRST_DUE").is_not_null().cast(pl.Float64),
        GOODS_IS_NULL=pl.col("AMT_GOODS_PRICE").is_null().cast(pl.Float64),
        ANNUITY_IS_NULL=pl.col("AMT_ANNUITY").is_null().cast(pl.Float64),
    )
    by_group = ("CREDIT", "RATE_DOWN_PAYMENT", "HAS_DATES", "GOODS_IS_NULL", "ANNUITY_IS_NULL")
    by_product = ("AMT_APPLICATION", "DAYS_DECISION")
    approved = known.filter(NAME_CONTRACT_STATUS="Approved")
    words_by_product = (
        "CHANNEL_TYPE",
        "NAME_SELLER_INDUSTRY",
        "NAME_CLIENT_TYPE",
        "NAME_TYPE_SUITE",
        "NAME_PAYMENT_TYPE",
    )
    return {
        "kinds": _kinds(previous, _PREVIOUS_KIND, profile, "previous_application"),
        "given": {
            **{column: given(known, column, "group") for column in by_group},
            **{column: given(known, column, "product") for column in by_product},
            **{column: given(known, column, "product", words=True) for column in words_by_product},
            "CNT_PAYMENT": given(
                known.with_columns(pl.col("CNT_PAYMENT").cast(pl.Float64)),
                "CNT_PAYMENT",
                "product",
                words=True,
            ),
            "FACTOR": given(known, "FACTOR", "NAME_YIELD_GROUP"),
            "NAME_GOODS_CATEGORY": given(known, "NAME_GOODS_CATEGORY", "NAME_SELLER_INDUSTRY", words=True),
            "CODE_REJECT_REASON": given(known, "CODE_REJECT_REASON", "group", words=True),
            "NAME_CASH_LOAN_PURPOSE": given(known, "NAME_CASH_LOAN_PURPOSE", "purpose", words=True),
            "SELLERPLACE_AREA": given(known, "SELLERPLACE_AREA", "CHANNEL_TYPE"),
            "NFLAG_INSURED_ON_APPROVAL": given(approved, "NFLAG_INSURED_ON_APPROVAL", "product", words=True),
            "FIRST_DUE": given(approved, "FIRST_DUE", "NAME_CONTRACT_TYPE"),
            "EARLY": given(approved, "EARLY", "NAME_CONTRACT_TYPE"),
            "TERMINATED": given(approved, "TERMINATED", "NAME_CONTRACT_TYPE"),
        },
    }


def card_section(rows: Path) -> dict[str, Any]:
    """Limits, utilisation, drawings and payments of credit cards."""
    card = pl.read_csv(rows / "credit_card_balance.csv", infer_schema_length=None)
    used = card.filter(pl.col("AMT_BALANCE") > 0)
    per_card = card.group_by("SK_ID_PREV").agg(
        pl.len(),
        pl.col("MONTHS_BALANCE").max().alias("last"),
        pl.col("AMT_CREDIT_LIMIT_ACTUAL").max().alias("limit"),
        (pl.col("AMT_BALANCE") > 0).mean().alias("used"),
        pl.col("AMT_DRAWINGS_ATM_CURRENT").is_null().mean().alias("silent"),
    )
    return {
        "months": numbers(per_card["len"]),
        "last": numbers(per_card["last"]),
        "limit": choices(per_card["limit"], 0.002),
        "used": numbers(per_card["used"]),
        "silent": numbers(per_card["silent"]),
        "utilisation": numbers(
            used.filter(pl.col("AMT_CREDIT_LIMIT_ACTUAL") > 0)
            .select(pl.col("AMT_BALANCE") / pl.col("AMT_CREDIT_LIMIT_ACTUAL"))
            .to_series()
        ),
    }


def counts_section(rows: Path) -> dict[str, Any]:
    """Rows per client of the tables that hang on a client, for train and test clients."""
    counts: dict[str, Any] = {}
    for table in ("bureau", "previous_application"):
        per_client = pl.read_csv(rows / f"{table}.csv", columns=["SK_ID_CURR"])["SK_ID_CURR"].value_counts()
        for part in ("train", "test"):
            clients = pl.read_csv(rows / f"application_{part}.csv", columns=["SK_ID_CURR"])
            joined = clients.join(per_client, on="SK_ID_CURR", how="left")["count"].fill_null(0)
            counts[f"{table}|{part}"] = choices(joined, 0.0)
    return counts


def _kinds(rows: pl.DataFrame, names: tuple[str, ...], profile: dict[str, Any], table: str) -> dict[str, Any]:
    """Joint shares of the columns that make a kind, raked until each column has its published shares."""
    counted = rows.group_by(names).len().sort(names)
    weight = counted["len"].to_numpy().astype(float)
    columns = columns_section(profile)[table]["columns"]
    for _ in range(100):
        for name in names:
            wanted = dict(zip(columns[name]["v"], columns[name]["w"], strict=True))
            labels = counted[name].to_numpy()
            for label in np.unique(labels):
                inside = labels == label
                share = wanted.get(label, columns[name].get("null", 0.0) if label == "" else 0.0)
                weight[inside] *= share / max(weight[inside].sum() / weight.sum(), 1e-12)
        weight /= weight.sum()
    kept = weight > 2e-6
    return {
        "names": list(names),
        "labels": counted.select(names).filter(kept).rows(),
        "shares": [round(value, 7) for value in weight[kept].tolist()],
    }
