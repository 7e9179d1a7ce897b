"""Outcomes are imported from files and reported to the service: all or none, with every wrong row named."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from credit_scoring.api.main import create_app
from credit_scoring.cli import app
from credit_scoring.core.errors import CreditScoringError, MissingArtefactError, SourceError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.outcomes import newest_outcomes
from tests.support.decision_entries import entry

ANN, BEN = 100_001, 100_002
FIRST, SECOND, OF_BEN = "a" * 32, "b" * 32, "c" * 32
HEADER = "decision_id,defaulted,observed_on\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose ledger holds two decisions on Ann and one on Ben, made on 2 January 2026."""
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    ledger = ledger_in(tmp_path / "data")
    ledger.append([entry(FIRST, client_id=ANN), entry(SECOND, client_id=ANN), entry(OF_BEN, client_id=BEN)])
    ledger.close()
    return tmp_path


def ledger_in(data: Path) -> Ledger:
    return Ledger(Storage(data, kept_versions=3).database_url("", "decisions"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def error_of(result: Result) -> CreditScoringError:
    assert isinstance(result.exception, CreditScoringError), result.output
    return result.exception


def recorded(data: Path) -> dict[str, bool]:
    ledger = ledger_in(data)
    found = {name: one.outcome.defaulted for name, one in newest_outcomes(ledger).items()}
    ledger.close()
    return found


def test_a_file_is_imported_once_and_corrected_by_another(folder: Path) -> None:
    file = folder / "outcomes.csv"
    file.write_text(HEADER + f"{FIRST},1,2026-07-01\n{OF_BEN},false,2026-07-01\n")
    assert "2 new, 0 corrected, 0 known" in run("outcomes", "import", str(file)).output
    assert "0 new, 0 corrected, 2 known" in run("outcomes", "import", str(file)).output
    file.write_text(HEADER + f"{FIRST},0,2026-08-01\n")
    assert "0 new, 1 corrected, 0 known" in run("outcomes", "import", str(file)).output
    assert recorded(folder / "data") == {FIRST: False, OF_BEN: False}
    assert "Recorded outcomes, corrections included: 3." in run("decisions", "verify").output


def test_a_parquet_file_may_name_decisions_by_client_and_day(folder: Path) -> None:
    file = folder / "outcomes.parquet"
    rows = {
        "client_id": [BEN],
        "decided_on": [date(2026, 1, 2)],
        "defaulted": [True],
        "observed_on": [date(2026, 7, 1)],
    }
    pl.DataFrame(rows).write_parquet(file)
    assert "1 new" in run("outcomes", "import", str(file)).output
    assert recorded(folder / "data") == {OF_BEN: True}


def test_a_persons_export_contains_the_outcomes(folder: Path) -> None:
    file = folder / "outcomes.csv"
    file.write_text(HEADER + f"{FIRST},1,2026-07-01\n")
    run("outcomes", "import", str(file))
    exported = run("decisions", "export", "--client", str(ANN)).output
    assert exported.count('"defaulted": true') == 1 and '"observed_on": "2026-07-01"' in exported
    assert '"outcomes": []' in exported


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("decision_id,defaulted\n", "lacks observed_on"),
        ("client_id,defaulted,observed_on\n", r"lacks decision_id \(or client_id and decided_on\)"),
        (HEADER.replace("defaulted", "default"), "lacks defaulted"),
        (HEADER.strip() + ",remark\n", "unknown columns remark"),
        (HEADER.replace(",", ";"), "separated by semicolons"),
        (HEADER.strip() + ",defaulted\n", "repeats the columns defaulted"),
        ("", "is empty"),
        (HEADER + f"{FIRST},1,2026-07-01\n{FIRST},1\n", "line 3 has 2 fields instead of 3"),
        (HEADER + f'{FIRST},1,2026-07-01\n\n"a\nb",1,2026-07-01\n{OF_BEN},x,2026-07-01\n', "line 4, d(.|\n)*line 6, d"),
        (HEADER + f'{FIRST},1,2026-07-01\n{FIRST},1,"2026\n', "line 3: unexpected end of data"),
        (
            "client_id,decided_on,defaulted,observed_on\n" + "9" * 5_000 + ",2026-01-02,1,2026-07-01\n",
            "line 2, client_id: ",
        ),
        (HEADER + f"{FIRST},off,2026-07-01\n", "line 2, defaulted: .*not 'off'"),
        (HEADER + f"{FIRST},1,20260701\n", "line 2, observed_on: write a day as 2026-07-01"),
        (HEADER + f"{FIRST},perhaps,2026-07-01\n", "line 2, defaulted: .*not 'perhaps'"),
        (HEADER + f"{FIRST},,2026-07-01\n", "line 2, defaulted: Field required"),
        (HEADER + f"{FIRST},1,01/07/2026\n", "line 2, observed_on: write a day as 2026-07-01"),
        (HEADER + f"{FIRST},1,2026-07-01\n{FIRST[:-1]},1,2026-07-01\n", "line 3, decision_id: "),
        (HEADER + f"{FIRST},1,2026-07-01\n{'d' * 32},1,2026-07-01\n", "line 3, decision_id: the ledger holds no such"),
        (HEADER + f"{FIRST},1,2025-12-31\n", "line 2, observed_on: observed before the decision of 2026-01-02"),
        (HEADER + f"{FIRST},1,2026-07-01\n{FIRST},0,2026-07-01\n", "line 3, decision_id: another outcome"),
        (
            "client_id,decided_on,defaulted,observed_on\n"
            f"{ANN},2026-01-02,1,2026-07-01\n{BEN},2026-01-03,1,2026-07-01\n",
            "line 2, decided_on: 2 decisions on that day(.|\n)*line 3, client_id: the ledger holds no decision",
        ),
        ("client_id,decided_on,defaulted,observed_on\n" + "0,2026-01-02,1,2026-07-01\n" * 30, "and 10 more"),
    ],
)
def test_a_wrong_file_is_explained_and_nothing_is_imported(folder: Path, content: str, problem: str) -> None:
    file = folder / "outcomes.csv"
    file.write_text(content)
    error = error_of(run("outcomes", "import", str(file)))
    assert isinstance(error, SourceError)
    with pytest.raises(SourceError, match=problem):
        raise error
    assert recorded(folder / "data") == {}


