"""Gauges that change without requests: feature version and age, spooled decisions, readiness."""

from datetime import UTC, datetime

from credit_scoring.api.metrics import COMPONENT_READY, FEATURE_AGE, FEATURE_VERSION, SPOOL_DEPTH, Metrics
from credit_scoring.decisions.service import DecisionService


def update_gauges(metrics: Metrics, decisions: DecisionService) -> None:
    """Set the gauges to the current state."""
    version = decisions.feature_version
    metrics.set(FEATURE_VERSION, version.number)
    metrics.set(FEATURE_AGE, (datetime.now(UTC) - version.created_at).total_seconds())
    metrics.set(SPOOL_DEPTH, decisions.spool_depth())
    for component, reason in decisions.readiness().items():
        metrics.set(COMPONENT_READY, float(reason is None), component)
