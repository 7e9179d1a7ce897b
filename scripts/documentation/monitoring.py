"""The indexes of alerts and of Airflow's metrics in docs/MONITORING.md, written from their descriptions."""

import re
from pathlib import Path

from monitoring.description.alerts import all_alerts
from monitoring.description.durations import Durations
from monitoring.description.exporter_metrics import AIRFLOW_METRICS
from scripts.documentation.api import replace_generated


def write_monitoring_documentation(docs: Path) -> None:
    """Rewrite the indexes."""
    rows = [
        f"| [{alert.name}](#{alert.name.lower()}) | {alert.severity} | {_plain(alert.summary)} | "
        f"{alert.pending or 'at once'} | {alert.component} |\n"
        for alerts in all_alerts(Durations()).values()
        for alert in alerts
    ]
    table = "| alert | severity | fires when | after | component |\n|---|---|---|---|---|\n" + "".join(rows)
    replace_generated(docs / "MONITORING.md", "monitoring/description", table)
    metrics = "".join(f"| `{name}` | {description} |\n" for name, description in AIRFLOW_METRICS.items())
    table = f"| metric | description, with `labels` |\n|---|---|\n{metrics}"
    source = "airflow/plugins/credit_airflow_metrics/declarations.py"
    replace_generated(docs / "MONITORING.md", source, table)


def _plain(summary: str) -> str:
    return re.sub(r"{{ \$labels\.(\w+) }}", lambda found: f"*{found[1].split('_')[0]}*", summary)
