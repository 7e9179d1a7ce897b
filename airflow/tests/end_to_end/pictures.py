"""Draws docs/pictures/airflow_*.png: the pages of finished runs on synthetic clients (`make airflow-pictures`).

No test by its name, so only that target runs it.
"""

from pathlib import Path

import pytest
from end_to_end.support.airflow_stack import ROOT
from end_to_end.support.browser import running_browser
from end_to_end.support.dag_runs import DRIFT, MAINTENANCE, TRAINING, DagRun, Runs
from end_to_end.support.sources import Sources

PICTURES = ROOT / "docs" / "pictures"
_MAXIMUM_BYTES = 300_000
SIZES = {
    ("training", "grid"): (1400, 900),
    ("training", "graph"): (2400, 800),
    ("drift", "graph"): (1400, 600),
    ("maintenance", "graph"): (1400, 500),
}


@pytest.fixture(scope="module")
def drawn_runs(runs: Runs, unchanged_run: DagRun, approved_run: DagRun, sources: Sources) -> dict[str, DagRun]:
    """A finished run of each DAG."""
    for dag in (DRIFT, MAINTENANCE):
        runs.unpause(dag)
    drift = runs.start(DRIFT, current=str(sources.drifted(1))).finished()
    return {"training": approved_run, "drift": drift, "maintenance": runs.start(MAINTENANCE).finished()}


@pytest.mark.parametrize(("name", "view"), SIZES)
def test_draw(drawn_runs: dict[str, DagRun], name: str, view: str) -> None:
    run, api = drawn_runs[name], drawn_runs[name].airflow.api
    file = PICTURES / f"airflow_{name}_{view}.png"
    width, height = SIZES[name, view]
    stored = {"default_dag_view": view, "timezone": "UTC"}
    with running_browser() as browser:
        browser.open(f"{api.url}/dags/{run.dag}/runs/{run.run_id}", stored, api.token)
        browser.wait_for("document.body.innerText.includes('" + _last_task(run) + "')")
        browser.draw(file, width, height)
    assert 10_000 < file.stat().st_size <= _MAXIMUM_BYTES, _size(file)


def _last_task(run: DagRun) -> str:
    return {TRAINING: "smoke_production", DRIFT: "report", MAINTENANCE: "apply_retention"}[run.dag]


def _size(file: Path) -> str:
    return f"{file.name} has {file.stat().st_size:,} bytes"
