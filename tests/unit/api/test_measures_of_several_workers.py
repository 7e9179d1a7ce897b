"""Whichever worker is asked for the measures answers for all of them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client import values
from prometheus_client.parser import text_string_to_metric_families

from credit_scoring.api.metrics import (
    COMPONENT_READY,
    IN_FLIGHT,
    PREDICTIONS,
    PROBABILITY,
    SPOOL_DEPTH,
    Metrics,
)

Worker = Callable[[int], Metrics]


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Worker:
    """Measures as the process with that id would keep them, in a folder that all share.

    A worker has done its work before the next one is made: labelled values go to the file of the newest worker.
    """
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))

    def measures(process_id: int) -> Metrics:
        # The library chooses when it is loaded whether values are shared; a process that serves loads it later.
        shared = values.MultiProcessValue(lambda: process_id)  # type: ignore[no-untyped-call]
        monkeypatch.setattr(values, "ValueClass", shared)
        return Metrics()

    return measures


def shown(metrics: Metrics) -> dict[str, float]:
    """Samples by name, and by part where they have one; of the histograms the sum and the count alone."""
    return {
        f"{sample.name} {sample.labels.get('component', '')}".strip(): sample.value
        for family in text_string_to_metric_families(metrics.rendered().decode())
        for sample in family.samples
        if "le" not in sample.labels
    }


def test_what_workers_count_is_added_and_what_is_worst_is_shown(worker: Worker) -> None:
    workers = []
    for process_id, refused, probability, waiting, ready in (
        (os.getpid(), 2, 0.25, 7, {"store": 1.0, "ledger": 0.0, "model": 1.0}),
        (os.getppid(), 3, 0.5, 4, {"store": 0.0, "ledger": 1.0, "model": 1.0}),
    ):
        metrics = worker(process_id)
        metrics.count(PREDICTIONS, "refused", "5", by=refused)
        metrics.observe(PROBABILITY, probability)
        metrics.move(IN_FLIGHT, 1)
        metrics.set(SPOOL_DEPTH, waiting)
        for part, value in ready.items():
            metrics.set(COMPONENT_READY, value, part)
        workers.append(metrics)
    first, second = workers
    assert shown(first) == shown(second)
    expected = {
        "credit_predictions_total": 5,
        "credit_probability_of_default_count": 2,
        "credit_probability_of_default_sum": 0.75,
        "credit_requests_in_flight": 2,
        "credit_ledger_spooled_decisions": 7,
        "credit_component_ready store": 0,
        "credit_component_ready ledger": 0,
        "credit_component_ready model": 1,
    }
    assert shown(first).items() >= expected.items()
    first.set(SPOOL_DEPTH, 0)
    assert shown(first)["credit_ledger_spooled_decisions"] == 4
