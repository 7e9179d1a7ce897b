"""What an alert is made of."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What an alert asks for."""

    CRITICAL = "critical"
    """A person now, day and night."""
    WARNING = "warning"
    """A person within office hours."""
    NONE = "none"
    """No person: proof that alerting works."""


@dataclass(frozen=True)
class Alert:
    """One alert.

    Attributes:
        name: title of its section in docs/MONITORING.md.
        component: api, model, registry, drift, database, batch, airflow, host, certificate or monitoring.
        expression: fires while it has a result.
        pending: how long it must hold; empty: at once.
        keep_firing: how long it fires after it held last, which keeps a value about its limit from flapping.
        dashboard: uid of the dashboard that shows it.
        description: with the value, in Prometheus' template language.
    """

    name: str
    severity: Severity
    component: str
    expression: str
    summary: str
    description: str
    dashboard: str
    pending: str = ""
    keep_firing: str = ""
