"""The ledger gives back what was recorded, and says so when it cannot record."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.decisions.ledger import DecisionRecord, Ledger
from credit_scoring.scoring.scorer import Decision

FEATURES = np.array([1.5, np.nan, -0.0, 1e-40], dtype=np.float32)


def record(decision_id: str = "a" * 32, **changed: object) -> DecisionRecord:
    return DecisionRecord(
        decision_id=decision_id,
        decided_at=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        client_id=100_001,
        application={"AMT_CREDIT": 0.1 + 0.2, "CNT_CHILDREN": 1, "CODE_GENDER": "F", "OWN_CAR_AGE": None},
        history_found=True,
        feature_version=3,
        feature_fingerprint="0123456789abcdef",
        feature_date=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        model_name="credit-scoring",
        model_version=2,
        model_hash="f" * 16,
        source="synthetic",
        threshold=1 / 11,
        probability=0.1 + 0.2,
        decision=Decision.REFUSED,
    ).model_copy(update=changed)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'decisions.db'}"


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    opened = Ledger(url)
    yield opened
    opened.close()


def test_a_decision_comes_back_with_the_bits_of_its_vector(ledger: Ledger) -> None:
    ledger.record(record(), FEATURES)
    found, features = ledger.get(record().decision_id)
    assert found == record()
    assert found.model_dump_json() == record().model_dump_json()
    assert features.dtype == np.float32
    assert features.tobytes() == FEATURES.tobytes()


def test_types_of_raw_values_survive(ledger: Ledger) -> None:
    application: dict[str, float | int | str | None] = {"a": 1, "b": 1.0, "c": "1", "d": None}
    ledger.record(record(application=application), FEATURES)
    found = ledger.get(record().decision_id)[0].application
    assert {name: type(value) for name, value in found.items()} == {
        "a": int,
        "b": float,
        "c": str,
        "d": type(None),
    }


def test_a_decision_without_client_is_kept(ledger: Ledger) -> None:
    ledger.record(record(client_id=None, history_found=False), FEATURES)
    assert ledger.get(record().decision_id)[0].client_id is None


def test_another_process_finds_the_decision(ledger: Ledger, url: str) -> None:
    ledger.record(record(), FEATURES)
    other = Ledger(url)
    assert other.count() == 1
    assert other.get(record().decision_id)[0] == record()
    other.close()


def test_times_of_any_zone_stay_the_same_moment(ledger: Ledger) -> None:
    paris = datetime(2026, 1, 2, 4, 4, 5, tzinfo=timezone(timedelta(hours=1)))
    ledger.record(record(decided_at=paris), FEATURES)
    assert ledger.get(record().decision_id)[0].decided_at == paris


def test_an_unknown_id_is_a_clear_error(ledger: Ledger) -> None:
    with pytest.raises(MissingArtefactError, match="no decision nowhere"):
        ledger.get("nowhere")


def test_one_id_is_recorded_once(ledger: Ledger) -> None:
    ledger.record(record(), FEATURES)
    with pytest.raises(StorageError, match="decision ledger"):
        ledger.record(record(probability=0.9), FEATURES)
    assert ledger.count() == 1
    assert ledger.get(record().decision_id)[0].probability == record().probability


def test_a_ledger_that_cannot_be_written_names_itself_and_the_setting(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    path.write_text("no database " * 100)
    with pytest.raises(StorageError, match=r"decision ledger sqlite:///.*damaged\.db") as caught:
        Ledger(f"sqlite:///{path}")
    assert "CREDIT_LEDGER_URL" in caught.value.next_step


@pytest.mark.parametrize("ask", [lambda ledger: ledger.get("a"), lambda ledger: ledger.count()])
def test_a_ledger_that_goes_away_is_a_clear_error(
    ask: Callable[[Ledger], object], ledger: Ledger, tmp_path: Path
) -> None:
    ledger.close()
    (tmp_path / "decisions.db").write_text("no database " * 100)
    with pytest.raises(StorageError, match="does not answer"):
        ask(ledger)
    with pytest.raises(StorageError, match="does not answer"):
        ledger.record(record(), FEATURES)
