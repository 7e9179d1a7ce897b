"""What is seen of every scoring, without the rooms that score knowing of it: its time, and what the shadow says."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

from credit_scoring.api.metrics import STAGE_SECONDS, Metrics
from credit_scoring.api.shadow import Shadow
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.scorer import Scorer


@dataclass(frozen=True)
class WatchedScorer(Scorer):
    """A Scorer that tells what it scored.

    Attributes:
        tell: called with itself, the features, the probabilities and the seconds it took.
    """

    tell: Callable[[Scorer, np.ndarray, np.ndarray, float], None]

    def probability(self, features: np.ndarray) -> np.ndarray:
        """Calibrated probabilities of default (n,) from float32 features (n, features)."""
        started = time.perf_counter()
        probabilities = super().probability(features)
        self.tell(self, features, probabilities, time.perf_counter() - started)
        return probabilities


class Watch:
    """Measures scorings and hands them to the shadow.

    Args:
        shadow: None if no challenger scores along.
    """

    def __init__(self, metrics: Metrics, shadow: Shadow | None) -> None:
        self._metrics = metrics
        self._shadow = shadow
        self._of_this_thread = threading.local()

    def over(self, registered: RegisteredScorer) -> RegisteredScorer:
        """The same Scorer, watched."""
        scorer = registered.scorer
        parts = {part.name: getattr(scorer, part.name) for part in fields(Scorer)}
        return replace(registered, scorer=WatchedScorer(**parts, tell=self._scored))

    def looked_up(self, seconds: float) -> None:
        """A client's history was looked up in this thread."""
        self._of_this_thread.look_up_seconds = seconds
        self._metrics.observe(STAGE_SECONDS, seconds, "look_up")

    def decided(self, seconds: float) -> None:
        """A decision took so long in this thread; what was neither look-up nor model were the features."""
        seen = self._of_this_thread
        others = getattr(seen, "look_up_seconds", 0.0) + getattr(seen, "model_seconds", 0.0)
        self._metrics.observe(STAGE_SECONDS, max(0.0, seconds - others), "features")

    def _scored(
        self, scorer: Scorer, features: np.ndarray, probabilities: np.ndarray, seconds: float
    ) -> None:
        self._of_this_thread.model_seconds = seconds
        self._metrics.observe(STAGE_SECONDS, seconds, "model")
        if self._shadow is not None:
            self._shadow.offer(scorer, features, probabilities)
