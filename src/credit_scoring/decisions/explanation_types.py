"""How a decision is explained from outside this room: a function that is handed what the decision was made from."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from credit_scoring.scoring.scorer import Scorer

Answer = TypeVar("Answer")
Application = Mapping[str, float | int | str | None]
Recompute = Callable[[Sequence[Application]], np.ndarray | None]
"""Vectors (n, features) of changed applications with the client's history; None if its feature version is gone."""

Explain = Callable[[Scorer, Application, np.ndarray, Recompute], Answer]
"""Says why the model decides as it does, from raw columns and the float32 vector (features,)."""
