"""Where exercises are collected, and the few rows they share."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

Exercise = Callable[[Path], None]
"""Does some work, in an empty folder if it needs one, and asserts what came out."""

EXERCISES: dict[str, Exercise] = {}

FEATURES = np.random.default_rng(0).normal(size=(60, 3)).astype(np.float32)
DEFAULT = (FEATURES[:, 0] > 0.5).astype(int)


def exercise(library: str) -> Callable[[Exercise], Exercise]:
    """Collect the decorated function as the exercise of a library, which it imports itself."""

    def register(function: Exercise) -> Exercise:
        EXERCISES[library] = function
        return function

    return register
