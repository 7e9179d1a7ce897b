"""The ledger returns decisions as they were recorded, and reports when it cannot record."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.decisions.chain import Head
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.ledger import Ledger
from tests.support.decision_entries import FEATURES, entries, entry, record


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'decisions.db'}"


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    opened = Ledger(url)
    yield opened
    opened.close()


def test_a_decision_is_returned_with_the_exact_bits_of_its_vector(ledger: Ledger) -> None:
    ledger.append([entry()])
    found, features = vars(ledger.get(record().decision_id)).values()
    assert found == record()
    assert found.model_dump_json() == record().model_dump_json()
    assert features.dtype == np.float32
    assert features.tobytes() == FEATURES.tobytes()


def test_types_of_raw_values_survive(ledger: Ledger) -> None:
    application: dict[str, float | int | str | None] = {"a": 1, "b": 1.0, "c": "1", "d": None}
    ledger.append([entry(application=application)])
    found = ledger.get(record().decision_id).record.application
    assert {name: type(value) for name, value in found.items()} == {"a": int, "b": float, "c": str, "d": type(None)}


def test_a_decision_without_client_is_kept(ledger: Ledger) -> None:
    ledger.append([entry(client_id=None, history_found=False)])
    assert ledger.get(record().decision_id).record.client_id is None


def test_another_process_finds_the_decision(ledger: Ledger, url: str) -> None:
    ledger.append([entry()])
    other = Ledger(url)
    assert len(list(other.rows_with_keys())) == 1
    assert other.get(record().decision_id).record == record()
    other.close()


def test_times_of_any_zone_keep_their_moment(ledger: Ledger) -> None:
    paris = datetime(2026, 1, 2, 4, 4, 5, tzinfo=timezone(timedelta(hours=1)))
    ledger.append([entry(decided_at=paris)])
    assert ledger.get(record().decision_id).record.decided_at == paris


def test_an_unknown_id_is_a_clear_error(ledger: Ledger) -> None:
    with pytest.raises(MissingArtefactError, match="no decision nowhere"):
        ledger.get("nowhere")


def test_of_several_decisions_with_one_id_in_a_transaction_the_first_is_stored(ledger: Ledger) -> None:
    others = entries(2)
    assert ledger.append([others[0], entry(), entry(probability=0.9), others[1]]) == 3
    assert [row.sequence for row, _ in ledger.rows_with_keys()] == [1, 2, 3]
    assert ledger.get(record().decision_id).record.probability == record().probability
    assert [row.decision_id for row, _ in ledger.rows_with_keys()][-1] == others[1].record.decision_id


def test_the_first_decision_with_an_id_is_kept(ledger: Ledger) -> None:
    assert ledger.append([entry()]) == 1
    assert ledger.append([entry(probability=0.9)]) == 0
    assert len(list(ledger.rows_with_keys())) == 1
    assert ledger.get(record().decision_id).record.probability == record().probability


def test_the_error_of_an_unusable_ledger_names_it_and_its_setting(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    path.write_text("no database " * 100)
    with pytest.raises(StorageError, match=r"decision ledger sqlite:///.*damaged\.db") as caught:
        Ledger(f"sqlite:///{path}")
    assert "CREDIT_LEDGER_URL" in caught.value.next_step


@pytest.mark.parametrize("read", [lambda ledger: ledger.get("a"), lambda ledger: ledger.head()])
def test_a_ledger_that_becomes_unavailable_is_a_clear_error(
    read: Callable[[Ledger], object], ledger: Ledger, tmp_path: Path
) -> None:
    ledger.close()
    (tmp_path / "decisions.db").write_text("no database " * 100)
    with pytest.raises(StorageError, match="is unavailable"):
        read(ledger)
    with pytest.raises(StorageError, match="is unavailable"):
        ledger.append([entry()])


@pytest.mark.parametrize("number", [-1, 2**63])
def test_a_client_id_beyond_a_database_integer_is_rejected(number: int) -> None:
    with pytest.raises(ValidationError, match="client_id"):
        DecisionRecord.model_validate(record().model_dump() | {"client_id": number})


class LedgerInUse(Ledger):
    """A ledger in which another thread records a decision after each look at the head."""

    is_in_use = False

    def head(self) -> Head:
        found = super().head()
        if self.is_in_use:
            self.append(entries(1))
        return found


def test_a_check_accepts_decisions_that_are_recorded_meanwhile(url: str) -> None:
    ledger = LedgerInUse(url)
    ledger.is_in_use = True
    ledger.check()
    ledger.reopen()
    assert len(list(ledger.rows_with_keys())) == 2
    ledger.close()


def test_a_second_service_uses_a_restored_file_while_the_first_writes_its_journal(tmp_path: Path) -> None:
    file = tmp_path / "decisions.db"
    first, second = (Ledger(f"sqlite:///{file}") for _ in range(2))
    first.append(entries(2))
    file.unlink()
    first.reopen()
    first.append(entries(1))
    assert file.with_name(f"{file.name}-wal").stat().st_size > 0
    second.reopen()
    assert second.head() == first.head()
    assert second.append(entries(1)) == 1
    assert first.head().rows == 4
    first.close()
    second.close()
