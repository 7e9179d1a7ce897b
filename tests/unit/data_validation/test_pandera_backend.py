"""Schemas given to Pandera, and masks and outcomes read from its errors."""

import subprocess
import sys

import polars as pl
import pytest
from pandera.errors import SchemaError

from credit_scoring.data_contracts import Table, table_named
from credit_scoring.data_contracts.bucket_files import polars_schema
from credit_scoring.data_contracts.column_types import amount, identifier
from credit_scoring.data_validation.checks import Check
from credit_scoring.data_validation.pandera_backend import broken_rules, pandera_schema, structure_outcomes
from credit_scoring.data_validation.row_rules import RowRule

TABLE = Table(
    name="bureau",
    meaning="Test.",
    columns=(identifier("SK_ID_CURR", "The client."), amount("AMT_CREDIT_SUM", "Amount lent.")),
    sort_order=(),
    published_rows=1,
)


def rule(keeps: pl.Expr) -> RowRule:
    check = Check(table="bureau", name="impossible_value", columns=("AMT_CREDIT_SUM",), severity="error", rule="")
    return RowRule(check, keeps)


def frame(*amounts: float | None) -> pl.DataFrame:
    clients = list(range(1, len(amounts) + 1))
    return pl.DataFrame({"SK_ID_CURR": clients, "AMT_CREDIT_SUM": amounts}, schema=polars_schema(TABLE))


def test_a_broken_rule_is_a_mask_over_all_rows_and_null_breaks_nothing() -> None:
    schema = pandera_schema(TABLE, [rule(pl.col("AMT_CREDIT_SUM") >= 0)])
    found = broken_rules(frame(1.0, -1.0, None, -2.0), schema)
    assert {key: mask.to_list() for key, mask in found.items()} == {
        "AMT_CREDIT_SUM__impossible_value": [False, True, False, True]
    }


def test_a_rule_without_failing_rows_is_not_reported() -> None:
    schema = pandera_schema(TABLE, [rule(pl.col("AMT_CREDIT_SUM") >= 0)])
    assert broken_rules(frame(1.0, None), schema) == {}
    assert broken_rules(frame(), schema) == {}


def test_a_rule_that_cannot_be_evaluated_is_a_defect_and_not_a_finding() -> None:
    schema = pandera_schema(TABLE, [rule(pl.col("NO_SUCH_COLUMN") >= 0)])
    with pytest.raises(SchemaError, match="NO_SUCH_COLUMN"):
        broken_rules(frame(1.0), schema)


def test_missing_columns_and_wrong_types_are_named() -> None:
    bureau = table_named("bureau")
    columns = {name: dtype() for name, dtype in polars_schema(bureau).items() if name != "DAYS_CREDIT"}
    columns["AMT_CREDIT_SUM"] = pl.String()
    outcomes = structure_outcomes(bureau, pandera_schema(bureau), columns)
    assert {(outcome.check.columns, outcome.check.name, outcome.finding) for outcome in outcomes} == {
        (("DAYS_CREDIT",), "missing_column", "the column is missing"),
        (("AMT_CREDIT_SUM",), "wrong_type", "type String instead of Float64"),
    }
    assert all(outcome.failed and outcome.check.severity == "error" for outcome in outcomes)


def test_declared_columns_in_another_order_with_one_more_are_accepted() -> None:
    bureau = table_named("bureau")
    columns = {name: dtype() for name, dtype in reversed(polars_schema(bureau).items())}
    assert structure_outcomes(bureau, pandera_schema(bureau), columns | {"EXTRA": pl.Int8()}) == ()


@pytest.mark.slow
def test_importing_the_checks_neither_hides_a_spark_driver_nor_warns() -> None:
    program = (
        "import os, credit_scoring.data_validation.pandera_backend; "
        "assert 'SPARK_LOCAL_IP' not in os.environ, os.environ['SPARK_LOCAL_IP']"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
