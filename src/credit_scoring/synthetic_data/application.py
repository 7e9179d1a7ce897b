"""application_train and application_test: one row per client, each column at its rank in the published distribution."""

import polars as pl

from credit_scoring.data_contracts.column_types import NO_DATE
from credit_scoring.synthetic_data.draws import draw, named, published, stepped
from credit_scoring.synthetic_data.noise import evenly, of_client, uniform
from credit_scoring.synthetic_data.profile import Choices, as_printed, calibration, column_names, distributions
from credit_scoring.synthetic_data.source import OWNER, Columns, Source

_WITHOUT_WORK = ("Pensioner", "Unemployed")
_WITH_PARTNER = ("Married", "Civil marriage")
_MORE_CHILDREN_WITH_PARTNER = 0.8
_WORK_STARTS_AFTER_DAYS, _ID_CARD_AFTER_DAYS = 16 * 365, 14 * 365
_EXT_SOURCE_3_STEPS, _EXT_SOURCE_3_NULL_WITHOUT_BUREAU = 815, 0.97
_AMOUNT_STEP, _ROUND_AMOUNT_STEP, _NOT_ROUND_INCOME_SHARE = 4.5, 4500.0, 0.025
_WHOLE = ("DAYS_", "OWN_CAR", "OBS_", "AMT_REQ", "CNT_")
_BUILDING = ("_AVG", "_MODE", "_MEDI")
_DRAWN_FIRST = ("NAME_INCOME_TYPE", "NAME_FAMILY_STATUS", "NAME_CONTRACT_TYPE", "FLAG_OWN_CAR")

_IS_EMPLOYED, _WITHOUT_BUREAU, _BIRTH = named("is employed", "without bureau", "DAYS_BIRTH")
_GROUPS: Columns = {
    "is employed": ~pl.col("NAME_INCOME_TYPE").is_in(_WITHOUT_WORK),
    "has partner": pl.col("NAME_FAMILY_STATUS").is_in(_WITH_PARTNER),
    "without bureau": of_client("bureau") == 0,
    # The few revolving loans of test clients are like those of train clients.
    "loan": pl.when(pl.col("NAME_CONTRACT_TYPE") == "Revolving loans")
    .then(pl.lit("Revolving loans|train"))
    .otherwise(pl.concat_str("NAME_CONTRACT_TYPE", "part", separator="|")),
}


def _of_loan(column: str) -> pl.Expr:
    return draw("application", column, ["loan"], of_client(column))


# The credit adds fees to the price of the goods, the annuity pays it back.
_LOAN: Columns = {
    "price": stepped(_of_loan("AMT_GOODS_PRICE"), _ROUND_AMOUNT_STEP).clip(lower_bound=40_500.0),
    "AMT_GOODS_PRICE": pl.when("AMT_GOODS_PRICE is known").then("price"),
    "AMT_CREDIT": stepped(pl.col("price") * _of_loan("CREDIT_PER_GOODS"), _AMOUNT_STEP),
    "AMT_ANNUITY": stepped(pl.col("AMT_CREDIT") / _of_loan("CREDIT_PER_ANNUITY"), _AMOUNT_STEP),
}
# Columns that others bound: clients do not work as children, nor live somewhere before birth, and those who default are
# among those observed.
_CONSISTENT: Columns = {
    "CNT_FAM_MEMBERS": pl.col("CNT_CHILDREN") + 1 + pl.col("has partner"),
    "DAYS_EMPLOYED": pl.when(_IS_EMPLOYED)
    .then(pl.max_horizontal("DAYS_EMPLOYED", (_BIRTH + _WORK_STARTS_AFTER_DAYS).clip(upper_bound=-1)))
    .otherwise(NO_DATE),
    "FLAG_EMP_PHONE": _IS_EMPLOYED.cast(pl.Int64),
    "ORGANIZATION_TYPE": pl.col("ORGANIZATION_TYPE").fill_null("XNA"),
    "DAYS_REGISTRATION": pl.max_horizontal("DAYS_REGISTRATION", _BIRTH),
    "DAYS_ID_PUBLISH": pl.max_horizontal("DAYS_ID_PUBLISH", _BIRTH + _ID_CARD_AFTER_DAYS),
    **{
        f"OBS_{days}_CNT_SOCIAL_CIRCLE": pl.when(pl.col(f"DEF_{days}_CNT_SOCIAL_CIRCLE").is_not_null()).then(
            pl.max_horizontal(f"OBS_{days}_CNT_SOCIAL_CIRCLE", f"DEF_{days}_CNT_SOCIAL_CIRCLE")
        )
        for days in (30, 60)
    },
    "TARGET": pl.lit(0),
}


