"""What one reading of the database yields."""

from collections.abc import Mapping
from datetime import datetime

Labels = tuple[str, ...]
Samples = Mapping[Labels, float]
"""Values of one metric by the values of its labels."""
State = Mapping[str, Samples]
"""Samples by the name of their metric."""


def unix_time(moment: datetime | None) -> float:
    """Seconds since 1970; NaN for none."""
    return float("nan") if moment is None else moment.timestamp()
