"""Observes every scoring (stage times, shadow model) without the scoring code knowing about it."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial

import numpy as np
from pydantic import JsonValue

from credit_scoring.api.background.shadow import Shadow
from credit_scoring.api.metrics import Metrics
from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.scoring.explanation_types import Explain, Recompute
from credit_scoring.scoring.scorer import Scorer

BeginDecisions = Callable[
    [Sequence[DecisionRequest], Explain[JsonValue] | None], tuple[list[DecisionRecord], Future[None]]
]
"""`DecisionService.begin_decisions`: the records must not be sent before the future is done."""


class Instrumentation:
    """Measures the stages of decisions and passes scorings to the shadow.

    Args:
        shadow: None if there is no challenger.
    """

    def __init__(self, metrics: Metrics, shadow: Shadow | None) -> None:
        self._metrics = metrics
        self._shadow = shadow
        self._thread_local = threading.local()

    def on_lookup(self, seconds: float) -> None:
        """Record a history look-up of this thread."""
        self._record("look_up", seconds)

    def on_scoring(self, scorer: Scorer, features: np.ndarray, probabilities: np.ndarray, seconds: float) -> None:
        """Record a scoring of this thread; see `ScoringObserver`."""
        self._record("model", seconds)
        if self._shadow is not None:
            self._shadow.offer(scorer, features, probabilities)

    def timed(
        self, begin: BeginDecisions, requests: Sequence[DecisionRequest], explain: Explain[JsonValue] | None
    ) -> tuple[list[DecisionRecord], Future[None]]:
        """Begin decisions, and record the time without look-up, model and reasons as stage `features`."""
        started = time.perf_counter()
        # Stages of this thread that a failed decision left behind do not count.
        self._thread_local.recorded = 0.0
        result = begin(requests, explain and partial(self._timed_explanation, explain))
        seconds = time.perf_counter() - started - self._thread_local.recorded
        self._metrics.stage_duration.labels("features").observe(max(0.0, seconds))
        return result

    def _timed_explanation(
        self,
        explain: Explain[JsonValue],
        scorer: Scorer,
        columns: RawColumns,
        features: np.ndarray,
        recompute: Recompute,
    ) -> JsonValue:
        started = time.perf_counter()
        reasons = explain(scorer, columns, features, recompute)
        self._record("explain", time.perf_counter() - started)
        return reasons

    def _record(self, stage: str, seconds: float) -> None:
        self._thread_local.recorded = getattr(self._thread_local, "recorded", 0.0) + seconds
        self._metrics.stage_duration.labels(stage).observe(seconds)
