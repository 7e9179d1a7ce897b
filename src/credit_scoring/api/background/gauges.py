"""Gauges that change without requests: feature version and age, spooled decisions, readiness."""

from datetime import UTC, datetime

from credit_scoring.api.metrics import Metrics
from credit_scoring.decisions.service import DecisionService


def update_gauges(metrics: Metrics, decisions: DecisionService) -> None:
    """Set the gauges to the current state."""
    version = decisions.feature_version
    metrics.feature_version.set(version.number)
    metrics.feature_age.set((datetime.now(UTC) - version.created_at).total_seconds())
    metrics.spooled_decisions.set(decisions.spool_depth())
    for component, reason in decisions.readiness().items():
        metrics.component_ready.labels(component).set(reason is None)
