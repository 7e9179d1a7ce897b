"""What is seen of every scoring, without the rooms that score knowing of it: its time, and what the shadow says."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

import numpy as np
from pydantic import JsonValue

from credit_scoring.api.metrics import STAGE_SECONDS, Metrics
from credit_scoring.api.shadow import Shadow
from credit_scoring.decisions.entries import Asked
from credit_scoring.decisions.explaining import Application, Explain, Recompute
from credit_scoring.decisions.record import DecisionRecord
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.scorer import Scorer


class DecideSoon(Protocol):
    """Decides on several applications together, as `DecisionService.decide_soon` does."""

    def __call__(
        self, asked: Sequence[Asked], explain: Explain[JsonValue] | None = None, /
    ) -> tuple[list[DecisionRecord], Future[None]]:
        """The records must not leave before the future is done; an exception means that no decision was made."""


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
        return replace(registered, scorer=WatchedScorer(**_parts(registered.scorer), tell=self._scored))

    def looked_up(self, seconds: float) -> None:
        """A client's history was looked up in this thread."""
        self._note("look_up", seconds)

    def deciding(self, decide_soon: DecideSoon) -> DecideSoon:
        """The same, with its time measured: what was neither look-up nor model nor reasons were the features."""

        def decided(
            asked: Sequence[Asked], explain: Explain[JsonValue] | None = None
        ) -> tuple[list[DecisionRecord], Future[None]]:
            started = time.perf_counter()
            # What this thread did before, or failed to do, is no part of this.
            self._of_this_thread.noted = 0.0
            made = decide_soon(asked, explain and self._explaining(explain))
            others = self._of_this_thread.noted
            seconds = max(0.0, time.perf_counter() - started - others)
            self._metrics.observe(STAGE_SECONDS, seconds, "features")
            return made

        return decided

    def _explaining(self, explain: Explain[JsonValue]) -> Explain[JsonValue]:
        def explained(
            scorer: Scorer, application: Application, features: np.ndarray, recompute: Recompute
        ) -> JsonValue:
            started = time.perf_counter()
            # What reasons try out is no decision: neither the shadow nor the measures shall take it for one.
            reasons = explain(_unwatched(scorer), application, features, recompute)
            self._note("explain", time.perf_counter() - started)
            return reasons

        return explained

    def _note(self, stage: str, seconds: float) -> None:
        """A stage took so long in this thread."""
        self._of_this_thread.noted = getattr(self._of_this_thread, "noted", 0.0) + seconds
        self._metrics.observe(STAGE_SECONDS, seconds, stage)

    def _scored(
        self, scorer: Scorer, features: np.ndarray, probabilities: np.ndarray, seconds: float
    ) -> None:
        self._note("model", seconds)
        if self._shadow is not None:
            self._shadow.offer(scorer, features, probabilities)


def _parts(scorer: Scorer) -> dict[str, Any]:
    return {part.name: getattr(scorer, part.name) for part in fields(Scorer)}


def _unwatched(scorer: Scorer) -> Scorer:
    return Scorer(**_parts(scorer))
