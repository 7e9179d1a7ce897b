"""Distributions of single columns, as published: numbers by their quantiles, lists of values by their shares."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PROBABILITIES: tuple[float, ...] = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
_TAIL: tuple[float, ...] = (0.995, 0.999, 0.9995, 0.9999, 0.99995, 0.99999)


@dataclass(frozen=True)
class Numbers:
    """A numeric column: nulls, an atom at zero, and quantiles of the rest."""

    null_share: float
    zero_share: float
    probabilities: Floats
    values: Floats

    def at(self, u: Floats) -> Floats:
        """Quantile function at ``u`` in (0, 1); the atom at zero lies where the sorted values cross zero."""
        if self.zero_share == 0.0:
            return np.interp(u, self.probabilities, self.values)
        below = float(np.interp(0.0, self.values, self.probabilities)) * (1.0 - self.zero_share)
        above = below + self.zero_share
        squeezed = np.where(u < below, u, np.maximum(u - self.zero_share, below)) / (1.0 - self.zero_share)
        return np.where((u >= below) & (u < above), 0.0, np.interp(squeezed, self.probabilities, self.values))


@dataclass(frozen=True)
class Choices:
    """A column with a short list of values (numbers or words) and the share of each, in a fixed order."""

    null_share: float
    values: NDArray[Any]
    shares: Floats

    def code(self, u: Floats) -> NDArray[np.int64]:
        """Place in ``values`` of the value at ``u`` in (0, 1)."""
        edges = np.cumsum(self.shares)[:-1] / self.shares.sum()
        return np.searchsorted(edges, u, side="right")

    def at(self, u: Floats) -> NDArray[Any]:
        """Value at ``u`` in (0, 1)."""
        return np.asarray(self.values[self.code(u)])


Marginal = Numbers | Choices


def with_nulls(values: NDArray[Any], null: NDArray[np.bool_]) -> NDArray[Any]:
    """The values with null (NaN for a number, None for a word) where ``null`` says so."""
    masked = values.copy() if values.dtype == np.object_ else values.astype(np.float64)
    masked[null] = None if values.dtype == np.object_ else np.nan
    return masked


def read_marginal(entry: dict[str, Any]) -> Marginal:
    """A marginal from its entry in the calibration file: ``q`` quantiles, or ``v``/``w`` values and shares."""
    if "v" in entry:
        values = entry["v"]
        kind = np.float64 if isinstance(values[0], int | float) else np.object_
        return Choices(
            entry.get("null", 0.0), np.array(values, dtype=kind), np.array(entry["w"], dtype=np.float64)
        )
    probabilities, values = _with_heavy_tail(np.array(PROBABILITIES), np.array(entry["q"], dtype=np.float64))
    return Numbers(entry.get("null", 0.0), entry.get("zero", 0.0), probabilities, values)


def _with_heavy_tail(probabilities: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Bend the last percent into a Pareto tail where the maximum lies far out.

    Without it a straight line from the 99 % quantile to a maximum of 117 million would carry the mean away.
    """
    last, beyond = values[-2], values[-1]
    if last <= 0 or beyond - last <= 3 * (last - values[-4]):
        return probabilities, values
    tail = np.array(_TAIL)
    decades = np.log10((1 - tail) / 0.01) / np.log10(1e-6 / 0.01)
    bent = last * (beyond / last) ** decades
    return np.concatenate([probabilities[:-1], tail, [1.0]]), np.concatenate([values[:-1], bent, [beyond]])
