"""Several workers are measured as one: what they counted adds up, and what a killed one showed is forgotten."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from credit_scoring.api.metrics import Metrics

WORKER = """
import sys
from credit_scoring.api.metrics import IN_FLIGHT, MEMORY, MODEL_VERSION, PREDICTIONS, PROBABILITY, Metrics
metrics, number = Metrics(), int(sys.argv[1])
metrics.count(PREDICTIONS, "accepted", "5", by=number)
metrics.observe(PROBABILITY, 0.25)
metrics.set(MEMORY, 1000.0 * number)
metrics.move(IN_FLIGHT, number)
metrics.set(MODEL_VERSION, number, "champion")
print("measured", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What all workers share."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    yield tmp_path


def worker(number: int) -> "subprocess.Popen[str]":
    """A process that has measured, and runs on."""
    started = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(number)],
        env=os.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None and started.stdout.readline() == "measured\n"
    return started


def values() -> dict[str, float]:
    """Every sample without its labels, as any worker would answer."""
    text = Metrics().rendered().decode()
    return {one.name: one.value for family in text_string_to_metric_families(text) for one in family.samples}


def test_workers_add_up_and_a_killed_one_leaves_only_what_it_counted(folder: Path) -> None:
    with worker(2) as first, worker(3) as second:
        both = values()
        second.kill()
        second.wait()
        after = values()
        first.kill()
    assert both["credit_predictions_total"] == after["credit_predictions_total"] == 5
    assert both["credit_probability_of_default_count"] == after["credit_probability_of_default_count"] == 2
    assert (both["credit_process_memory_bytes"], after["credit_process_memory_bytes"]) == (5000, 2000)
    assert (both["credit_requests_in_flight"], after["credit_requests_in_flight"]) == (5, 2)
    assert (both["credit_model_version"], after["credit_model_version"]) == (3, 2)
