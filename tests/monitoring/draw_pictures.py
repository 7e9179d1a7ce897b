"""Run the platform, with a slow and a stopped database in between, and draw docs/pictures/dashboard_*.png.

Airflow's is left to draw_airflow_picture.py.

`make dashboards-pictures` runs it.
"""

import json
import tempfile
import time
from pathlib import Path

from scripts.monitoring.files import MONITORING
from scripts.monitoring.pictures import Source, draw_dashboard
from tests.monitoring.programs import debian_programs
from tests.monitoring.stack import SLOW_LINK_SECONDS, running_stack

PICTURES = MONITORING.parent / "docs" / "pictures"
# draw_airflow_picture.py draws it, from a running Airflow.
AIRFLOW_DASHBOARD = "credit-airflow"
SECONDS = 180.0
SLOW_AFTER, SLOW_FOR = 45.0, 15.0
STOPPED_AFTER, STOPPED_FOR = 90.0, 12.0


def main() -> None:
    """Draw every dashboard but Airflow's."""
    with (
        tempfile.TemporaryDirectory(prefix="credit-pictures-") as folder,
        running_stack(debian_programs(), Path(folder)) as stack,
    ):
        Path(folder).chmod(0o755)
        started = time.time()
        time.sleep(SLOW_AFTER)
        # The stack began with a score of 0.6; the service reads each new result within a minute.
        stack.import_drift(0.35)
        stack.link.delay_seconds = SLOW_LINK_SECONDS
        time.sleep(SLOW_FOR)
        stack.link.delay_seconds = 0.0
        time.sleep(STOPPED_AFTER - SLOW_AFTER - SLOW_FOR)
        stack.import_drift(0.1)
        stack.server.stop()
        time.sleep(STOPPED_FOR)
        stack.server.start()
        time.sleep(max(0.0, started + SECONDS - time.time()))
        source = Source(stack.prometheus, started, time.time(), step_seconds=1.0, rate_interval="10s")
        for path in sorted((MONITORING / "grafana" / "dashboards").glob("*.json")):
            if path.stem == AIRFLOW_DASHBOARD:
                continue
            picture = PICTURES / f"dashboard_{path.stem}.png"
            draw_dashboard(json.loads(path.read_text()), source, picture)
            print(f"{picture.name}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
