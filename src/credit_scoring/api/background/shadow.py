"""A challenger that scores along unseen: whatever it does, callers get their answer as if it were not there."""

import time
from contextlib import suppress
from dataclasses import dataclass
from queue import Full, Queue
from threading import Event, Thread

import numpy as np

from credit_scoring.api.metrics import (
    MODEL_VERSION,
    SHADOW,
    SHADOW_DIFFERENCE,
    SHADOW_SECONDS,
    Metrics,
)
from credit_scoring.core.errors import StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer
from credit_scoring.scoring.scorer import Scorer

_LONGEST_QUEUE = 100
_END_SECONDS = 1.0


@dataclass(frozen=True)
class _Scored:
    champion: Scorer
    features: np.ndarray
    probabilities: np.ndarray


class Shadow:
    """Scores what the champion scored, in a thread of its own.

    Args:
        alias: of the challenger in the registry; `refresh` follows it.
    """

    def __init__(self, registry: ModelRegistry, alias: str, metrics: Metrics) -> None:
        self._registry = registry
        self._alias = alias
        self._metrics = metrics
        self._challenger: RegisteredScorer | None = None
        self._queue: Queue[_Scored | None] = Queue(_LONGEST_QUEUE)
        self._is_over = Event()
        self._thread = Thread(target=self._score_along, name="shadow", daemon=True)

    def start(self) -> None:
        """Begin to score along."""
        self._thread.start()

    def stop(self) -> None:
        """End; a challenger that hangs is not waited for."""
        self._is_over.set()
        with suppress(Full):
            self._queue.put_nowait(None)
        self._thread.join(_END_SECONDS)

    def refresh(self) -> None:
        """Take up the version that the alias points to now."""
        number = self._registry.number_of(self._alias)
        if self._challenger is None or self._challenger.version != number:
            self._challenger = self._registry.load_version(number)
            self._metrics.set(MODEL_VERSION, number, "shadow")
            get_logger("api").info("shadow taken up", model_version=number)

    def offer(self, champion: Scorer, features: np.ndarray, probabilities: np.ndarray) -> None:
        """Let the challenger score the same, some time; without waiting for it."""
        try:
            self._queue.put_nowait(_Scored(champion, features, probabilities))
        except Full:
            self._metrics.count(SHADOW, "dropped", by=len(features))

    def _score_along(self) -> None:
        while (scored := self._queue.get()) is not None and not self._is_over.is_set():
            challenger = self._challenger
            if challenger is None:
                continue
            try:
                self._compare(challenger.scorer, scored)
            except Exception as error:  # A challenger may fail in any way; nobody waits for it.
                self._metrics.count(SHADOW, "failed", by=len(scored.features))
                get_logger("api").warning("shadow failed", error=type(error).__name__)

    def _compare(self, challenger: Scorer, scored: _Scored) -> None:
        if challenger.description.feature_names != scored.champion.description.feature_names:
            raise StorageError(
                "The challenger was trained on other features than are served.", "Train it on these."
            )
        started = time.perf_counter()
        probabilities = challenger.probability(scored.features)
        self._metrics.observe(SHADOW_SECONDS, time.perf_counter() - started)
        for ours, theirs in zip(scored.probabilities.tolist(), probabilities.tolist(), strict=True):
            same = scored.champion.decision_for(ours) is challenger.decision_for(theirs)
            self._metrics.count(SHADOW, "same" if same else "different")
            self._metrics.observe(SHADOW_DIFFERENCE, abs(ours - theirs))
