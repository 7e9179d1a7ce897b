"""Arrays of a model in one compressed file that holds numbers only."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

ARRAYS_FILE = "model.npz"
ODDS_FLOOR = 1e-6
"""Probabilities are kept this far from 0 and 1 before their odds are taken."""


def save_arrays(folder: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write named arrays; the same arrays give the same bytes."""
    np.savez_compressed(folder / ARRAYS_FILE, allow_pickle=False, **arrays)


def load_arrays(folder: Path) -> dict[str, np.ndarray]:
    """Read named arrays; a file with anything but plain arrays is refused with a ValueError."""
    with np.load(folder / ARRAYS_FILE, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def log_odds(probability: np.ndarray) -> np.ndarray:
    """Log-odds of probabilities, finite even for 0 and 1."""
    kept = np.clip(probability, ODDS_FLOOR, 1.0 - ODDS_FLOOR)
    odds: np.ndarray = np.log(kept / (1.0 - kept))
    return odds