def test_a_file_in_another_encoding_is_named_with_its_line(folder: Path) -> None:
    Path("outcomes.csv").write_bytes(f"{HEADER}{FIRST},1,2026-07-01\n".encode() + b"\xe9,1,2026-07-01\n")
    assert "line 3: 'utf-8' codec can't decode" in error_of(run("outcomes", "import", "outcomes.csv")).message


def test_truths_may_be_text_in_a_parquet_file_too(folder: Path) -> None:
    rows = {"decision_id": [FIRST, OF_BEN], "defaulted": ["true", "0"], "observed_on": [date(2026, 7, 1)] * 2}
    pl.DataFrame(rows).write_parquet("outcomes.parquet")
    assert "2 new" in run("outcomes", "import", "outcomes.parquet").output
    assert recorded(folder / "data") == {FIRST: True, OF_BEN: False}


def test_a_number_is_no_day(folder: Path) -> None:
    rows = {"decision_id": [FIRST], "defaulted": [1], "observed_on": [20_260_701]}
    pl.DataFrame(rows).write_parquet("outcomes.parquet")
    assert "row 1, observed_on: write a day" in error_of(run("outcomes", "import", "outcomes.parquet")).message


def test_other_files_and_absent_ones_are_no_outcomes(folder: Path) -> None:
    for name in ("outcomes.csv", "outcomes.xlsx", "data"):
        assert isinstance(error_of(run("outcomes", "import", name)), SourceError)
    Path("outcomes.parquet").write_text("no Parquet")
    assert "cannot be read" in error_of(run("outcomes", "import", "outcomes.parquet")).message


