"""A file is scored like the service scores each row, and a bad row is named."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from credit_scoring.batch_scoring.score_file import score_file
from credit_scoring.core.errors import CreditScoringError, ModelNotFoundError, SourceError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.application_request import EXAMPLE, Application, raw_columns_of
from credit_scoring.data_ingestion import application_file, error_location
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.decisions.service import open_decision_service
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.serving import FeatureService, ServedFeatures
from tests.support.feature_versions import compute_made_up_features, made_up_features

ROWS = 30


def applications() -> pl.DataFrame:
    """Applications of known clients, and of two that the store never saw; some values are unknown."""
    rows = [dict(EXAMPLE, SK_ID_CURR=number, AMT_CREDIT=100_000.0 + 7_919.5 * number) for number in range(1, ROWS - 1)]
    strangers = [dict(EXAMPLE, SK_ID_CURR=900_000 + number) for number in range(2)]
    frame = pl.DataFrame([*rows, *strangers])
    even = pl.col("SK_ID_CURR") % 2 == 0
    return frame.with_columns(
        pl.when(even).then(None).otherwise(pl.col(name)).alias(name) for name in ("EXT_SOURCE_1", "OWN_CAR_AGE")
    )


def write(frame: pl.DataFrame, path: Path) -> Path:
    frame.write_csv(path) if path.suffix == ".csv" else frame.write_parquet(path)
    return path


def read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path) if path.suffix == ".csv" else pl.read_parquet(path)


@pytest.mark.parametrize("source", ["new.csv", "new.parquet"])
@pytest.mark.parametrize("target", ["scores.csv", "scores.parquet"])
def test_every_row_gets_the_score_of_the_service_bit_for_bit(
    source: str, target: str, trained_copy: Settings, tmp_path: Path
) -> None:
    frame = applications()
    written = score_file(trained_copy, write(frame, tmp_path / source), tmp_path / target)
    service = open_decision_service(trained_copy)
    try:
        answers = []
        for row in frame.rows(named=True):
            values = raw_columns_of(Application.model_validate(row))
            answers.append(service.make_decision(DecisionRequest.from_columns(values, "test")))
    finally:
        service.close()
    scores = read(tmp_path / target)
    assert scores["probability"].to_list() == [answer.probability for answer in answers]
    assert scores["decision"].to_list() == [answer.decision.value for answer in answers]
    assert scores["SK_ID_CURR"].to_list() == frame["SK_ID_CURR"].to_list()
    assert scores["history_found"].to_list() == [True] * (ROWS - 2) + [False] * 2
    assert set(scores["model_version"]) == {answers[0].model_version}
    assert (written.rows, written.source) == (ROWS, "synthetic")
    assert written.accepted == scores["decision"].to_list().count("accepted")


@pytest.mark.parametrize("name", ["new.csv", "new.parquet"])
def test_a_file_in_many_chunks_gives_the_same_scores_as_in_one(
    name: str, trained: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(applications(), tmp_path / name)
    score_file(trained, source, tmp_path / "whole.parquet")
    monkeypatch.setattr(error_location, "BLOCK_BYTES", 2_000)
    monkeypatch.setattr(application_file, "_ROWS_AT_ONCE", 4)
    assert len(list(application_file.open_applications(source).chunks())) > 3
    score_file(trained, source, tmp_path / "pieces.parquet")
    assert read(tmp_path / "pieces.parquet").equals(read(tmp_path / "whole.parquet"))


def test_columns_that_may_be_unknown_may_be_absent_and_others_are_left_out(trained: Settings, tmp_path: Path) -> None:
    frame = applications().drop("EXT_SOURCE_1").with_columns(TARGET=pl.lit(1), NOTE=pl.lit("new"))
    score_file(trained, write(frame, tmp_path / "new.csv"), tmp_path / "scores.csv")
    with_nulls = applications().with_columns(EXT_SOURCE_1=pl.lit(None, pl.Float64))
    score_file(trained, write(with_nulls, tmp_path / "nulls.csv"), tmp_path / "scores of nulls.csv")
    assert read(tmp_path / "scores.csv").equals(read(tmp_path / "scores of nulls.csv"))


@pytest.mark.parametrize("name", ["new.csv", "new.parquet"])
def test_a_file_without_a_row_gives_a_file_without_a_row(name: str, trained: Settings, tmp_path: Path) -> None:
    source = write(applications().clear(), tmp_path / name)
    assert score_file(trained, source, tmp_path / "scores.parquet").rows == 0
    assert read(tmp_path / "scores.parquet").columns[:2] == ["SK_ID_CURR", "probability"]


def at_row(position: int, name: str, value: object, dtype: type[pl.DataType] | None = None) -> pl.DataFrame:
    frame = applications()
    values = [value if index == position else old for index, old in enumerate(frame[name])]
    return frame.with_columns(pl.Series(name, values, dtype=dtype, strict=False))


@pytest.mark.parametrize(
    ("name", "frame", "message"),
    [
        (
            "a.csv",
            at_row(4, "AMT_CREDIT", "much", pl.String),
            r"a\.csv, line 6, column AMT_CREDIT: 'much' is not a number",
        ),
        (
            "a.csv",
            at_row(4, "CNT_CHILDREN", 1.5, pl.Float64),
            r"a\.csv, line 6, column CNT_CHILDREN: '1\.5' is not a whole",
        ),
        ("a.csv", at_row(9, "FLAG_MOBIL", 7), r"a\.csv, line 11, column FLAG_MOBIL: 7(\.0)? is not allowed \("),
        ("a.parquet", at_row(9, "FLAG_MOBIL", 7), r"a\.parquet, row 10, column FLAG_MOBIL: 7(\.0)? is not allowed \("),
        ("a.csv", at_row(0, "SK_ID_CURR", None), r"a\.csv, line 2, column SK_ID_CURR: is empty"),
        ("a.csv", at_row(2, "AMT_CREDIT", None), r"a\.csv, line 4, column AMT_CREDIT: None is not allowed"),
        ("a.parquet", at_row(2, "AMT_CREDIT", "much", pl.String), r"a\.parquet, row 1, column AMT_CREDIT: '\d+"),
        ("a.parquet", at_row(2, "AMT_CREDIT", float("inf")), r"a\.parquet, row 3, column AMT_CREDIT: inf is not"),
        ("a.csv", applications().drop("AMT_CREDIT"), r"a\.csv, line 1: missing columns: AMT_CREDIT"),
        ("a.parquet", applications().drop("SK_ID_CURR"), r"a\.parquet: missing columns: SK_ID_CURR"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_nothing_is_written(
    name: str, frame: pl.DataFrame, message: str, trained: Settings, tmp_path: Path
) -> None:
    (tmp_path / "scores.csv").write_text("scores of yesterday")
    with pytest.raises(SourceError, match=message):
        score_file(trained, write(frame, tmp_path / name), tmp_path / "scores.csv")
    assert (tmp_path / "scores.csv").read_text() == "scores of yesterday"
    assert not list(tmp_path.glob(".partial-*"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda text: "", "is empty"),
        (lambda text: text[: len(text) - 40], r"last line: \d+ fields instead of"),
        (lambda text: text.replace("AMT_CREDIT", "AMT_ANNUITY", 1), "the column AMT_ANNUITY is repeated"),
        (lambda text: text.replace("OWN_CAR_AGE", "CNT_CHILDREN", 1), "the column CNT_CHILDREN is repeated"),
    ],
    ids=["empty", "cut short", "renamed", "twice"],
)
def test_a_broken_csv_file_is_named(
    content: Callable[[str], str], message: str, trained: Settings, tmp_path: Path
) -> None:
    source = write(applications(), tmp_path / "new.csv")
    source.write_text(content(source.read_text()))
    with pytest.raises(SourceError, match=message):
        score_file(trained, source, tmp_path / "scores.csv")


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("nowhere.csv", "scores.csv", r"nowhere\.csv does not exist"),
        ("new.xlsx", "scores.csv", r"new\.xlsx does not end in \.csv or \.parquet"),
        ("new.csv", "scores.txt", r"scores\.txt does not end in \.csv or \.parquet"),
        ("new.csv", "new.csv", "is the input file"),
        ("text.parquet", "scores.csv", r"text\.parquet is not a Parquet file"),
    ],
)
def test_files_that_cannot_be_meant_are_refused(
    source: str, target: str, message: str, trained: Settings, tmp_path: Path
) -> None:
    write(applications(), tmp_path / "new.csv")
    (tmp_path / "new.xlsx").write_text("a table")
    (tmp_path / "text.parquet").write_text("a table")
    with pytest.raises(SourceError, match=message):
        score_file(trained, tmp_path / source, tmp_path / target)


def test_a_folder_that_cannot_be_made_is_a_clear_error(trained: Settings, tmp_path: Path) -> None:
    source = write(applications(), tmp_path / "new.csv")
    with pytest.raises(StorageError, match="a file has the name of a folder"):
        score_file(trained, source, source / "scores.csv")


def test_without_a_model_the_error_names_the_command_to_run(with_tracking: Settings, tmp_path: Path) -> None:
    source = write(applications(), tmp_path / "new.csv")
    with pytest.raises(ModelNotFoundError, match="credit-scoring train"):
        score_file(with_tracking, source, tmp_path / "scores.csv")


def test_features_published_on_the_way_stop_it(
    trained_copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(applications(), tmp_path / "new.parquet")
    monkeypatch.setattr(application_file, "_ROWS_AT_ONCE", 10)
    many, calls = FeatureService.features_of_many, list[int]()

    def publishing_meanwhile(service: FeatureService, *arguments: object) -> list[ServedFeatures]:
        calls.append(1)
        if len(calls) == 2:
            compute_made_up_features(trained_copy, made_up_features(seed=5), name="second")
            feature_store.run(trained_copy)
        return many(service, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(FeatureService, "features_of_many", publishing_meanwhile)
    with pytest.raises(CreditScoringError, match="Another feature version was published"):
        score_file(trained_copy, source, tmp_path / "scores.csv")
    assert not (tmp_path / "scores.csv").exists()
