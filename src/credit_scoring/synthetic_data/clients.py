"""The clients of a chunk: their risk, their habits, the ranks behind their columns, and whether they default."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from credit_scoring.synthetic_data.chunks import FIRST_CLIENT_ID, Chunk, train_clients
from credit_scoring.synthetic_data.marginals import read_marginal
from credit_scoring.synthetic_data.normal import Floats
from credit_scoring.synthetic_data.profile import calibration
from credit_scoring.synthetic_data.ranks import even_ranks
from credit_scoring.synthetic_data.risk import DefaultCurve, default_curve

# How strongly each habit follows the risk: the correlation of the two.
HABITS = {
    "late payments": 0.50,
    "debt": 0.45,
    "refusals": 0.50,
    "utilisation": 0.55,
    "worsening": 0.45,
    "hunger for credit": 0.50,
}
_FEWEST_DEFAULTS = 30
_HIGHEST_RATE = 0.25


@dataclass(frozen=True)
class Clients:
    """Arrays with one value per client of a chunk, in the order of their identifiers.

    Attributes:
        identifiers: SK_ID_CURR.
        is_test: belongs to application_test.
        risk: latent risk, standard normal over the run.
        latent: standard normal values behind the columns of the application, by name.
        habits: standard normal values, each correlated with the risk as HABITS says.
        probability: true probability of default.
        defaults: 1 where the client defaults; for train and test clients alike.
        bureau_credits, previous_applications: rows of the client in those tables.
    """

    identifiers: NDArray[np.int64]
    is_test: NDArray[np.bool_]
    risk: Floats
    latent: dict[str, Floats]
    habits: dict[str, Floats]
    probability: Floats
    defaults: NDArray[np.int8]
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
    default_probability = _curve(train_clients(chunk.run_clients))(risk)
    is_test = np.zeros(count, dtype=bool)
    is_test[random.permutation(count)[: chunk.test_clients]] = True
    defaults = np.zeros(count, dtype=np.int8)
    for part in (is_test, ~is_test):
        defaults[part] = _systematic_draw(default_probability[part], random)
    by_name = {name: latent[:, place] for place, name in enumerate(names)}
    return Clients(
        identifiers=FIRST_CLIENT_ID + chunk.first + np.arange(count, dtype=np.int64),
        is_test=is_test,
        risk=risk,
        latent=by_name,
        habits=habits,
        probability=default_probability,
        defaults=defaults,
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
def _curve(train: int) -> DefaultCurve:
    """The default curve of a run; very small runs get more defaults than published, or folds would have none."""
    rate = max(calibration()["target"]["rate"], min(_HIGHEST_RATE, _FEWEST_DEFAULTS / max(train, 1)))
    return default_curve(rate)


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


def _systematic_draw(chances: Floats, random: np.random.Generator) -> NDArray[np.int8]:
    """Draw each event with its own chance so that the number of events is the sum of the chances, give or take one."""
    if not len(chances):
        return np.zeros(0, dtype=np.int8)
    reached = np.floor(np.cumsum(chances) + random.random())
    return (np.diff(reached, prepend=0.0) > 0).astype(np.int8)
