"""Shadow mode: a challenger scores the same applications without affecting any response."""

import time
from contextlib import suppress
from queue import Full, Queue
from threading import Event
from typing import NamedTuple

import numpy as np

from credit_scoring.api.background.periodic import STOP_TIMEOUT_SECONDS
from credit_scoring.api.metrics import Metrics
from credit_scoring.core.errors import StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.supervised_thread import SupervisedThread
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer
from credit_scoring.scoring.scorer import Scorer

_MAX_QUEUE_LENGTH = 100


class _Scoring(NamedTuple):
    champion: Scorer
    features: np.ndarray
    probabilities: np.ndarray


class Shadow(SupervisedThread):
    """Compares a challenger with the champion on the same features, in its own thread.

    Args:
        alias: of the challenger in the registry; `refresh` follows it.
    """

    def __init__(self, registry: ModelRegistry, alias: str, metrics: Metrics) -> None:
        super().__init__("shadow scoring", self._compare_loop)
        self._registry = registry
        self._alias = alias
        self._metrics = metrics
        self._challenger: RegisteredScorer | None = None
        self._queue: Queue[_Scoring | None] = Queue(_MAX_QUEUE_LENGTH)
        self._stop = Event()

    def stop(self) -> None:
        """End the thread; a challenger that hangs is abandoned after a second."""
        self._stop.set()
        with suppress(Full):
            self._queue.put_nowait(None)
        self.join(STOP_TIMEOUT_SECONDS)

    def refresh(self) -> None:
        """Use the version that the alias points to now."""
        number = self._registry.deployment(self._alias).version
        if self._challenger is None or self._challenger.version != number:
            self._challenger = self._registry.load_version(number)
            self._metrics.model_version.labels("shadow").set(number)
            get_logger("api").info("new shadow", model_version=number)

    def offer(self, champion: Scorer, features: np.ndarray, probabilities: np.ndarray) -> None:
        """Queue a scoring of the champion for comparison, or drop it if the queue is full; never blocks.

        Args:
            features: float32 (n, features).
            probabilities: of the champion, (n,).
        """
        try:
            self._queue.put_nowait(_Scoring(champion, features, probabilities))
        except Full:
            self._metrics.shadow_decisions.labels("dropped").inc(len(features))

    def _compare_loop(self) -> None:
        while (scoring := self._queue.get()) is not None and not self._stop.is_set():
            challenger = self._challenger
            if challenger is None:
                continue
            try:
                self._compare(challenger.scorer, scoring)
            except Exception as error:  # of any kind: the next comparison may succeed
                self._metrics.shadow_decisions.labels("failed").inc(len(scoring.features))
                get_logger("api").warning("shadow failed", error=type(error).__name__)

    def _compare(self, challenger: Scorer, scoring: _Scoring) -> None:
        if challenger.description.feature_names != scoring.champion.description.feature_names:
            raise StorageError("The challenger was trained on other features than are served.", "Train it on these.")
        started = time.perf_counter()
        probabilities = challenger.probability(scoring.features)
        self._metrics.shadow_duration.observe(time.perf_counter() - started)
        for expected, actual in zip(scoring.probabilities.tolist(), probabilities.tolist(), strict=True):
            is_same = scoring.champion.decision_for(expected) is challenger.decision_for(actual)
            self._metrics.shadow_decisions.labels("same" if is_same else "different").inc()
            self._metrics.shadow_difference.observe(abs(expected - actual))
