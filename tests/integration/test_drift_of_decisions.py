"""The drift step reads decisions from the ledger, versions and files; bad input is explained and writes nothing."""

import json
import sys
import uuid
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from credit_scoring.api.metrics import Metrics
from credit_scoring.cli import app
from credit_scoring.core.errors import (
    DRIFT_ALARM_EXIT_CODE,
)
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.decisions.decision_record import Entry
from credit_scoring.decisions.ledger import Erasure, Ledger
from credit_scoring.decisions.outcomes import Outcome, record_outcomes
from credit_scoring.drift_detection.selection import Compared
from credit_scoring.drift_detection.step import DRIFT_STEP, run
from credit_scoring.explain.audited_groups import AUDITED_FEATURES
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store.offline import feature_matrix, read_version
from credit_scoring.governance.drift_history import newest_result, opened_history
from credit_scoring.scoring.scorer import Decision
from tests.support.decision_entries import record

WEEK = timedelta(days=7)
# A window that contains the present: outcomes count in the window in which the ledger learns them.
BEGIN = datetime.combine(datetime.now(UTC).date(), time(), UTC) - timedelta(days=3)


@pytest.fixture
def settings(trained_copy: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A trained installation whose verdict needs few decisions; Evidently's page takes most of a comparison."""
    monkeypatch.setitem(sys.modules, "evidently", None)
    return trained_copy.with_values(drift={"min_decisions": 50})


def training_features(settings: Settings, rows: int = 100) -> np.ndarray:
    """Features of some training clients."""
    frame = read_version(Storage.of(settings).offline_features(), 0).filter(pl.col("TARGET").is_not_null())
    return feature_matrix(frame, feature_names())[:rows]


def moved(features: np.ndarray) -> np.ndarray:
    """Features far from those of the training, except for the codes of categories."""
    codes = [
        index for index, name in enumerate(feature_names()) if name in {*AUDITED_FEATURES, "app_name_contract_type"}
    ]
    changed = features * 3 + 100
    changed[:, codes] = features[:, codes]
    return changed


def decide(settings: Settings, features: np.ndarray, at: datetime, **changed: Any) -> list[str]:
    """Record decisions with these features; returns their ids."""
    entries = [
        Entry(
            record(
                uuid.uuid4().hex,
                decided_at=at,
                client_id=number,
                model_version=1,
                probability=0.05,
                decision=Decision.ACCEPTED,
                **changed,
            ),
            vector,
        )
        for number, vector in enumerate(features)
    ]
    with closing(ledger_of(settings)) as ledger:
        ledger.append(entries)
    return [one.record.decision_id for one in entries]


def ledger_of(settings: Settings) -> Ledger:
    return Ledger(Storage.of(settings).database_url("", "decisions"))


def window(begin: datetime = BEGIN) -> Compared:
    return Compared("ledger", since=begin, until=begin + WEEK)


def result(settings: Settings) -> dict[str, Any]:
    text = (Storage.of(settings).current(DRIFT_STEP) / "drift.json").read_text()
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_window_of_decisions_is_compared_with_the_training(settings: Settings) -> None:
    features = training_features(settings)
    ids = decide(settings, features, BEGIN)
    decide(settings, features, BEGIN + WEEK)
    decide(settings, features, BEGIN - timedelta(seconds=1))
    report(settings, ids[:40])
    manifest = run(settings, compared=window())
    assert manifest.measures["decisions"] == len(features)
    found = result(settings)
    assert (found["baseline"], found["current"]) == ("model version 1", "ledger")
    # The track record has the decisions before the window too.
    assert sum(month["decisions"] for month in found["months"]) == 2 * len(features)
    assert found["overall"]["measured"]["clients"] == 40
    assert found["overall"]["default_rate_of_accepted"]["value"] == 0
    assert {feature["name"] for feature in found["features"]} == set(feature_names())


def report(settings: Settings, decision_ids: Sequence[str], defaulted: bool = False) -> None:
    """Record what became of decisions, now."""
    today = datetime.now(UTC).date()
    became = [Outcome(decision_id=one, defaulted=defaulted, observed_on=today) for one in decision_ids]
    with closing(ledger_of(settings)) as ledger:
        record_outcomes(ledger, became, "a test")


def test_outcomes_count_in_the_window_in_which_the_ledger_learned_them(settings: Settings) -> None:
    features = training_features(settings)
    early = decide(settings, features, BEGIN - 20 * WEEK)
    decide(settings, features, BEGIN - WEEK)
    late = decide(settings, features, BEGIN)
    report(settings, early[:60], defaulted=True)
    report(settings, [*early[60:], *late])
    with closing(ledger_of(settings)) as ledger:
        ledger.erase_decision(early[0], Erasure("clerk", "request"))
    run(settings, compared=window(BEGIN - WEEK))
    assert result(settings)["overall"]["measured"] is None
    run(settings, compared=window())
    found = result(settings)
    first, last = found["months"][0], found["overall"]
    # Number 0 has the same client, and so the same key, in every window.
    assert (first["decisions"], first["measured"]["clients"], first["measured"]["defaults"]) == (100, 99, 59)
    assert (last["decisions"], last["measured"]["clients"]) == (99, 99 + 99)
    assert found["verdict"]["findings"] == ["default rate"]


def test_the_same_window_twice_gives_the_same_result_and_one_line_of_history(settings: Settings) -> None:
    decide(settings, training_features(settings), BEGIN)
    run(settings, compared=window())
    first = result(settings)
    assert run(settings, compared=window()).reused
    run(settings, force=True, compared=window())
    second = result(settings)
    assert first | {"run_at": ""} == second | {"run_at": ""}
    with opened_history(settings) as history:
        assert len(history.series("ledger with model version 1")) == 1


def test_a_history_that_was_lost_is_filled_again_by_an_unchanged_comparison(settings: Settings) -> None:
    decide(settings, training_features(settings), BEGIN)
    run(settings, compared=window())
    for file in settings.data_directory.glob("databases/drift_history.db*"):
        file.unlink()
    assert run(settings, compared=window()).reused
    assert newest_result(settings, 1) is not None


def test_what_cannot_be_compared_is_left_out_and_counted(settings: Settings) -> None:
    features = training_features(settings)
    decide(settings, features, BEGIN)
    with closing(ledger_of(settings)) as ledger:
        ledger.erase(7, Erasure("clerk", "request"))
    decide_by_another_model(settings, features[:2])
    run(settings, compared=window())
    found = result(settings)
    assert found["decisions"] == len(features) - 1
    assert found["left_out"] == {"erased": 1, "decided by another model": 2}


def decide_by_another_model(settings: Settings, features: np.ndarray) -> None:
    entries = [Entry(record(uuid.uuid4().hex, decided_at=BEGIN, model_version=99), vector) for vector in features]
    with closing(ledger_of(settings)) as ledger:
        ledger.append(entries)


def cli(settings: Settings, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(settings.data_directory))
    monkeypatch.setenv("CREDIT_DRIFT_MIN_DECISIONS", "50")
    return CliRunner().invoke(app, ["drift", *arguments])


def week_of(begin: datetime) -> Sequence[str]:
    return "--since", f"{begin:%Y-%m-%d}", "--until", f"{begin + WEEK:%Y-%m-%d}"


def test_an_alarm_needs_two_windows_in_a_row_and_ends_with_its_exit_code(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = moved(training_features(settings))
    begin = BEGIN - 3 * WEEK
    for number in range(2):
        decide(settings, changed, begin + number * WEEK)
    first = cli(settings, monkeypatch, *week_of(begin))
    assert first.exit_code == 0 and "warning" in first.output
    second = cli(settings, monkeypatch, *week_of(begin + WEEK))
    assert second.exit_code == DRIFT_ALARM_EXIT_CODE and "alarm" in second.output
    repeated = cli(settings, monkeypatch, *week_of(begin + WEEK))
    assert repeated.exit_code == DRIFT_ALARM_EXIT_CODE
    # The first window has no alarming one before it, however often it is measured.
    assert cli(settings, monkeypatch, *week_of(begin), "--force").exit_code == 0


def test_the_service_shows_the_newest_result(settings: Settings) -> None:
    metrics = Metrics()
    assert newest_result(settings, 1) is None
    metrics.drift.refresh(settings, 1)
    never = metrics.registry.get_sample_value("credit_drift_score")
    assert never is not None and np.isnan(never)
    decide(settings, moved(training_features(settings)), BEGIN)
    run(settings, compared=window())
    run(settings)
    metrics.drift.refresh(settings, 1)

    def value(name: str, **labels: str) -> float | None:
        return metrics.registry.get_sample_value(name, labels)

    newest = newest_result(settings, 1)
    assert newest_result(settings, 2) is None
    assert newest is not None and newest.kind == "ledger"
    assert value("credit_drift_score") == newest.score > 0.5
    assert value("credit_drift_status", status="warning") == 1 and value("credit_drift_status", status="alarm") == 0
    assert value("credit_drift_last_run_timestamp_seconds") == newest.run_at.timestamp()
    assert len(newest.features) == 30
    assert all(value("credit_drift_psi", feature=name) == index for name, index in newest.features.items())
    assert value("credit_cost_per_client", kind="estimated") == newest.estimated_cost
    measured = value("credit_cost_per_client", kind="measured")
    assert measured is not None and np.isnan(measured)
    # After a promotion, the result on the model before says nothing of the new one.
    metrics.drift.refresh(settings, 2)
    forgotten = value("credit_drift_score")
    assert forgotten is not None and np.isnan(forgotten)
    assert value("credit_drift_status", status="warning") is None


def test_an_empty_window_says_that_there_is_nothing_to_compare(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(settings, training_features(settings), BEGIN)
    answer = cli(settings, monkeypatch, *week_of(BEGIN - 2 * WEEK))
    assert answer.exit_code == 0 and "too few" in answer.output
    assert result(settings)["decisions"] == 0


def test_a_version_may_be_either_side(settings: Settings) -> None:
    run(settings, compared=Compared("version:0", "version:0"))
    found = result(settings)
    assert (found["baseline"], found["current"]) == ("feature version 0", "feature version 0")
    assert found["months"] == []


def test_a_file_of_applications_is_compared(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "applications.csv"
    pl.DataFrame([EXAMPLE | {"SK_ID_CURR": 900_000 + number} for number in range(60)]).write_csv(file)
    assert run(settings, compared=Compared(str(file))).measures["decisions"] == 60
    found = result(settings)
    assert found["current"] == "applications.csv"
    assert [one["decisions"] for one in found["segments"] if one["attribute"] == "client"] == [60]


def test_another_file_of_the_same_name_is_another_comparison(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "applications.csv"
    for amount in (300_000.0, 400_000.0, 400_000.0):
        rows = [EXAMPLE | {"SK_ID_CURR": 900_000 + number, "AMT_CREDIT": amount} for number in range(60)]
        pl.DataFrame(rows).write_csv(file)
        run(settings, force=True, compared=Compared(str(file)))
    with opened_history(settings) as history:
        assert len(history.series("file with model version 1")) == 2
