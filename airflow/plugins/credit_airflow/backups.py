"""The age of the last backup, as the backup itself reports it for Prometheus."""

import re
import time
from datetime import timedelta
from pathlib import Path

_LAST_SUCCESS = re.compile(r"^credit_step_last_success_timestamp_seconds(?:\{[^}]*\})? (\S+)$", re.MULTILINE)


def backup_age(metrics: Path, now: float | None = None) -> timedelta:
    """Time since the last backup that succeeded.

    Args:
        metrics: the file in which the backup reports it, in Prometheus' text format.
        now: seconds since 1970.

    Raises:
        ValueError: no backup succeeded yet; contains where it should be reported.
    """
    found = _LAST_SUCCESS.findall(metrics.read_text(encoding="utf-8")) if metrics.exists() else []
    if not found:
        raise ValueError(f"No backup succeeded yet: {metrics} reports none. Start the profile `backup`.")
    return timedelta(seconds=(time.time() if now is None else now) - max(float(value) for value in found))
