"""Types shared by the components that explain a decision and those that record one."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from credit_scoring.scoring.scorer import Scorer

Answer = TypeVar("Answer")
Application = Mapping[str, float | int | str | None]
"""Raw application columns by name; absent ones are missing."""

Recompute = Callable[[Sequence[Application]], np.ndarray | None]
"""Float32 vectors (n, features) of changed applications with the client's history; None if its version is gone."""

Explain = Callable[[Scorer, Application, np.ndarray, Recompute], Answer]
"""Explains a decision from its raw columns and its float32 vector (features,)."""
