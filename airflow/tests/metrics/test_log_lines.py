"""Airflow's lines have the fields that the log collector and docs/MONITORING.md rely on."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from conftest import airflow_variables

RECORDED = Path(__file__).parents[3] / "tests" / "monitoring" / "airflow_lines.jsonl"
SHAPE = {"timestamp", "level", "event", "logger"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")
"""What the collector's parser `line` reads."""
# What a task's process binds before the task runs, and what its supervisor prints to standard output.
TASK = """
import json, socket, sys
from airflow.logging_config import configure_logging
configure_logging()
import structlog
from airflow.sdk.execution_time.supervisor import process_log_messages_from_subprocess
line = json.loads(sys.argv[1])
forwarded = process_log_messages_from_subprocess((structlog.get_logger("task"),))
next(forwarded)
forwarded.send(json.dumps(line).encode())
"""


def _lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_a_command_writes_lines_of_the_shape(airflow_home: Path) -> None:
    lines = _lines((airflow_home / "migrate.log").read_text())
    assert lines
    assert [line for line in lines if not SHAPE - {"logger"} <= set(line)] == []
    assert all(TIME.fullmatch(str(line["timestamp"])) for line in lines)


def test_a_line_of_a_task_keeps_its_fields_on_the_way_to_standard_output(airflow_home: Path) -> None:
    (recorded,) = [line for line in _lines(RECORDED.read_text()) if "task_id" in line]
    done = subprocess.run(
        [sys.executable, "-c", TASK, json.dumps(recorded)],
        env={**os.environ, **airflow_variables(airflow_home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (printed,) = [line for line in _lines(done.stdout + done.stderr) if "task_id" in line]
    for field in ("timestamp", "level", "event", "dag_id", "task_id", "run_id", "try_number", "map_index"):
        assert printed[field] == recorded[field]
