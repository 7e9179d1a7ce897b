"""Types shared by the components that explain a decision and those that record one."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.scoring.scorer import Scorer

Answer = TypeVar("Answer")
Recompute = Callable[[Sequence[RawColumns]], np.ndarray | None]
"""Float32 vectors (n, features) of changed applications with the client's history; None if its version is gone."""

Explain = Callable[[Scorer, RawColumns, np.ndarray, Recompute], Answer]
"""Explains a decision from its raw columns and its float32 vector (features,)."""
