"""A run cut into chunks of clients: each can be computed alone, in any order, by any worker."""

import hashlib
from dataclasses import dataclass
from math import ceil, gcd

import numpy as np
from numpy.typing import NDArray

CLIENTS_PER_CHUNK = 8192
PUBLISHED_TRAIN_CLIENTS, PUBLISHED_TEST_CLIENTS = 307_511, 48_744
PUBLISHED_CLIENTS = PUBLISHED_TRAIN_CLIENTS + PUBLISHED_TEST_CLIENTS
FIRST_CLIENT_ID = 100_001


@dataclass(frozen=True)
class Chunk:
    """Neighbouring clients of a run.

    Attributes:
        seed: seed of the run.
        run_clients: clients of the whole run.
        index: position of the chunk in the run.
    """

    seed: int
    run_clients: int
    index: int

    @property
    def first(self) -> int:
        """Index in the run of the first client."""
        return self.index * CLIENTS_PER_CHUNK

    @property
    def clients(self) -> int:
        """Number of clients in the chunk."""
        return min(CLIENTS_PER_CHUNK, self.run_clients - self.first)

    @property
    def test_clients(self) -> int:
        """Number of clients in the chunk that belong to application_test."""
        before, after = (_test_clients(self.run_clients, end) for end in (self.first, self.first + self.clients))
        return after - before

    def random(self, purpose: str) -> np.random.Generator:
        """Random numbers of this chunk for one purpose: those of another purpose, or chunk, do not move them."""
        word = int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "big")
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence([self.seed, self.index, word])))

    def identifiers(self, count: int, first: int, last: int, used: int = 0) -> NDArray[np.int64]:
        """``count`` identifiers that no other chunk uses, scattered from ``first`` to ``last``.

        A run with more clients than published goes beyond ``last``.

        Args:
            used: identifiers of this range that the chunk has drawn before.

        Raises:
            ValueError: the range has too few for each chunk.
        """
        slots = (last - first + 1) * ceil(self.run_clients / PUBLISHED_CLIENTS)
        per_chunk = slots // ceil(self.run_clients / CLIENTS_PER_CHUNK)
        if used + count > per_chunk:
            raise ValueError(f"chunk {self.index} needs {used + count} identifiers; {per_chunk} are reserved")
        step = int(slots * 0.6180339887)
        while gcd(step, slots) != 1:
            step += 1
        own = self.random(f"identifiers {first} {used}").permutation(count) + used + self.index * per_chunk
        return first + (own * step + self.seed) % slots


def chunks_of(clients: int, seed: int) -> list[Chunk]:
    """All chunks of a run, in the order of their clients."""
    return [Chunk(seed, clients, index) for index in range(ceil(clients / CLIENTS_PER_CHUNK))]


def train_clients(clients: int) -> int:
    """Clients of a run that belong to application_train: the published proportion."""
    return clients - _test_clients(clients, clients)


def _test_clients(run_clients: int, before: int) -> int:
    """Test clients among the first ``before`` clients of a run; exact to the published numbers for a full run."""
    total = max(1, round(run_clients * PUBLISHED_TEST_CLIENTS / PUBLISHED_CLIENTS))
    return before * total // run_clients
