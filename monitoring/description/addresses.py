"""Addresses in alerts, dashboards and mails. Set them before notifications leave the machine (docs/MONITORING.md)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Links:
    """Where people read on.

    Attributes:
        documentation: folder of docs/ on the web.
        grafana: address of Grafana.
    """

    documentation: str = "https://example.org/credit-scoring/docs"
    grafana: str = "http://localhost:3000"

    def runbook(self, alert: str) -> str:
        """The section on an alert."""
        return f"{self.documentation}/MONITORING.md#{alert.lower()}"

    def dashboard(self, uid: str) -> str:
        """A dashboard."""
        return f"{self.grafana}/d/{uid}"


@dataclass(frozen=True)
class Email:
    """Delivery by e-mail.

    Attributes:
        server: host and port.
        user: account at the server, which then must offer TLS, and whose password is the file `smtp_password`;
            empty: neither account nor TLS.
    """

    server: str = "smtp.example.org:587"
    user: str = "alerts@credit-scoring.example.org"
    sender: str = "alerts@credit-scoring.example.org"
    operations: str = "operations@credit-scoring.example.org"
    data_science: str = "data-science@credit-scoring.example.org"
