"""Health check of a container: whether Airflow's API reports a component as healthy.

Usage: check_health.py COMPONENT, as /api/v2/monitor/health names it. `airflow jobs check` would load all of Airflow
each time, which costs seconds of a core.
"""

import json
import sys
from urllib.request import urlopen

URL = "http://airflow-api-server:8080/api/v2/monitor/health"

with urlopen(URL, timeout=4) as answer:  # nosec B310: a constant
    status = (json.load(answer).get(sys.argv[1]) or {}).get("status")
if status != "healthy":
    sys.exit(f"{sys.argv[1]} is {status}.")
