"""A run cut into chunks."""

import numpy as np
import pytest

from credit_scoring.synthetic_data.chunks import CLIENTS_PER_CHUNK, PUBLISHED_CLIENTS, chunks_of, train_clients


def test_a_full_run_has_the_published_numbers_of_clients() -> None:
    chunks = chunks_of(PUBLISHED_CLIENTS, seed=1)
    assert sum(chunk.clients for chunk in chunks) == PUBLISHED_CLIENTS
    assert sum(chunk.test_clients for chunk in chunks) == 48_744
    assert train_clients(PUBLISHED_CLIENTS) == 307_511


@pytest.mark.parametrize("clients", [100, CLIENTS_PER_CHUNK, CLIENTS_PER_CHUNK + 1, 3 * CLIENTS_PER_CHUNK])
def test_every_client_is_in_exactly_one_chunk(clients: int) -> None:
    chunks = chunks_of(clients, seed=1)
    indices = [index for chunk in chunks for index in range(chunk.first, chunk.first + chunk.clients)]
    assert indices == list(range(clients))
    assert all(chunk.clients > 0 for chunk in chunks)


@pytest.mark.parametrize("clients", [30_000, 2 * PUBLISHED_CLIENTS])
def test_identifiers_of_different_chunks_never_meet(clients: int) -> None:
    chunks = chunks_of(clients, seed=3)
    used = np.sort(np.concatenate([chunk.identifiers(41_000, 1_000_001, 2_845_382) for chunk in chunks]))
    assert (np.diff(used) > 0).all()
    assert used[0] >= 1_000_001
    if clients <= PUBLISHED_CLIENTS:
        assert used[-1] <= 2_845_382


def test_more_identifiers_than_reserved_are_refused() -> None:
    with pytest.raises(ValueError, match="reserved"):
        chunks_of(300, seed=1)[0].identifiers(11, 1, 10)


def test_random_numbers_differ_by_purpose_chunk_and_seed_and_repeat_otherwise() -> None:
    first, second = chunks_of(20_000, seed=1)[:2]
    other_seed = chunks_of(20_000, seed=2)[0]
    draws = {
        chunk.random(purpose).random()
        for chunk, purpose in ((first, "a"), (first, "b"), (second, "a"), (other_seed, "a"))
    }
    assert len(draws) == 4
    assert first.random("a").random() == first.random("a").random()
