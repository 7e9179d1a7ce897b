"""The clients of a chunk: their latent risk, their habits, and the ranks behind their columns."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from credit_scoring.synthetic_data.chunks import FIRST_CLIENT_ID, Chunk
from credit_scoring.synthetic_data.marginals import Floats, read_marginal
from credit_scoring.synthetic_data.profile import calibration
from credit_scoring.synthetic_data.ranks import even_ranks

# How strongly each habit follows the risk: the correlation of the two.
HABITS = {
    "late payments": 0.50,
    "debt": 0.45,
    "refusals": 0.50,
    "utilisation": 0.55,
    "worsening": 0.45,
    "hunger for credit": 0.50,
}


@dataclass(frozen=True)
class Clients:
    """Arrays with one value per client of a chunk, in the order of their identifiers.

    Attributes:
        identifiers: SK_ID_CURR.
        is_test: belongs to application_test.
        risk: latent risk, standard normal over the run; TARGET follows it through what the tables show (``truth``).
        latent: standard normal values behind the columns of the application, by name.
        habits: standard normal values, each correlated with the risk as HABITS says.
        bureau_credits, previous_applications: rows of the client in those tables.
    """

    identifiers: NDArray[np.int64]
    is_test: NDArray[np.bool_]
    risk: Floats
    latent: dict[str, Floats]
    habits: dict[str, Floats]
    bureau_credits: NDArray[np.int64]
    previous_applications: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.identifiers)


def draw_clients(chunk: Chunk) -> Clients:
    """The clients of a chunk."""
    random = chunk.random("clients")
    count = chunk.clients
    risk = random.standard_normal(count)
    names, loadings, root = _latent_columns()
    # Rounded, because the last bits of a matrix product differ between processors.
    latent = np.round(risk[:, None] * loadings + random.standard_normal((count, len(names))) @ root.T, 6)
    habits = {
        name: loading * risk + np.sqrt(1.0 - loading**2) * random.standard_normal(count)
        for name, loading in HABITS.items()
    }
    is_test = np.zeros(count, dtype=bool)
    is_test[random.permutation(count)[: chunk.test_clients]] = True
    by_name = {name: latent[:, place] for place, name in enumerate(names)}
    return Clients(
        identifiers=FIRST_CLIENT_ID + chunk.first + np.arange(count, dtype=np.int64),
        is_test=is_test,
        risk=risk,
        latent=by_name,
        habits=habits,
        bureau_credits=_rows_per_client("bureau", is_test, by_name, random),
        previous_applications=_rows_per_client("previous_application", is_test, by_name, random),
    )


def _rows_per_client(
    table: str, is_test: NDArray[np.bool_], latent: dict[str, Floats], random: np.random.Generator
) -> NDArray[np.int64]:
    counts = np.zeros(len(is_test), dtype=np.int64)
    for part, members in (("train", ~is_test), ("test", is_test)):
        published = read_marginal(calibration()["rows_per_client"][f"{table}|{part}"])
        counts[members] = published.at(even_ranks(latent[f"rows of {table}"][members], random))
    return counts


@cache
def _latent_columns() -> tuple[list[str], Floats, Floats]:
    """Names and risk loadings of the latent columns, and a root of their covariance once the risk is known."""
    section = calibration()["application"]
    loadings = np.array(section["loading"])
    lower = np.zeros((len(loadings), len(loadings)))
    for place, row in enumerate(section["correlation"]):
        lower[place, : place + 1] = np.array(row) / 1000.0
    correlation = lower + np.tril(lower, -1).T
    values, vectors = np.linalg.eigh(correlation - np.outer(loadings, loadings))
    root = vectors * np.sqrt(np.maximum(values, 1e-4))
    scale = np.sqrt((1.0 - loadings**2) / (root**2).sum(axis=1))
    return section["latent"], loadings, root * scale[:, None]
