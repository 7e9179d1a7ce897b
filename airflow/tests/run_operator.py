"""Runs one operator of Airflow's plugins outside the cluster, as a scheduler would: `python run_operator.py NAME JSON`.

In Airflow's environment, with ``airflow/plugins`` on the path and the settings in ``AIRFLOW__CREDIT__...``. The last
line that it prints is the result of the task, as JSON.
"""

import json
import sys
from types import SimpleNamespace
from typing import Any

from credit_airflow import operators


class Instance(SimpleNamespace):
    """A task instance without a database of Airflow."""

    def xcom_push(self, **_: Any) -> None:
        """Links of the web page have no reader here."""


def main() -> None:
    """Run the operator."""
    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    operator = getattr(operators, name)(task_id="a_task", **arguments)
    names = {"dag_id": "cluster_test", "run_id": "a_run", "task_id": "a_task", "map_index": -1, "try_number": 1}
    print(json.dumps(operator.execute({"ti": Instance(**names), "params": {}})))


if __name__ == "__main__":
    main()
