"""Addresses in alerts and dashboards; set them before publishing (docs/MONITORING.md: Change something)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Links:
    """Where people read on.

    Attributes:
        documentation: folder of docs/ on the web.
        grafana: address of Grafana.
    """

    documentation: str = "https://example.org/credit-scoring/docs"
    grafana: str = "http://127.0.0.1:3000"

    def runbook(self, alert: str) -> str:
        """The section on an alert."""
        return f"{self.documentation}/MONITORING.md#{alert.lower()}"

    def dashboard(self, uid: str) -> str:
        """A dashboard."""
        return f"{self.grafana}/d/{uid}"
