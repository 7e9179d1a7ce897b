"""What is seen of every scoring, without the rooms that score knowing of it: its time, and what the shadow says."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

import numpy as np
from pydantic import JsonValue

from credit_scoring.api.background.shadow import Shadow
from credit_scoring.api.metrics import STAGE_SECONDS, Metrics
from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.scoring.explanation_types import Explain, Recompute
from credit_scoring.scoring.scorer import Scorer


class BeginDecisions(Protocol):
    """Decides on several applications together, as `DecisionService.begin_decisions` does."""

    def __call__(
        self, requests: Sequence[DecisionRequest], explain: Explain[JsonValue] | None = None, /
    ) -> tuple[list[DecisionRecord], Future[None]]:
        """The records must not leave before the future is done; an exception means that no decision was made."""


class Instrumentation:
    """Measures scorings and hands them to the shadow.

    Args:
        shadow: None if no challenger scores along.
    """

    def __init__(self, metrics: Metrics, shadow: Shadow | None) -> None:
        self._metrics = metrics
        self._shadow = shadow
        self._of_this_thread = threading.local()

    def looked_up(self, seconds: float) -> None:
        """A client's history was looked up in this thread."""
        self._note("look_up", seconds)

    def deciding(self, begin_decisions: BeginDecisions) -> BeginDecisions:
        """The same, with its time measured: what was neither look-up nor model nor reasons were the features."""

        def decided(
            requests: Sequence[DecisionRequest], explain: Explain[JsonValue] | None = None
        ) -> tuple[list[DecisionRecord], Future[None]]:
            started = time.perf_counter()
            # What this thread did before, or failed to do, is no part of this.
            self._of_this_thread.noted = 0.0
            made = begin_decisions(requests, explain and self._explaining(explain))
            others = self._of_this_thread.noted
            seconds = max(0.0, time.perf_counter() - started - others)
            self._metrics.observe(STAGE_SECONDS, seconds, "features")
            return made

        return decided

    def _explaining(self, explain: Explain[JsonValue]) -> Explain[JsonValue]:
        def explained(
            scorer: Scorer, application: RawColumns, features: np.ndarray, recompute: Recompute
        ) -> JsonValue:
            started = time.perf_counter()
            reasons = explain(scorer, application, features, recompute)
            self._note("explain", time.perf_counter() - started)
            return reasons

        return explained

    def _note(self, stage: str, seconds: float) -> None:
        """A stage took so long in this thread."""
        self._of_this_thread.noted = getattr(self._of_this_thread, "noted", 0.0) + seconds
        self._metrics.observe(STAGE_SECONDS, seconds, stage)

    def scored(self, scorer: Scorer, features: np.ndarray, probabilities: np.ndarray, seconds: float) -> None:
        """Applications were scored in this thread."""
        self._note("model", seconds)
        if self._shadow is not None:
            self._shadow.offer(scorer, features, probabilities)
