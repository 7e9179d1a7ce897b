"""The online store on a real PostgreSQL server behaves as on SQLite."""

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.feature_store.online import OnlineStore, OnlineVersion

CLIENTS = np.arange(100_001, 100_401)
HISTORY = np.random.default_rng(5).normal(size=(len(CLIENTS), 600)).astype(np.float32)
HISTORY[::7, ::3] = np.nan


def version(fingerprint: str) -> OnlineVersion:
    return OnlineVersion(
        fingerprint=fingerprint,
        number=0,
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        source="synthetic",
        history_features=("credits",),
        without_history=(0.0,),
        population="{}",
    )


@pytest.fixture
def store(postgresql_url: str) -> Iterator[OnlineStore]:
    opened = OnlineStore(postgresql_url)
    yield opened
    opened.close()


def test_rows_loaded_by_copy_are_returned_bit_for_bit(store: OnlineStore) -> None:
    assert store.materialise(version("bits"), [(CLIENTS, HISTORY)]) == len(CLIENTS)
    for client, row in zip(CLIENTS.tolist(), HISTORY, strict=True):
        fingerprint, stored = store.read([client])
        assert fingerprint == "bits"
        assert stored[client].tobytes() == row.tobytes()
    assert store.read([1]) == ("bits", {})
    fingerprint, found = store.read([1, *CLIENTS.tolist()])
    assert fingerprint == "bits"
    assert np.array_equal(np.stack([found.pop(client) for client in CLIENTS.tolist()]), HISTORY, equal_nan=True)
    assert found == {}


def test_an_interrupted_load_resumes_and_readers_never_see_a_mixture(store: OnlineStore, postgresql_url: str) -> None:
    store.materialise(version("old"), [(CLIENTS, HISTORY)])
    reader = OnlineStore(postgresql_url)

    def interrupted() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        yield CLIENTS[:100], HISTORY[:100] + 1
        assert reader.read([int(CLIENTS[0])])[0] == "old"
        yield CLIENTS[100:200], HISTORY[100:200] + 1
        raise StorageError("The machine went away.", "Start again.")

    with pytest.raises(StorageError, match="went away"):
        store.materialise(version("new"), interrupted())
    assert reader.read([int(CLIENTS[0])])[0] == "old"

    loaded = store.loaded_chunks("new")
    assert loaded == 2
    rest = [(CLIENTS[200:], HISTORY[200:] + 1)]
    assert store.materialise(version("new"), rest, first_chunk=loaded) == len(CLIENTS)
    for client, row in zip(CLIENTS.tolist(), HISTORY + 1, strict=True):
        fingerprint, stored = reader.read([client])
        assert fingerprint == "new"
        assert stored[client].tobytes() == row.tobytes()
    reader.close()
