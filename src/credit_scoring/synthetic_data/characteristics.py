"""What the tables show of each client, as far as the probability of default depends on it.

Measured on the drawn rows and not on the habits behind them, in the same way as features are, so that everything the
probability depends on can be read off the tables.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from credit_scoring.synthetic_data.marginals import Floats

_NOT_EMPLOYED = 365_243
_LAST_YEAR_DAYS = -365
_DEGREES = ("Higher education", "Academic degree")
_MOST_DEBT, _MOST_UTILISATION = 1.2, 1.1

Tables = dict[str, pl.DataFrame]


class _PerClient:
    """Sums and shares over the rows of each client of a chunk; NaN for clients without such rows.

    Args:
        identifiers: SK_ID_CURR of the clients, without a gap, in order.
    """

    def __init__(self, identifiers: NDArray[np.int64]) -> None:
        self._first = int(identifiers[0])
        self._count = len(identifiers)

    def total(self, rows: pl.DataFrame, values: pl.Expr) -> Floats:
        """Sum of an expression over each client's rows; a null counts as nothing."""
        owner = rows["SK_ID_CURR"].to_numpy().astype(np.int64) - self._first
        found = rows.select(values.cast(pl.Float64).fill_null(0.0)).to_series().to_numpy()
        return np.bincount(owner, found, minlength=self._count).astype(np.float64)

    def ratio(self, rows: pl.DataFrame, part: pl.Expr, whole: pl.Expr) -> Floats:
        """One sum as a share of another."""
        total = self.total(rows, whole)
        shares = np.full(self._count, np.nan)
        np.divide(self.total(rows, part), total, out=shares, where=total > 0)
        return shares

    def mean(self, rows: pl.DataFrame, values: pl.Expr) -> Floats:
        """Mean of an expression over the rows where it is known."""
        return self.ratio(rows, values, values.is_not_null())


def characteristics(tables: Tables, identifiers: NDArray[np.int64]) -> dict[str, Floats]:
    """For each characteristic that ``truth.EFFECTS`` names one value per client, NaN where the tables show none.

    Shares of seldom events are square roots of shares: the first refusal says more than the fifth.

    Args:
        tables: the tables of a chunk by name.
        identifiers: SK_ID_CURR of its clients in order.
    """
    return _of_application(tables) | _of_history(tables, _PerClient(identifiers))


def _of_application(tables: Tables) -> dict[str, Floats]:
    both = [tables[f"application_{part}"] for part in ("train", "test")]
    employed = pl.when(pl.col("DAYS_EMPLOYED") != _NOT_EMPLOYED).then(-pl.col("DAYS_EMPLOYED"))
    found = {
        "outside score 1": pl.col("EXT_SOURCE_1"),
        "outside score 2": pl.col("EXT_SOURCE_2"),
        "outside score 3": pl.col("EXT_SOURCE_3"),
        # Years in a job matter less and less the more there are.
        "time in the job": (50.0 + employed).log(),
        "age of the car": pl.col("OWN_CAR_AGE").clip(upper_bound=40.0),
        "time since the identity paper": -pl.col("DAYS_ID_PUBLISH"),
        "grade of the region": pl.col("REGION_RATING_CLIENT_W_CITY"),
        "time since the change of phone": -pl.col("DAYS_LAST_PHONE_CHANGE"),
        "time at the address": -pl.col("DAYS_REGISTRATION"),
        "works in another city": pl.col("REG_CITY_NOT_WORK_CITY"),
        "has a degree": pl.col("NAME_EDUCATION_TYPE").is_in(_DEGREES),
        "loan above the price": pl.col("AMT_CREDIT") / pl.col("AMT_GOODS_PRICE"),
        "is a man": pl.col("CODE_GENDER") == "M",
    }
    rows = pl.concat(
        [
            table.select(
                "SK_ID_CURR", *(values.cast(pl.Float64).alias(name) for name, values in found.items())
            )
            for table in both
        ]
    ).sort("SK_ID_CURR")
    return {name: rows[name].fill_null(float("nan")).to_numpy() for name in found}


def _of_history(tables: Tables, per_client: _PerClient) -> dict[str, Floats]:
    instalments = (
        tables["installments_payments"]
        .group_by("SK_ID_CURR", "SK_ID_PREV", "NUM_INSTALMENT_NUMBER", "DAYS_INSTALMENT")
        .agg(pl.col("DAYS_ENTRY_PAYMENT").max())
    )
    last_year = instalments.filter(pl.col("DAYS_INSTALMENT") >= _LAST_YEAR_DAYS)
    is_late = pl.col("DAYS_ENTRY_PAYMENT").fill_null(0.0) > pl.col("DAYS_INSTALMENT")
    previous, bureau, card = (
        tables[name] for name in ("previous_application", "bureau", "credit_card_balance")
    )
    limit = pl.col("AMT_CREDIT_LIMIT_ACTUAL")
    owed = pl.col("AMT_CREDIT_SUM_DEBT")
    debt = per_client.ratio(bureau, owed, pl.when(owed.is_not_null()).then(pl.col("AMT_CREDIT_SUM")))
    utilisation = per_client.mean(card, pl.when(limit > 0).then(pl.col("AMT_BALANCE") / limit))
    return {
        "late payments": np.sqrt(per_client.mean(instalments, is_late)),
        "late payments of the last year": np.sqrt(per_client.mean(last_year, is_late)),
        "refused applications": np.sqrt(
            per_client.mean(previous, pl.col("NAME_CONTRACT_STATUS") == "Refused")
        ),
        "running credits": per_client.mean(bureau, pl.col("CREDIT_ACTIVE") == "Active"),
        "debt of what was lent": np.clip(debt, 0.0, _MOST_DEBT),
        "age of credits": np.sqrt(per_client.mean(bureau, -pl.col("DAYS_CREDIT"))),
        "use of card limits": np.clip(utilisation, 0.0, _MOST_UTILISATION),
    }
