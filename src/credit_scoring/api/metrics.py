"""All metrics of the service, declared in one place; docs/MONITORING.md lists them."""

from datetime import UTC, datetime
from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from credit_scoring import __version__
from credit_scoring.api.background.drift_gauges import DriftGauges
from credit_scoring.api.security.keys import KeyRing
from credit_scoring.decisions.service import DecisionService

_SECONDS = (
    *(0.0005, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.006, 0.008, 0.012, 0.016, 0.025, 0.04, 0.06),
    *(0.1, 0.2, 0.4, 1.0, 2.5, 10.0),
)
_PROBABILITIES = (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.09, 0.1, 0.12, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
_COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64)
_DIFFERENCES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The metrics of one service, of the process included; every method of theirs may be called from any thread."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        counter, gauge = partial(Counter, registry=registry), partial(Gauge, registry=registry)
        histogram = partial(Histogram, registry=registry)
        duration = partial(histogram, buckets=_SECONDS)
        ProcessCollector(namespace="credit", registry=registry)
        gauge("credit_build_info", "1, with the `version` of the program.", ["version"]).labels(__version__).set(1)
        self.requests = counter(
            "credit_requests_total",
            "Answered requests by `method`, `path` (the route, or other) and `status`.",
            ["method", "path", "status"],
        )
        self.request_duration = duration(
            "credit_request_duration_seconds",
            "Time from a request's head to the end of its response, by `path`.",
            ["path"],
        )
        self.requests_in_flight = gauge("credit_requests_in_flight", "Requests in progress.")
        self.stage_duration = duration(
            "credit_decision_stage_seconds",
            "Time of each `stage` of a decision: wait (in the queue), look_up (of the history), features, model, "
            "explain, record; applications decided together count once.",
            ["stage"],
        )
        self.decision_batch_size = histogram(
            "credit_decision_batch_size",
            "Concurrent applications that were decided and recorded together.",
            buckets=_COUNTS,
        )
        self.predictions = counter(
            "credit_predictions_total",
            "Recorded decisions by `decision` (accepted, refused) and `model_version`.",
            ["decision", "model_version"],
        )
        self.probability = histogram(
            "credit_probability_of_default",
            "Calibrated probabilities of default of the recorded decisions.",
            buckets=_PROBABILITIES,
        )
        self.history_lookups = counter(
            "credit_history_lookups_total",
            "Decisions by `result` of the history look-up: hit, miss (unknown client) or none (no client number).",
            ["result"],
        )
        self.unseen_categories = counter(
            "credit_unseen_categories_total",
            "Categories missing from the contract of a `column`; the model treats them as missing values.",
            ["column"],
        )
        self.model_version = gauge(
            "credit_model_version", "Model version in use by `role`: champion or shadow.", ["role"]
        )
        self.model_changes = counter(
            "credit_model_changes_total",
            "New champions by `result`: activated, or failed to load, which keeps the previous version in use.",
            ["result"],
        )
        for result in ("activated", "failed"):
            # A counter that begins with its first event shows no increase.
            self.model_changes.labels(result)
        self.feature_version = gauge("credit_feature_version", "Feature version that is served.")
        self.feature_age = gauge("credit_feature_age_seconds", "Time since the served feature version was published.")
        self.spooled_decisions = gauge(
            "credit_ledger_spooled_decisions", "Decisions on the local disk that are not yet in the ledger's database."
        )
        self.component_ready = gauge(
            "credit_component_ready", "1 if a `component` works, else 0: model, store, ledger.", ["component"]
        )
        self.database_connected = gauge(
            "credit_database_connected", "1 if a `database` answers, else 0: ledger, store, keys.", ["database"]
        )
        self.shadow_decisions = counter(
            "credit_shadow_decisions_total",
            "Shadow decisions by `result`: same or different from the champion's, failed, or dropped because the "
            "queue was full.",
            ["result"],
        )
        self.shadow_difference = histogram(
            "credit_shadow_probability_difference",
            "Absolute difference between the probabilities of champion and shadow.",
            buckets=_DIFFERENCES,
        )
        self.shadow_duration = duration("credit_shadow_seconds", "Time of the shadow model for one scoring.")
        self.thread_failures = counter(
            "credit_thread_failures_total",
            "Unexpected ends of a background `thread`; all but the decision thread (deciding) are restarted.",
            ["thread"],
        )

        self.drift = DriftGauges(registry)

    def rendered(self) -> bytes:
        """All values in Prometheus' text format."""
        return generate_latest(self.registry)

    def update_gauges(self, decisions: DecisionService, keys: KeyRing | None) -> None:
        """Set what changes without requests: feature version and age, spooled decisions, readiness, connections."""
        version = decisions.feature_version
        self.feature_version.set(version.number)
        self.feature_age.set((datetime.now(UTC) - version.created_at).total_seconds())
        self.spooled_decisions.set(decisions.spool_depth())
        readiness = decisions.readiness()
        for component, reason in readiness.items():
            self.component_ready.labels(component).set(reason is None)
        connected = {"ledger": decisions.ledger_unavailable_reason, "store": readiness["store"]}
        for database, reason in (connected | ({"keys": keys.unavailable_reason} if keys else {})).items():
            self.database_connected.labels(database).set(reason is None)
