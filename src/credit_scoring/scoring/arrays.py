"""Models as plain arrays in one compressed file, and log-odds of probabilities."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

ARRAYS_FILE = "model.npz"
_SMALLEST_PROBABILITY = 1e-6
"""Probabilities are kept this far from 0 and 1 before their odds are taken."""


def save_arrays(folder: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write named arrays; the same arrays give the same bytes."""
    np.savez_compressed(folder / ARRAYS_FILE, allow_pickle=False, **arrays)


def load_arrays(folder: Path) -> dict[str, np.ndarray]:
    """Read named arrays.

    Raises:
        ValueError: the file holds something other than plain arrays.
    """
    with np.load(folder / ARRAYS_FILE, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def log_odds(probability: np.ndarray) -> np.ndarray:
    """Log-odds (n,) of probabilities (n,), finite even for 0 and 1; float64."""
    clipped = np.clip(probability.astype(np.float64), _SMALLEST_PROBABILITY, 1.0 - _SMALLEST_PROBABILITY)
    odds: np.ndarray = np.log(clipped / (1.0 - clipped))
    return odds