def test_without_a_ledger_nothing_can_be_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(tmp_path / "data"))
    assert isinstance(error_of(run("outcomes", "import", "outcomes.csv")), MissingArtefactError)


@pytest.fixture
def service(trained_copy: Settings) -> Iterator[tuple[TestClient, str, Settings]]:
    """A service, the id of a decision it made, and its settings."""
    settings = trained_copy.with_values(environment="dev")
    with TestClient(create_app(settings)) as client:
        application = {"NAME_CONTRACT_TYPE": "Cash loans", "AMT_INCOME_TOTAL": 135_000.0, "AMT_CREDIT": 568_800.0}
        answer = client.post("/predict", json=application | {"DAYS_BIRTH": -14_000})
        yield client, answer.json()["decision_id"], settings


def report(of: str, **changed: Any) -> dict[str, Any]:
    """A body that reports one outcome."""
    return {
        "outcomes": [{"decision_id": of, "defaulted": True, "observed_on": f"{datetime.now(UTC):%Y-%m-%d}"} | changed]
    }


def test_the_service_records_outcomes_and_repeating_them_is_safe(service: tuple[TestClient, str, Settings]) -> None:
    client, decision_id, settings = service
    assert client.post("/outcomes", json=report(decision_id)).json() == {
        "new": 1,
        "corrected": 0,
        "outdated": 0,
        "known": 0,
    }
    assert client.post("/outcomes", json=report(decision_id)).json() == {
        "new": 0,
        "corrected": 0,
        "outdated": 0,
        "known": 1,
    }
    corrected = client.post("/outcomes", json=report(decision_id, defaulted=False))
    assert corrected.json() == {"new": 0, "corrected": 1, "outdated": 0, "known": 0}
    assert recorded(settings.data_directory) == {decision_id: False}


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"decision_id": "D" * 32}, "#/outcomes/0/decision_id"),
        ({"defaulted": 1}, "#/outcomes/0/defaulted"),
        ({"defaulted": None}, "#/outcomes/0/defaulted"),
        ({"observed_on": "yesterday"}, "#/outcomes/0/observed_on"),
        ({"observed_on": 1_782_864_000}, "#/outcomes/0/observed_on"),
        ({"client_id": 5}, "#/outcomes/0"),
        ({"reason": "x"}, "#/outcomes/0/reason"),
    ],
)
def test_a_wrong_report_is_rejected_with_its_field(
    service: tuple[TestClient, str, Settings], changed: dict[str, Any], pointer: str
) -> None:
    client, decision_id, settings = service
    answer = client.post("/outcomes", json=report(decision_id, **changed))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert recorded(settings.data_directory) == {}


@pytest.mark.parametrize(
    ("changed", "field"), [({"decision_id": "d" * 32}, "decision_id"), ({"observed_on": "2020-01-01"}, "observed_on")]
)
def test_an_outcome_that_fits_no_decision_is_not_found(
    service: tuple[TestClient, str, Settings], changed: dict[str, Any], field: str
) -> None:
    client, decision_id, settings = service
    body = {"outcomes": [*report(decision_id)["outcomes"], *report(decision_id, **changed)["outcomes"]]}
    answer = client.post("/outcomes", json=body)
    assert answer.status_code == 404
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/outcomes/1/{field}"]
    assert recorded(settings.data_directory) == {}


def test_a_problem_with_a_report_by_client_and_day_points_at_what_was_given(
    service: tuple[TestClient, str, Settings],
) -> None:
    client, _, _ = service
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    body = {"outcomes": [{"client_id": 999_999, "decided_on": today, "defaulted": True, "observed_on": today}]}
    answer = client.post("/outcomes", json=body)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/outcomes/0/client_id"]


def test_while_the_ledger_is_unavailable_outcomes_are_rejected(
    service: tuple[TestClient, str, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, decision_id, _ = service

    def failing(*_: object) -> None:
        raise StorageError("The ledger is unavailable.", "Start it.")

    monkeypatch.setattr(Ledger, "rows", failing)
    assert client.post("/outcomes", json=report(decision_id)).status_code == 503
