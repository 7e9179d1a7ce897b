"""Every measure of the service, in one place; docs/MONITORING.md lists them.

With several worker processes the values lie in files that all of them share, so any worker answers for all.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import shared_metrics_folder

_SECONDS = (
    *(0.0005, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.006, 0.008, 0.012, 0.016, 0.025, 0.04, 0.06),
    *(0.1, 0.2, 0.4, 1.0, 2.5, 10.0),
)
_PROBABILITIES = (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.09, 0.1, 0.12, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
_COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64)
_DIFFERENCES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)

# How the values of several workers become one.
Together = Literal["livesum", "livemax", "livemin", "livemostrecent"]


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes:
        kind: a counter only grows; a gauge goes up and down; a histogram counts values per range.
        labels: what it is told apart by.
        upper_ends: of a histogram's ranges.
        together: what a gauge of several workers shows.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    meaning: str
    labels: tuple[str, ...] = ()
    upper_ends: tuple[float, ...] = ()
    together: Together = "livemostrecent"


REQUESTS = Measure(
    "credit_requests_total",
    "counter",
    "Answered requests; path is the route, `other` where there is none.",
    ("method", "path", "status"),
)
REQUEST_SECONDS = Measure(
    "credit_request_seconds",
    "histogram",
    "Seconds from a request's head to the end of its answer.",
    ("path",),
    _SECONDS,
)
IN_FLIGHT = Measure(
    "credit_requests_in_flight", "gauge", "Requests that are being answered.", together="livesum"
)
STAGE_SECONDS = Measure(
    "credit_decision_stage_seconds",
    "histogram",
    "Seconds of each stage of a decision: parse, wait (for decisions before it), look_up (of the history), features, "
    "model, explain, record, serialise; what is decided together counts once.",
    ("stage",),
    _SECONDS,
)
DECIDED_TOGETHER = Measure(
    "credit_decided_together",
    "histogram",
    "Applications that arrived close to each other and were decided and recorded together.",
    (),
    _COUNTS,
)
PREDICTIONS = Measure(
    "credit_predictions_total",
    "counter",
    "Recorded decisions, accepted or refused, by version of the model.",
    ("decision", "model_version"),
)
PROBABILITY = Measure(
    "credit_probability_of_default",
    "histogram",
    "Calibrated probabilities of default of the decisions.",
    (),
    _PROBABILITIES,
)
HISTORY = Measure(
    "credit_history_lookups_total",
    "counter",
    "Decisions by what the store knew of the client: `hit`, `miss` (a number it does not know) or `none` (no number).",
    ("result",),
)
UNSEEN_CATEGORIES = Measure(
    "credit_unseen_categories_total",
    "counter",
    "Words that the contract of a column does not know; the model takes them for missing.",
    ("column",),
)
MODEL_VERSION = Measure(
    "credit_model_version", "gauge", "Version of the model in use: the champion, or the shadow.", ("role",)
)
MODEL_CHANGES = Measure(
    "credit_model_changes_total",
    "counter",
    "New champions: `taken_up`, or `failed` to be loaded while the old one goes on.",
    ("result",),
)
FEATURE_VERSION = Measure("credit_feature_version", "gauge", "Version of the features that are served.")
FEATURE_AGE = Measure(
    "credit_feature_age_seconds", "gauge", "Seconds since the served features were published."
)
SPOOL_DEPTH = Measure(
    "credit_ledger_spooled_decisions",
    "gauge",
    "Decisions that are durable on this machine and not yet in the ledger's database.",
    together="livemax",
)
PART_READY = Measure(
    "credit_part_ready", "gauge", "1 if a part answers: model, store, ledger.", ("part",), together="livemin"
)
SHADOW = Measure(
    "credit_shadow_decisions_total",
    "counter",
    "What the shadow did with a decision: `same`, `different`, `failed`, or `left_out` because it was too slow.",
    ("result",),
)
SHADOW_DIFFERENCE = Measure(
    "credit_shadow_probability_difference",
    "histogram",
    "Absolute difference between the probabilities of champion and shadow.",
    (),
    _DIFFERENCES,
)
SHADOW_SECONDS = Measure(
    "credit_shadow_seconds", "histogram", "Seconds the shadow takes for a decision.", (), _SECONDS
)
PROCESSOR_SECONDS = Measure(
    "credit_process_cpu_seconds", "gauge", "Processor seconds of the workers that run.", together="livesum"
)
MEMORY = Measure(
    "credit_process_memory_bytes", "gauge", "Resident memory of the workers that run.", together="livesum"
)
MEASURES: Final = (
    REQUESTS,
    REQUEST_SECONDS,
    IN_FLIGHT,
    STAGE_SECONDS,
    DECIDED_TOGETHER,
    PREDICTIONS,
    PROBABILITY,
    HISTORY,
    UNSEEN_CATEGORIES,
    MODEL_VERSION,
    MODEL_CHANGES,
    FEATURE_VERSION,
    FEATURE_AGE,
    SPOOL_DEPTH,
    PART_READY,
    SHADOW,
    SHADOW_DIFFERENCE,
    SHADOW_SECONDS,
    PROCESSOR_SECONDS,
    MEMORY,
)
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The values of all measures."""

    def __init__(self) -> None:
        self._shared_folder = shared_metrics_folder()
        self._registry = CollectorRegistry()
        self._collectors = {measure.name: self._collector(measure) for measure in MEASURES}
        # The library looks a child up by its labels' names as well, which takes longer than to count.
        self._children: dict[tuple[str, ...], Any] = {}
        self._fails = False

    def _collector(self, measure: Measure) -> Counter | Gauge | Histogram:
        described = (measure.name, measure.meaning, measure.labels)
        if measure.kind == "counter":
            return Counter(*described, registry=self._registry)
        if measure.kind == "gauge":
            return Gauge(*described, registry=self._registry, multiprocess_mode=measure.together)
        return Histogram(*described, registry=self._registry, buckets=measure.upper_ends)

    def _child(self, measure: Measure, labels: tuple[str, ...]) -> Any:
        key = (measure.name, *labels)
        child = self._children.get(key)
        if child is None:
            collector = self._collectors[measure.name]
            child = self._children[key] = collector.labels(*labels) if labels else collector
        return child

    def count(self, measure: Measure, *labels: str, by: int = 1) -> None:
        """Let a counter grow."""
        with self._whatever_the_disk():
            self._child(measure, labels).inc(by)

    def observe(self, measure: Measure, value: float, *labels: str) -> None:
        """Add a value to a histogram."""
        with self._whatever_the_disk():
            self._child(measure, labels).observe(value)

    def show(self, measure: Measure, value: float, *labels: str) -> None:
        """Set a gauge."""
        with self._whatever_the_disk():
            self._child(measure, labels).set(value)

    def move(self, measure: Measure, by: int) -> None:
        """Raise or lower a gauge."""
        with self._whatever_the_disk():
            self._child(measure, ()).inc(by)

    @contextmanager
    def _whatever_the_disk(self) -> Iterator[None]:
        """The files that several workers share may lie on a full disk: no reason to leave callers without an answer."""
        try:
            yield
        except OSError as error:
            if not self._fails:
                get_logger("api").error("measures cannot be written", reason=str(error))
            self._fails = True

    def rendered(self) -> bytes:
        """All values in the text format of Prometheus."""
        if self._shared_folder is None:
            return generate_latest(self._registry)
        _forget_dead_workers(self._shared_folder)
        all_workers = CollectorRegistry()
        # This part of the library has no annotations.
        MultiProcessCollector(all_workers, path=str(self._shared_folder))  # type: ignore[no-untyped-call]
        return generate_latest(all_workers)


def _forget_dead_workers(folder: Path) -> None:
    """A killed worker cannot take its gauges along."""
    for worker in {int(path.stem.rsplit("_", 1)[1]) for path in folder.glob("gauge_live*.db")}:
        if not _is_alive(worker):
            # This part of the library has no annotations.
            mark_process_dead(worker, path=str(folder))  # type: ignore[no-untyped-call]


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True
