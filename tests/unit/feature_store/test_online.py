"""Online rows: readers follow one pointer and see the old version or the new one, never a mixture."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.feature_store import online
from credit_scoring.feature_store.online import OnlineStore, OnlineVersion

CLIENTS = np.array([11, 12, 13])


def version(fingerprint: str, number: int = 0) -> OnlineVersion:
    return OnlineVersion(
        fingerprint=fingerprint,
        number=number,
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        source="synthetic",
        history_features=("credits", "debt"),
        without_history=(0.0, None),
        population="{}",
    )


def history(first: float) -> np.ndarray:
    return np.array([[first, np.nan], [first + 1, -0.0], [first + 2, 1e-40]], dtype=np.float32)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'online.db'}"


@pytest.fixture
def store(url: str) -> Iterator[OnlineStore]:
    opened = OnlineStore(url)
    yield opened
    opened.close()


def read_bytes(store: OnlineStore, client: int) -> tuple[str, bytes | None]:
    fingerprint, found = store.read([client])
    return fingerprint, found[client].tobytes() if client in found else None


def test_rows_are_returned_bit_for_bit(store: OnlineStore) -> None:
    assert store.materialise(version("a"), [(CLIENTS, history(1))]) == 3
    for client, row in zip(CLIENTS.tolist(), history(1), strict=True):
        _, found = store.read([client])
        assert found[client].dtype == np.float32
        assert found[client].tobytes() == row.tobytes()


def test_chunks_of_any_memory_layout_are_loaded(store: OnlineStore) -> None:
    columns_first = np.asfortranarray(history(1))
    chunks = [(CLIENTS[:2], columns_first[:2]), (CLIENTS[2:], columns_first[2:].astype(np.float64))]
    assert store.materialise(version("a"), chunks) == 3
    assert read_bytes(store, 12) == ("a", history(1)[1].tobytes())
    assert read_bytes(store, 13) == ("a", history(1)[2].tobytes())


def test_an_unknown_client_has_no_row(store: OnlineStore) -> None:
    store.materialise(version("a"), [(CLIENTS, history(1))])
    assert store.read([99]) == ("a", {})


def test_many_clients_are_read_like_each_alone(store: OnlineStore) -> None:
    clients = np.arange(1, 1_301)
    rows = np.random.default_rng(0).normal(size=(len(clients), 2)).astype(np.float32)
    store.materialise(version("a"), [(clients, rows)])
    fingerprint, found = store.read([*clients.tolist(), 5_000])
    assert fingerprint == "a"
    assert found.keys() == set(clients.tolist())
    for client in (1, 500, 501, 1_300):
        assert ("a", found[client].tobytes()) == read_bytes(store, client)
    assert store.read([5_000]) == ("a", {})


class ClientsReadDuringALoad(list[int]):
    """Client ids; version "b" is loaded before the second query takes its ids."""

    def __init__(self, store: OnlineStore) -> None:
        super().__init__(CLIENTS.tolist())
        self.store = store
        self.queries = 0

    def __getitem__(self, index: Any) -> Any:
        self.queries += 1
        if self.queries == 2:
            self.store.materialise(version("b"), [(CLIENTS, history(7))])
        return super().__getitem__(index)


def test_many_clients_are_read_from_one_version_while_another_is_loaded(
    store: OnlineStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.materialise(version("a"), [(CLIENTS, history(1))])
    monkeypatch.setattr(online, "_MAX_CLIENTS_PER_QUERY", 1)
    clients = ClientsReadDuringALoad(store)
    fingerprint, found = store.read(clients)
    assert fingerprint == "b"
    assert np.array_equal(np.stack([found[client] for client in CLIENTS.tolist()]), history(7), equal_nan=True)
    assert clients.queries > len(CLIENTS)


def test_before_the_first_version_the_error_names_the_next_command(store: OnlineStore) -> None:
    for read in (store.current, lambda: store.read([11]), lambda: store.read([11, 12])):
        with pytest.raises(MissingArtefactError, match="features publish"):
            read()


def test_another_process_sees_the_loaded_version(store: OnlineStore, url: str) -> None:
    store.materialise(version("a", 4), [(CLIENTS, history(1))])
    other = OnlineStore(url)
    assert other.current() == version("a", 4)
    assert read_bytes(other, 11) == ("a", history(1)[0].tobytes())
    other.close()


def test_loading_the_same_version_again_changes_nothing(store: OnlineStore) -> None:
    for _ in range(2):
        assert store.materialise(version("a"), [(CLIENTS, history(1))]) == 3
    assert store.current() == version("a")
    assert read_bytes(store, 12) == ("a", history(1)[1].tobytes())


def test_a_new_version_is_served_with_all_its_rows(store: OnlineStore) -> None:
    store.materialise(version("a", 0), [(CLIENTS, history(1))])
    store.materialise(version("b", 1), [(CLIENTS[:1], history(7)[:1])])
    assert store.current() == version("b", 1)
    assert read_bytes(store, 11) == ("b", history(7)[0].tobytes())
    assert store.read([12]) == ("b", {})


def test_an_old_version_can_be_served_again(store: OnlineStore) -> None:
    for fingerprint, first in (("a", 1), ("b", 7), ("a", 1)):
        store.materialise(version(fingerprint), [(CLIENTS, history(first))])
    assert read_bytes(store, 11) == ("a", history(1)[0].tobytes())


def test_while_a_version_is_loaded_readers_see_the_old_one(store: OnlineStore, url: str) -> None:
    store.materialise(version("a"), [(CLIENTS, history(1))])
    reader = OnlineStore(url)

    def rows() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        yield CLIENTS[:1], history(7)[:1]
        assert read_bytes(reader, 11) == ("a", history(1)[0].tobytes())
        assert reader.current() == version("a")
        yield CLIENTS[1:], history(7)[1:]

    store.materialise(version("b"), rows())
    assert read_bytes(reader, 11) == ("b", history(7)[0].tobytes())
    reader.close()


def test_a_version_whose_load_fails_is_not_visible(store: OnlineStore) -> None:
    store.materialise(version("a"), [(CLIENTS, history(1))])

    def rows() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        yield CLIENTS, history(7)
        raise StorageError("bucket=0001.parquet is damaged.", "Compute it again.")

    with pytest.raises(StorageError, match="bucket=0001"):
        store.materialise(version("b"), rows())
    assert store.current() == version("a")
    assert read_bytes(store, 11) == ("a", history(1)[0].tobytes())


def test_more_clients_than_rows_are_rejected(store: OnlineStore) -> None:
    with pytest.raises(ValueError, match="shorter"):
        store.materialise(version("a"), [(CLIENTS, history(1)[:2])])
    with pytest.raises(MissingArtefactError):
        store.current()


def test_a_damaged_database_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    path.write_text("no database " * 100)
    with pytest.raises(StorageError, match=r"online store sqlite:///.*damaged\.db is unavailable") as caught:
        OnlineStore(f"sqlite:///{path}")
    assert "CREDIT_FEATURES_ONLINE_STORE_URL" in caught.value.next_step


def test_a_database_that_becomes_unusable_is_a_clear_error(store: OnlineStore, tmp_path: Path) -> None:
    store.materialise(version("a"), [(CLIENTS, history(1))])
    store.close()
    (tmp_path / "online.db").write_text("no database " * 100)
    with pytest.raises(StorageError, match="is unavailable"):
        store.read([11])
    with pytest.raises(StorageError, match="is unavailable"):
        store.current()


def test_a_deleted_file_is_noticed_and_not_created_again(store: OnlineStore, tmp_path: Path) -> None:
    store.materialise(version("a"), [(CLIENTS, history(1))])
    file = tmp_path / "online.db"
    file.rename(tmp_path / "elsewhere.db")
    for read in (store.current, lambda: store.read([11]), lambda: store.read([11, 12])):
        with pytest.raises(StorageError, match=r"online\.db, the online store, is missing\. Restore it"):
            read()
    assert not file.exists()
    (tmp_path / "elsewhere.db").rename(file)
    assert store.read([11])[0] == "a"


def test_a_replaced_file_is_read_from_then_on(store: OnlineStore, tmp_path: Path) -> None:
    store.materialise(version("a"), [(CLIENTS, history(1))])
    assert store.read([11])[0] == "a"
    # Another process has it open too, so its journal is not removed.
    holding = OnlineStore(f"sqlite:///{tmp_path / 'online.db'}")
    assert holding.read([11])[0] == "a"
    other = OnlineStore(f"sqlite:///{tmp_path / 'other.db'}")
    other.materialise(version("b"), [(CLIENTS, history(5))])
    other.close()
    journal = tmp_path / "online.db-wal"
    (tmp_path / "other.db").rename(tmp_path / "online.db")
    for _ in range(2):
        with pytest.raises(StorageError, match="was replaced, and online.db-wal belongs to the old file") as caught:
            store.read([11])
    assert f"Remove {journal}" in str(caught.value)
    journal.unlink()
    (tmp_path / "online.db-shm").unlink()
    assert read_bytes(store, 11) == ("b", history(5)[0].tobytes())


@pytest.mark.parametrize("url", ["nonsense", "nosuchdatabase://somewhere", "mysql://somewhere/x"])
def test_a_wrong_url_is_a_clear_error(url: str) -> None:
    with pytest.raises(StorageError, match="online store"):
        OnlineStore(url)


def test_an_unreachable_server_is_named_without_its_password() -> None:
    with pytest.raises(StorageError, match="is unavailable") as caught:
        OnlineStore("postgresql+psycopg://clerk:hidden@127.0.0.1:1/credit")  # pragma: allowlist secret
    assert "clerk:***@127.0.0.1:1" in str(caught.value)
    assert "hidden" not in str(caught.value)
