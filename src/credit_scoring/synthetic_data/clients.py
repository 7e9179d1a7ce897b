"""The clients of a chunk: their latent risk, their habits, and the latent values behind their applications."""

from functools import cache

import numpy as np
import polars as pl

from credit_scoring.synthetic_data.chunks import FIRST_CLIENT_ID, Chunk
from credit_scoring.synthetic_data.draws import draw
from credit_scoring.synthetic_data.noise import uniform
from credit_scoring.synthetic_data.profile import Floats, calibration
from credit_scoring.synthetic_data.source import OWNER, Columns, Source

# Correlation of each habit with the risk.
HABITS = {
    "late payments": 0.50,
    "debt": 0.45,
    "refusals": 0.50,
    "utilisation": 0.55,
    "worsening": 0.45,
    "hunger for credit": 0.50,
}
_DRAWN: Columns = {
    **{
        table: draw("clients", table, ["part"], order=pl.col(f"rows of {table}")).cast(pl.Int64)
        for table in ("bureau", "previous_application")
    },
    "reporting rank": uniform("reporting rank"),
}


def draw_clients(chunk: Chunk) -> Source:
    """The clients of a chunk, one row each.

    Columns: SK_ID_CURR; ``is_test`` and ``part`` ("train" or "test"); ``risk``, latent, standard normal, visible in
    TARGET only through the tables; a standard normal value for each habit and each latent column of the calibration;
    numbers of rows in ``bureau`` and ``previous_application``.
    """
    random = chunk.random("clients")
    risk = random.standard_normal(chunk.clients)
    names, loadings, root = _latent_columns()
    # Rounded, because the last bits of a matrix product differ between processors.
    latent = np.round(risk[:, None] * loadings + random.standard_normal((len(risk), len(names))) @ root.T, 6)
    is_test = np.zeros(len(risk), dtype=bool)
    is_test[random.permutation(len(risk))[: chunk.test_clients]] = True
    clients = pl.DataFrame(
        {
            "SK_ID_CURR": FIRST_CLIENT_ID + chunk.first + np.arange(len(risk), dtype=np.int64),
            OWNER: np.arange(len(risk)),
            "is_test": is_test,
            "part": np.where(is_test, "test", "train"),
            "risk": risk,
            **{name: latent[:, index] for index, name in enumerate(names)},
            **{
                name: strength * risk + np.sqrt(1.0 - strength**2) * random.standard_normal(len(risk))
                for name, strength in HABITS.items()
            },
        }
    )
    return Source(chunk, Source(chunk, clients).compute("clients", clients, _DRAWN))


def owned_rows(source: Source, table: str) -> pl.DataFrame:
    """The rows of a table of past credits without its columns: each client as often as the client has rows."""
    owner = np.repeat(np.arange(source.clients.height), source.clients[table].to_numpy())
    return source.clients.select(OWNER, "SK_ID_CURR", "is_test", "part")[owner]


@cache
def _latent_columns() -> tuple[list[str], Floats, Floats]:
    """Names and risk loadings of the latent columns, and a root of their covariance once the risk is known.

    Returns:
        k names, loadings (k,) and root (k, k).
    """
    section = calibration()["application"]
    loadings = np.array(section["loading"])
    lower = np.zeros((len(loadings), len(loadings)))
    for index, row in enumerate(section["correlation"]):
        lower[index, : index + 1] = np.array(row) / 1000.0
    correlation = lower + np.tril(lower, -1).T
    values, vectors = np.linalg.eigh(correlation - np.outer(loadings, loadings))
    root = vectors * np.sqrt(np.maximum(values, 1e-4))
    scale = np.sqrt((1.0 - loadings**2) / (root**2).sum(axis=1))
    return section["latent"], loadings, root * scale[:, None]
