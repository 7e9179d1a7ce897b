"""Whatever a command is given, it works or says what is wrong; `make fuzz-commands` tries thousands of cases."""

import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.command_fuzzer import SERVERS, Command, Fuzzer, all_commands
from tests.faults.command_runs import Outcome, contents, run_in_process
from tests.support.servers.fake_service import KEY

pytestmark = pytest.mark.slow

CASES = int(os.environ.get("FUZZED_CASES", "3"))
READING = {
    *("reports", "features list", "features show", "features export", "features diff", "features where"),
    *("model list", "model show", "model history", "keys list", "decisions verify", "decisions show"),
    *("decisions replay", "decisions export", "database check", "smoke", "version"),
    "performance",
}
WRITING = {
    *("pipeline", "ingest", "validate", "features build", "features publish", "features tag", "features use"),
    *("features reload", "train", "tune", "model promote", "model rollback", "score", "explain", "audit", "drift"),
    *("keys create", "keys revoke", "decisions erase", "outcomes import", "synthesize", "bootstrap"),
    *("database upgrade", "cross-validate", "model stage", "model confirm", "model restore", "model check"),
}

SETTINGS = {
    "CREDIT_BUCKET_COUNT": "1",
    "CREDIT_TRAINING_FAMILIES": "lightgbm",
    "CREDIT_TUNING_TRIALS": "0",
    "CREDIT_TRAINING_FOLD_COUNT": "2",
    "CREDIT_LOG_LEVEL": "ERROR",
}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source of 150 synthetic clients."""
    folder = tmp_path_factory.mktemp("source")
    made = run_in_process(("synthesize", "--output", "raw", "--clients", "150", "--seed", "3"), SETTINGS, folder)
    assert made.exit_code == 0, made.errors
    return folder / "raw"


@pytest.fixture(scope="module")
def prepared(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a trained model, recorded decisions and an API key; its name is awkward."""
    workshop = tmp_path_factory.mktemp("prepared")
    folder = workshop / "prepared é"
    for arguments in (
        ("pipeline", "--source", str(raw)),
        ("score", "--examples"),
        ("keys", "create", "me", "--scope", "predict"),
    ):
        done = run_in_process(arguments, SETTINGS | {"CREDIT_DATA_DIRECTORY": str(folder)}, workshop)
        assert done.exit_code == 0, done.errors
    return folder


def column(file: Path, query: str) -> tuple[str, ...]:
    with closing(sqlite3.connect(file)) as database:
        return tuple(str(value) for (value,) in database.execute(query))


@pytest.fixture(scope="module")
def fuzzer(raw: Path, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzer]:
    decisions = column(prepared / "databases" / "decisions.db", "SELECT decision_id FROM ledger_decisions")[:1]
    (raw.parent / "smoke.key").write_text(KEY)
    good: Mapping[str, tuple[str, ...]] = {
        "version": ("1", "staging"),
        **dict.fromkeys(
            ("features version", "before", "after", "use version", "tag version", "export version"), ("0",)
        ),
        **dict.fromkeys(("decision_id", "decision"), decisions),
        "client": column(prepared / "databases" / "decisions.db", "SELECT client_id FROM ledger_keys")[:2],
        "url": ("http://127.0.0.1:1", "https://127.0.0.1:1/credit"),
        "key_file": (str(raw.parent / "smoke.key"),),
        "key": column(prepared / "databases" / "api_keys.db", "SELECT key_id FROM api_keys"),
        "source": (str(raw),),
        "score source": (str(raw / "application_test.csv"),),
        "score target": ("out.csv", "out.parquet"),
        "export output": ("out.csv", "out.json", "out.parquet"),
        "name": ("first", "app_ext_source_max"),
        **dict.fromkeys(("owner", "why", "by"), ("me",)),
    }
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        workshop = tmp_path_factory.mktemp("fuzzed")
        yield Fuzzer(workshop, prepared, good, taken.getsockname()[1], SETTINGS)


def test_every_command_is_known_to_read_or_to_write() -> None:
    names = {command.name for command in all_commands() if command.path not in SERVERS}
    assert names == READING | WRITING and not READING & WRITING


@pytest.mark.parametrize("command", all_commands(), ids=lambda command: command.name)
def test_bad_input_ends_in_a_sentence_and_a_reading_command_changes_nothing(command: Command, fuzzer: Fuzzer) -> None:
    for case in fuzzer.cases(command, CASES):
        outcome = fuzzer.run(case, command.name in READING)
        assert outcome.fault is None, f"{case}\n{outcome.fault}"


def run_on(folder: Path, *arguments: str) -> Outcome:
    return run_in_process(arguments, SETTINGS | {"CREDIT_DATA_DIRECTORY": str(folder)}, folder.parent)


@pytest.mark.parametrize("name", sorted(READING - {"database check", "smoke", "version", "features where"}))
def test_without_a_data_folder_a_reading_command_creates_nothing_and_says_where_it_looked(
    name: str, tmp_path: Path
) -> None:
    given = {
        "features show": ("0",),
        "features diff": ("0", "1"),
        "features export": ("--output", "out.csv"),
        "model show": ("1",),
        "decisions show": ("a" * 32,),
        "decisions replay": ("a" * 32,),
        "decisions export": ("--client", "7", "--output", "out.json"),
    }
    outcome = run_on(tmp_path / "no such folder", *name.split(), *given.get(name, ()))
    assert list(tmp_path.iterdir()) == []
    assert outcome.fault is None and outcome.exit_code in (0, 6, 9)
    assert "no such folder" in outcome.output + outcome.errors


def test_a_decision_that_waits_in_the_spool_is_not_said_to_be_in_the_ledger(prepared: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(prepared, copy)
    with closing(sqlite3.connect(copy / "databases" / "decisions.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        waiting = run_on(copy, "score", "--examples")
    assert waiting.exit_code == 0 and "waits in" in waiting.output and "is in the ledger" not in waiting.output
    assert contents(copy / "decision_spool")
    moved = run_on(copy, "decisions", "verify")
    assert moved.exit_code == 0, moved.errors
    assert "is in the ledger" in run_on(copy, "score", "--examples").output
