"""Gauges that no request moves: versions, ages, what waits, what the process uses."""

import resource
import time
from datetime import UTC, datetime
from pathlib import Path

from credit_scoring.api.metrics import (
    FEATURE_AGE,
    FEATURE_VERSION,
    MEMORY,
    PART_READY,
    PROCESSOR_SECONDS,
    SPOOL_DEPTH,
    Metrics,
)
from credit_scoring.decisions.service import DecisionService

_STATEMENT = Path("/proc/self/statm")


def show_state(metrics: Metrics, decisions: DecisionService) -> None:
    """Bring the gauges up to date."""
    version = decisions.feature_version
    metrics.show(FEATURE_VERSION, version.number)
    metrics.show(FEATURE_AGE, (datetime.now(UTC) - version.created_at).total_seconds())
    metrics.show(SPOOL_DEPTH, decisions.spool_depth())
    for part, reason in decisions.readiness().items():
        metrics.show(PART_READY, float(reason is None), part)
    metrics.show(PROCESSOR_SECONDS, time.process_time())
    metrics.show(MEMORY, resident_bytes())


def resident_bytes() -> int:
    """Memory that this process occupies; where the system does not say, the most it ever occupied."""
    if _STATEMENT.exists():
        return int(_STATEMENT.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
