"""`credit-scoring decisions`: what an auditor and a data subject can request."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from credit_scoring.cli import app
from credit_scoring.core.errors import CreditScoringError, ErasedError, MissingArtefactError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.decisions.recorder import opened_ledger
from credit_scoring.decisions.service import open_decision_service
from credit_scoring.decisions.spool import Spool
from credit_scoring.feature_engineering.catalogue import feature_names
from tests.support.decision_entries import entry

APPLICATION: dict[str, float | int | str | None] = {
    "NAME_CONTRACT_TYPE": "Cash loans",
    "AMT_CREDIT": 500_000.0,
    "NAME_TYPE_SUITE": "é\u0000",
}


@pytest.fixture
def installation(trained_copy: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(trained_copy.data_directory))
    return trained_copy


@pytest.fixture
def decided(installation: Settings) -> list[DecisionRecord]:
    """Two decisions on client 7, one on client 8, one on an applicant without a client number."""
    service = open_decision_service(installation)
    answers = [service.make_decision(DecisionRequest(APPLICATION, client, "a test")) for client in (7, 7, 8, None)]
    service.close()
    return answers


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["decisions", *arguments])


def erase(*arguments: str) -> Result:
    return run("erase", *arguments, "--why", "request of 3 May", "--yes")


def error_of(result: Result) -> CreditScoringError:
    assert isinstance(result.exception, CreditScoringError), result.output
    return result.exception


def tamper(settings: Settings, statement: str) -> None:
    with closing(sqlite3.connect(settings.data_directory / "databases" / "decisions.db")) as file, file:
        file.execute(statement)


def test_verify_prints_an_anchor_for_the_next_verify(decided: list[DecisionRecord]) -> None:
    first = run("verify")
    assert first.exit_code == 0, first.output
    assert "4 decisions, 0 of them erased; none was changed" in first.output
    anchor = first.output.splitlines()[-1]
    assert run("verify", "--anchor", anchor).exit_code == 0
    assert "is not an anchor" in error_of(run("verify", "--anchor", "x")).message


def test_verify_names_the_rows_that_were_changed(decided: list[DecisionRecord], installation: Settings) -> None:
    tamper(installation, "UPDATE ledger_decisions SET decided_at = '2025' WHERE sequence = 2")
    result = run("verify")
    error = error_of(result)
    assert (type(error), error.message) == (StorageError, "The decision ledger has a broken hash chain: 1 findings.")
    assert f"row 2, decision {decided[1].decision_id}, was changed" in result.output


def test_show_prints_the_record_with_its_vector_by_name(decided: list[DecisionRecord]) -> None:
    shown = json.loads(run("show", decided[0].decision_id).stdout)
    features = shown.pop("features")
    assert DecisionRecord.model_validate(shown) == decided[0]
    assert tuple(features) == feature_names()
    assert None in features.values()
    assert "no decision unknown" in error_of(run("show", "unknown")).message


def test_replay_reports_a_bit_for_bit_equal_decision(decided: list[DecisionRecord]) -> None:
    result = run("replay", decided[0].decision_id)
    assert result.exit_code == 0, result.output
    assert "features and probability equal bit for bit" in result.output


def test_replay_fails_when_something_differs(decided: list[DecisionRecord], installation: Settings) -> None:
    service = open_decision_service(installation)
    forged = decided[0].model_copy(update={"decision_id": "f" * 32, "threshold": 0.5})
    spool = Spool(installation.data_directory / "decision_spool", 1_000_000)
    spool.append([type(entry())(forged, service._recorder.find(decided[0].decision_id).features)])
    spool.close()
    service.close()
    result = run("replay", "f" * 32)
    assert "is not reproduced: 1 values differ" in error_of(result).message
    assert "threshold: recorded 0.5, now" in result.output


def test_export_contains_everything_about_a_person_and_nothing_about_others(
    decided: list[DecisionRecord], installation: Settings, tmp_path: Path
) -> None:
    waiting = entry("e" * 32, client_id=7)
    living = Spool(installation.data_directory / "decision_spool", 1_000_000)
    living.append([waiting])
    exported = json.loads(run("export", "--client", "7").stdout)
    expected = [decided[0].decision_id, decided[1].decision_id, waiting.record.decision_id]
    assert [one["decision_id"] for one in exported["decisions"]] == expected
    assert exported["decisions"][0]["application"] == APPLICATION
    out = tmp_path / "person.json"
    assert "3 decisions on client 7" in run("export", "--client", "7", "--output", str(out)).output
    assert json.loads(out.read_text())["decisions"] == exported["decisions"]
    assert isinstance(error_of(run("export", "--client", "9")), MissingArtefactError)
    living.close()


@pytest.mark.parametrize("whose", ["client", "decision", "last-decided-before"])
def test_nothing_is_erased_while_decisions_are_spooled(
    decided: list[DecisionRecord], installation: Settings, whose: str
) -> None:
    value = {"client": "7", "decision": decided[0].decision_id, "last-decided-before": "2999-01-01"}[whose]
    with closing(Spool(installation.data_directory / "decision_spool", 1_000_000)) as living:
        living.append([entry("e" * 32, client_id=8)])
        assert "decisions wait in" in error_of(erase(f"--{whose}", value)).message
        assert run("show", decided[0].decision_id).exit_code == 0
    # The service has ended: its spool is drained before the erasure.
    assert erase(f"--{whose}", value).exit_code == 0
    assert run("show", "e" * 32).exit_code == (1 if whose == "last-decided-before" else 0)


def test_erase_makes_one_persons_decisions_unreadable_and_no_others(decided: list[DecisionRecord]) -> None:
    anchor = run("verify").output.splitlines()[-1]
    assert "Decisions on client 7, permanently erased: 2." in erase("--client", "7").output
    assert isinstance(error_of(run("show", decided[0].decision_id)), ErasedError)
    assert isinstance(error_of(run("export", "--client", "7")), MissingArtefactError)
    assert isinstance(error_of(erase("--client", "7")), MissingArtefactError)
    assert run("show", decided[2].decision_id).exit_code == 0
    verified = run("verify", "--anchor", anchor).output
    assert "4 decisions, 2 of them erased" in verified
    assert "Recorded erasures, each with who, when and why: 1." in verified
    assert "an older version did not record" not in verified


@pytest.mark.parametrize(("options", "by"), [((), "user 54321"), (("--by", "data officer"), "data officer")])
def test_an_erasure_records_who_and_why_and_is_no_decision(
    decided: list[DecisionRecord],
    installation: Settings,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    by: str,
) -> None:
    monkeypatch.setattr("os.getuid", lambda: 54321)
    assert erase("--decision", decided[0].decision_id, *options).exit_code == 0
    with opened_ledger(installation) as ledger:
        (erasure,) = (row for row, _ in ledger.rows_with_keys() if row.is_erasure)
    assert json.loads(erasure.facts) == {"erased_by": by, "why": "request of 3 May"}
    for command in ("show", "replay"):
        assert isinstance(error_of(run(command, erasure.decision_id)), MissingArtefactError)


def test_erase_requires_a_reason(decided: list[DecisionRecord]) -> None:
    result = run("erase", "--client", "7", "--yes")
    assert result.exit_code == 2 and "--why" in result.output
    assert run("show", decided[0].decision_id).exit_code == 0


def test_erase_covers_an_applicant_without_a_client_number(decided: list[DecisionRecord]) -> None:
    unnumbered = decided[3].decision_id
    assert f"the applicant of decision {unnumbered}, permanently erased: 1." in erase("--decision", unnumbered).output
    assert isinstance(error_of(erase("--decision", unnumbered)), ErasedError)
    assert isinstance(error_of(erase("--decision", "unknown")), MissingArtefactError)


def test_erase_covers_persons_whose_last_decision_is_old(decided: list[DecisionRecord], installation: Settings) -> None:
    old = [
        entry("d" * 32, client_id=8, decided_at=datetime(2019, 1, 1, tzinfo=UTC)),
        entry("e" * 32, client_id=9, decided_at=datetime(2019, 1, 1, tzinfo=UTC)),
        entry("f" * 32, client_id=10, decided_at=datetime(2020, 1, 1, tzinfo=UTC)),
    ]
    with opened_ledger(installation) as ledger:
        ledger.append(old)
    erased = erase("--last-decided-before", "2020-01-01").output
    assert "Decisions on everyone last decided on before 2020-01-01, permanently erased: 1." in erased
    assert isinstance(error_of(run("show", "e" * 32)), ErasedError)
    assert all(run("show", one * 32).exit_code == 0 for one in "df")
    assert run("verify").exit_code == 0


def test_erase_asks_for_confirmation_and_requires_exactly_one_selection(decided: list[DecisionRecord]) -> None:
    assert (
        CliRunner().invoke(app, ["decisions", "erase", "--client", "7", "--why", "request"], input="n\n").exit_code == 1
    )
    assert run("show", decided[0].decision_id).exit_code == 0
    assert erase().exit_code == 2
    assert erase("--client", "7", "--decision", "x").exit_code == 2


def test_without_a_ledger_no_command_creates_an_empty_one(installation: Settings) -> None:
    for command in (
        ["verify"],
        ["show", "x"],
        ["export", "--client", "1"],
        ["erase", "--client", "1", "--why", "request", "--yes"],
    ):
        assert "There is no decision ledger" in error_of(run(*command)).message
    assert not list((installation.data_directory / "databases").glob("decisions*"))