def application(source: Source, part: str) -> pl.DataFrame:
    """The rows of application_train (part "train") or application_test ("test"), sorted by SK_ID_CURR.

    TARGET is 0: it depends on all tables, and is drawn after them.
    """
    table = f"application_{part}"
    latent = set(calibration()["application"]["latent"])
    columns: dict[str, pl.Expr] = {name: published(table, name, evenly(of_client(name), name)) for name in _DRAWN_FIRST}
    others = [name for name in column_names(table) if name in latent and name not in _DRAWN_FIRST]
    columns |= dict(_GROUPS) | {f"{name} is known": _is_known(table, name, latent) for name in others}
    columns |= {name: pl.when(f"{name} is known").then(_value(table, name)) for name in others}
    rows = source.clients.filter(part=part).select("SK_ID_CURR", OWNER, "part")
    rows = source.compute(table, rows, columns)
    return as_printed(table, source.compute(f"loans of {table}", rows, {**_LOAN, **_CONSISTENT}))


def _is_known(table: str, name: str, latent: set[str]) -> pl.Expr:
    """Whether a column is known: not without car or job, rarely without bureau, in part for buildings, or by chance."""
    share = float(calibration()["columns"][table]["columns"][name].get("null", 0.0))
    silent = _WITHOUT_BUREAU.mean()
    if name in ("DAYS_EMPLOYED", "ORGANIZATION_TYPE"):
        return _IS_EMPLOYED
    if name == "OWN_CAR_AGE":
        return pl.col("FLAG_OWN_CAR") == "Y"
    if name == "OCCUPATION_TYPE":
        hidden = (share - (~_IS_EMPLOYED).mean()) / _IS_EMPLOYED.mean()
        return _IS_EMPLOYED & (_rank(f"{name} is null").over("is employed") <= 1.0 - hidden)
    if name == "EXT_SOURCE_3":
        without = _EXT_SOURCE_3_NULL_WITHOUT_BUREAU
        others = ((share - without * silent) / (1.0 - silent)).clip(0.0, 1.0)
        rank = _rank(f"{name} is null").over("without bureau")
        return pl.when(_WITHOUT_BUREAU).then(rank >= without).otherwise(rank <= 1.0 - others)
    if name.startswith("AMT_REQ"):
        rank = _rank("EXT_SOURCE_3 is null").over("without bureau")
        return ~_WITHOUT_BUREAU | (rank <= 1.0 - share / pl.max_horizontal(silent, share))
    if share == 0.0:
        return pl.lit(True)
    if name.endswith("_SOCIAL_CIRCLE"):
        return evenly(uniform("social circle"), "social circle") <= 1.0 - share
    stem, _, kind = name.rpartition("_")
    of_building = f"{stem}_AVG is null" if kind in ("MODE", "MEDI") else ""
    found = next((key for key in (of_building, f"{name} is null") if key in latent), None)
    return (_rank(found) if found else evenly(uniform(name), name)) <= 1.0 - share


def _value(table: str, name: str) -> pl.Expr:
    """The value of a column where it is known, with the steps and digits in which the source records it."""
    favoured = _MORE_CHILDREN_WITH_PARTNER * pl.col("has partner") if name == "CNT_CHILDREN" else 0.0
    rank = evenly(of_client(name) + favoured, name).over(f"{name} is known")
    if name == "EXT_SOURCE_3":
        rank = ((rank * _EXT_SOURCE_3_STEPS).floor() + 0.5) / _EXT_SOURCE_3_STEPS
    values = published(table, name, rank)
    if name == "AMT_INCOME_TOTAL":
        round_income = stepped(values, _ROUND_AMOUNT_STEP).clip(lower_bound=25_650.0)
        is_round = uniform("not round") >= _NOT_ROUND_INCOME_SHARE
        return pl.when(is_round).then(round_income).otherwise(stepped(values, _AMOUNT_STEP))
    if isinstance(distributions(table, name).of(""), Choices):
        return values
    if name.startswith(_WHOLE):
        return values.round()
    if name.endswith(_BUILDING):
        return values.round(4)
    return values.round(6) if name == "REGION_POPULATION_RELATIVE" else values


def _rank(name: str) -> pl.Expr:
    return evenly(of_client(name), name)
