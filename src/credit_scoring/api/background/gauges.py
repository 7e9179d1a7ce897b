"""Gauges that change without requests: versions, ages, spooled decisions, memory."""

import resource
from datetime import UTC, datetime
from pathlib import Path

from credit_scoring.api.metrics import (
    COMPONENT_READY,
    FEATURE_AGE,
    FEATURE_VERSION,
    MEMORY,
    SPOOL_DEPTH,
    Metrics,
)
from credit_scoring.decisions.service import DecisionService

_STATEMENT = Path("/proc/self/statm")


def update_gauges(metrics: Metrics, decisions: DecisionService) -> None:
    """Set the gauges to the current state."""
    version = decisions.feature_version
    metrics.set(FEATURE_VERSION, version.number)
    metrics.set(FEATURE_AGE, (datetime.now(UTC) - version.created_at).total_seconds())
    metrics.set(SPOOL_DEPTH, decisions.spool_depth())
    for component, reason in decisions.readiness().items():
        metrics.set(COMPONENT_READY, float(reason is None), component)
    metrics.set(MEMORY, resident_bytes())


def resident_bytes() -> int:
    """Resident memory of this process; its maximum so far where the system has no /proc."""
    if _STATEMENT.exists():
        return int(_STATEMENT.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
