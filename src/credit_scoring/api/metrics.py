"""All metrics of the service, declared in one place; docs/MONITORING.md lists them.

prometheus-client adds its process metrics, such as `credit_process_resident_memory_bytes`.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

_SECONDS = (
    *(0.0005, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.006, 0.008, 0.012, 0.016, 0.025, 0.04, 0.06),
    *(0.1, 0.2, 0.4, 1.0, 2.5, 10.0),
)
_PROBABILITIES = (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.09, 0.1, 0.12, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
_COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64)
_DIFFERENCES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


@dataclass(frozen=True)
class Metric:
    """Declaration of a metric.

    Attributes:
        labels: names of its labels.
        buckets: upper bounds of a histogram's buckets.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    description: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


REQUESTS = Metric(
    "credit_requests_total",
    "counter",
    "Answered requests; path is the route, `other` if no route matches.",
    ("method", "path", "status"),
)
REQUEST_SECONDS = Metric(
    "credit_request_duration_seconds",
    "histogram",
    "Time from a request's head to the end of its response.",
    ("path",),
    _SECONDS,
)
IN_FLIGHT = Metric("credit_requests_in_flight", "gauge", "Requests in progress.")
STAGE_SECONDS = Metric(
    "credit_decision_stage_seconds",
    "histogram",
    "Seconds of each stage of a decision: wait (in the queue), look_up (of the history), features, model, explain, "
    "record; applications decided together count once.",
    ("stage",),
    _SECONDS,
)
DECISION_BATCH_SIZE = Metric(
    "credit_decision_batch_size",
    "histogram",
    "Concurrent applications that were decided and recorded together.",
    (),
    _COUNTS,
)
PREDICTIONS = Metric(
    "credit_predictions_total",
    "counter",
    "Recorded decisions, accepted or refused, by model version.",
    ("decision", "model_version"),
)
PROBABILITY = Metric(
    "credit_probability_of_default",
    "histogram",
    "Calibrated probabilities of default of the recorded decisions.",
    (),
    _PROBABILITIES,
)
HISTORY = Metric(
    "credit_history_lookups_total",
    "counter",
    "Decisions by result of the history look-up: `hit`, `miss` (unknown client) or `none` (no client number).",
    ("result",),
)
UNSEEN_CATEGORIES = Metric(
    "credit_unseen_categories_total",
    "counter",
    "Categories missing from a column's contract; the model treats them as missing values.",
    ("column",),
)
MODEL_VERSION = Metric(
    "credit_model_version", "gauge", "Model version in use, of the champion or the shadow.", ("role",)
)
MODEL_CHANGES = Metric(
    "credit_model_changes_total",
    "counter",
    "New champions: `activated`, or `failed` to load, which keeps the previous version in use.",
    ("result",),
)
FEATURE_VERSION = Metric("credit_feature_version", "gauge", "Feature version that is served.")
FEATURE_AGE = Metric(
    "credit_feature_age_seconds", "gauge", "Time since the served feature version was published."
)
SPOOL_DEPTH = Metric(
    "credit_ledger_spooled_decisions",
    "gauge",
    "Decisions on the local disk that are not yet in the ledger's database.",
)
COMPONENT_READY = Metric(
    "credit_component_ready",
    "gauge",
    "1 if a component works, else 0: model, store, ledger.",
    ("component",),
)
SHADOW = Metric(
    "credit_shadow_decisions_total",
    "counter",
    "Shadow decisions compared with the champion's: `same`, `different`, `failed`, or `dropped` because the queue "
    "was full.",
    ("result",),
)
SHADOW_DIFFERENCE = Metric(
    "credit_shadow_probability_difference",
    "histogram",
    "Absolute difference between the probabilities of champion and shadow.",
    (),
    _DIFFERENCES,
)
SHADOW_SECONDS = Metric(
    "credit_shadow_seconds", "histogram", "Time of the shadow model for one scoring.", (), _SECONDS
)
THREAD_FAILURES = Metric(
    "credit_thread_failures_total",
    "counter",
    "Unexpected ends of background threads; all but the decision thread (`deciding`) are restarted.",
    ("thread",),
)
METRICS: Final = (
    REQUESTS,
    REQUEST_SECONDS,
    IN_FLIGHT,
    STAGE_SECONDS,
    DECISION_BATCH_SIZE,
    PREDICTIONS,
    PROBABILITY,
    HISTORY,
    UNSEEN_CATEGORIES,
    MODEL_VERSION,
    MODEL_CHANGES,
    FEATURE_VERSION,
    FEATURE_AGE,
    SPOOL_DEPTH,
    COMPONENT_READY,
    SHADOW,
    SHADOW_DIFFERENCE,
    SHADOW_SECONDS,
    THREAD_FAILURES,
)
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Values of all metrics."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(namespace="credit", registry=self._registry)
        self._collectors = {metric.name: self._collector(metric) for metric in METRICS}

    def _collector(self, metric: Metric) -> Counter | Gauge | Histogram:
        described = (metric.name, metric.description, metric.labels)
        if metric.kind == "counter":
            return Counter(*described, registry=self._registry)
        if metric.kind == "gauge":
            return Gauge(*described, registry=self._registry)
        return Histogram(*described, registry=self._registry, buckets=metric.buckets)

    def _child(self, metric: Metric, labels: tuple[str, ...]) -> Any:
        collector = self._collectors[metric.name]
        return collector.labels(*labels) if labels else collector

    def count(self, metric: Metric, *labels: str, by: int = 1) -> None:
        """Increment a counter."""
        self._child(metric, labels).inc(by)

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """Add a value to a histogram."""
        self._child(metric, labels).observe(value)

    def set(self, metric: Metric, value: float, *labels: str) -> None:
        """Set a gauge."""
        self._child(metric, labels).set(value)

    def add(self, metric: Metric, by: int) -> None:
        """Change a gauge by a difference."""
        self._child(metric, ()).inc(by)

    def rendered(self) -> bytes:
        """All values in Prometheus' text format."""
        return generate_latest(self._registry)
