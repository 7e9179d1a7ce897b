"""Data stored before the restructuring is still usable: the Scorer loads, the ledger verifies, decisions replay.

Commit 1e7f581 wrote the files, and they are never regenerated; the README beside them describes them.
"""

import base64
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from credit_scoring.cli import app
from credit_scoring.core.errors import ErasedError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.decisions.recorder import opened_ledger
from credit_scoring.decisions.service import DecisionService, open_decision_service
from credit_scoring.decisions.verification import Verification, parse_anchor, verify
from credit_scoring.explain.explainer import explain
from tests.support.registered_scorers import register_scorer

STORED = Path(__file__).resolve().parent
EXPECTED: dict[str, Any] = json.loads((STORED / "expected.json").read_text())
ERASED = "erased"
READABLE = sorted(name for name in EXPECTED["replay"] if name != ERASED)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder with the stored databases, and the stored Scorer as version 1 of the registry."""
    folder = tmp_path_factory.mktemp("stored")
    settings = Settings(data_directory=folder / "data")
    databases = folder / "data" / "databases"
    databases.mkdir(parents=True)
    for file, database in (("ledger.sql", "decisions.db"), ("online_store.sql", "online_store.db")):
        with closing(sqlite3.connect(databases / database)) as connection:
            connection.executescript((STORED / file).read_text())
    training = folder / "training"
    for path in sorted((STORED / "scorer").rglob("*")):
        target = training / "scorer" / path.relative_to(STORED / "scorer")
        if path.is_dir():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".b64":
            target.with_suffix("").write_bytes(base64.b64decode(path.read_bytes()))
        else:
            target.write_bytes(path.read_bytes())
    assert register_scorer(settings, "stored", training) == 1
    return settings


@pytest.fixture
def service(installation: Settings) -> Iterator[DecisionService]:
    # The program has computed other features since then, so it replays these decisions and makes none.
    opened = open_decision_service(installation, only_recorded=True)
    yield opened
    opened.close()


def verified(settings: Settings) -> Verification:
    with opened_ledger(settings) as ledger:
        return verify(ledger, parse_anchor(EXPECTED["verify"]["anchor"]))


def test_the_stored_ledger_is_intact(installation: Settings) -> None:
    result = verified(installation)
    assert result.findings == ()
    assert (result.decisions, result.erased) == (EXPECTED["verify"]["decisions"], EXPECTED["verify"]["erased"])
    assert (result.erasures, len(result.unrecorded)) == (0, EXPECTED["verify"]["erased"])
    assert str(result.head) == EXPECTED["verify"]["anchor"]


def test_the_command_states_the_erasures_that_an_older_version_did_not_record(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(installation.data_directory))
    shown = CliRunner().invoke(app, ["decisions", "verify"]).output
    assert EXPECTED["verify"]["says"] in shown
    assert "Erasures that an older version did not record: 1." in shown


@pytest.mark.parametrize("name", READABLE)
def test_a_stored_decision_is_replayed_bit_for_bit(service: DecisionService, name: str) -> None:
    expected = EXPECTED["replay"][name]
    replayed = service.replay(expected["decision_id"])
    assert replayed.differences == ()
    assert not replayed.features_recomputed
    assert (replayed.probability, replayed.decision.value) == (expected["probability"], expected["decision"])


def test_stored_reasons_are_unchanged(service: DecisionService) -> None:
    reasons = service.find(EXPECTED["replay"]["with reasons"]["decision_id"]).reasons
    assert isinstance(reasons, dict)
    assert reasons["words"] == EXPECTED["texts_of_the_reasons"]


def test_erased_data_stays_erased(service: DecisionService) -> None:
    for read in (service.find, service.replay):
        with pytest.raises(ErasedError):
            read(EXPECTED["replay"][ERASED]["decision_id"])


def test_a_stored_decision_is_explained_again_by_its_model(service: DecisionService) -> None:
    decision = EXPECTED["replay"]["with reasons"]["decision_id"]
    record, explanation = service.explain_recorded(decision, explain)
    assert explanation.probability == record.probability
    # Counterfactuals would need the features of the older program.
    assert explanation.offers == ()
    assert all(texts.reasons for texts in explanation.texts.values())


def test_the_model_of_an_older_program_does_not_decide_on_other_features(installation: Settings) -> None:
    with pytest.raises(StorageError, match="was trained on other features than are served"):
        open_decision_service(installation)


def test_the_stored_chain_continues(installation: Settings, service: DecisionService) -> None:
    """Last in this file: it adds to the ledger."""
    old = EXPECTED["replay"]["known client"]["decision_id"]
    with opened_ledger(installation) as ledger:
        entry = ledger.get(old)
        added = replace(entry, record=entry.record.model_copy(update={"decision_id": str(uuid4())}))
        ledger.append([added])
    result = verified(installation)
    assert result.findings == ()
    assert result.head.rows == EXPECTED["verify"]["decisions"] + 1
