"""Run Airflow with stand-ins of its DAGs, end the triggerer, and draw docs/pictures/dashboard_credit-airflow.png.

`make dashboard-airflow-picture` runs it.
"""

import json
import tempfile
import time
from pathlib import Path

from scripts.monitoring.files import MONITORING
from scripts.monitoring.pictures import Source, draw_dashboard
from tests.monitoring.airflow_stack import AIRFLOW, running_airflow
from tests.monitoring.programs import debian_programs

NAME = "credit-airflow"
SECONDS = 320.0
TRIGGERER_ENDS_AFTER = 230.0


def main() -> None:
    """Draw it."""
    with (
        tempfile.TemporaryDirectory(prefix="credit-airflow-") as folder,
        running_airflow(debian_programs(), Path(folder), AIRFLOW / "tests" / "metrics" / "rehearsal_dags") as stack,
    ):
        started = time.time()
        time.sleep(TRIGGERER_ENDS_AFTER)
        stack.stop("triggerer")
        time.sleep(SECONDS - TRIGGERER_ENDS_AFTER)
        source = Source(stack.prometheus, started, time.time(), step_seconds=1.0, rate_interval="10s")
        board = json.loads((MONITORING / "grafana" / "dashboards" / f"{NAME}.json").read_text())
        picture = MONITORING.parent / "docs" / "pictures" / f"dashboard_{NAME}.png"
        draw_dashboard(board, source, picture)
        print(f"{picture.name}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
