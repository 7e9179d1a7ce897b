"""Synthetic tables of 20,000 clients against the published profile."""

from pathlib import Path

import polars as pl
import pytest

from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.evaluation.auc import auc
from credit_scoring.synthetic_data.writer import SyntheticTables
from scripts.calibration.comparison import STRONGEST_COLUMNS, Comparison, main

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("table", [table.name for table in ALL_TABLES])
def test_every_measure_of_a_table_lies_within_its_tolerance(table: str, comparison: Comparison) -> None:
    gaps = [gap for gap in comparison.gaps if gap.table == table]
    columns = {gap.column for gap in gaps if gap.measure == "null share"}
    declared = next(found for found in ALL_TABLES if found.name == table).column_names
    assert columns == {name for name in declared if not name.startswith("SK_ID")}
    assert [gap for gap in gaps if not gap.is_within] == []


def test_the_strongest_columns_say_as_much_about_default_as_published(comparison: Comparison) -> None:
    signal = [gap for gap in comparison.gaps if gap.measure == "AUC"]
    assert len(signal) == STRONGEST_COLUMNS
    assert {"EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3", "DAYS_BIRTH"} < {gap.column for gap in signal}
    assert max(gap.size for gap in signal) <= 0.03


def test_a_perfect_model_has_an_auc_between_079_and_082(comparison: Comparison, synthetic: SyntheticTables) -> None:
    assert 0.79 <= comparison.ceiling_auc <= 0.82
    assert synthetic.ceiling_auc == pytest.approx(comparison.ceiling_auc, abs=1e-4)


def test_true_probabilities_are_calibrated(synthetic: SyntheticTables) -> None:
    truth = pl.read_parquet(synthetic.folder / "true_probability.parquet").with_columns(
        tenth=pl.col("probability").rank("ordinal") * 10 // (pl.len() + 1)
    )
    by_tenth = truth.group_by("tenth").agg(pl.col("probability").mean(), pl.col("defaults").mean(), pl.len())
    assert by_tenth.height == 10
    for _, expected, found, clients in by_tenth.iter_rows():
        deviation = (expected * (1 - expected) / clients) ** 0.5
        assert abs(found - expected) < 4 * deviation


def test_history_says_something_about_default(tables: dict[str, pl.DataFrame]) -> None:
    """Late payments, refusals, debts and utilisation of the past go with defaults, each a little."""
    target = tables["application_train"].select("SK_ID_CURR", "TARGET")
    history = {
        "late payments": tables["installments_payments"]
        .group_by("SK_ID_CURR")
        .agg(value=(pl.col("DAYS_ENTRY_PAYMENT") > pl.col("DAYS_INSTALMENT")).mean()),
        "refusals": tables["previous_application"]
        .group_by("SK_ID_CURR")
        .agg(value=(pl.col("NAME_CONTRACT_STATUS") == "Refused").mean()),
        "open credits": tables["bureau"].group_by("SK_ID_CURR").agg(value=(pl.col("CREDIT_ACTIVE") == "Active").mean()),
        "utilisation": tables["credit_card_balance"]
        .group_by("SK_ID_CURR")
        .agg(value=(pl.col("AMT_BALANCE") / (pl.col("AMT_CREDIT_LIMIT_ACTUAL") + 1)).mean()),
    }
    for name, values in history.items():
        joined = target.join(values, on="SK_ID_CURR")
        found = auc(joined["value"].to_numpy(), joined["TARGET"].to_numpy())
        assert 0.53 < found < 0.68, name


def test_quirks_of_the_source_are_there(tables: dict[str, pl.DataFrame]) -> None:
    train, test = tables["application_train"], tables["application_test"]
    unemployed = train.filter(pl.col("DAYS_EMPLOYED") == 365243)
    assert (unemployed["ORGANIZATION_TYPE"] == "XNA").all()
    assert (train.filter(pl.col("ORGANIZATION_TYPE") == "XNA")["DAYS_EMPLOYED"] == 365243).all()
    assert unemployed["OCCUPATION_TYPE"].is_null().all()
    revolving = pl.col("NAME_CONTRACT_TYPE") == "Revolving loans"
    assert train.select(revolving.mean()).item() > 8 * test.select(revolving.mean()).item()
    assert train["EXT_SOURCE_1"].null_count() / len(train) > test["EXT_SOURCE_1"].null_count() / len(test) + 0.1
    card = tables["previous_application"].filter(NAME_CONTRACT_TYPE="Revolving loans", NAME_CONTRACT_STATUS="Approved")
    assert (card["DAYS_LAST_DUE_1ST_VERSION"].drop_nulls() == 365243).all()
    assert train.select(pl.col("AMT_INCOME_TOTAL").max() > 10 * pl.col("AMT_INCOME_TOTAL").median()).item()


def test_the_comparison_names_every_gap_that_is_too_large_and_counts_the_others(
    raw_folder: Path, comparison: Comparison, capsys: pytest.CaptureFixture[str]
) -> None:
    main(raw_folder)
    *gaps, summary = capsys.readouterr().out.splitlines()
    outside = [gap for gap in comparison.gaps if not gap.is_within]
    assert len(gaps) == len(outside)
    assert summary.startswith(f"{len(comparison.gaps) - len(outside)} of {len(comparison.gaps)} measures are within")
