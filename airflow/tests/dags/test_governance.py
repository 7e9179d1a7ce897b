"""The rules that every DAG follows, and its edges as the specification says."""

import importlib.util
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from airflow.sdk import BaseOperator

DAGS = Path(__file__).parents[2] / "dags"
NAMES = ("credit_training", "credit_drift", "credit_maintenance")
TAGS = {"credit", "training", "drift", "maintenance", "tier:1", "tier:2"}
WAITS_FOR_A_PERSON = "approve_production"

EDGES = {
    "credit_training": {
        "check_new_data": {"ingest"},
        "ingest": {"validate"},
        "validate": {"transform.build_features"},
        "transform.build_features": {"transform.publish_features"},
        "transform.publish_features": {"choose_families"},
        "choose_families": {"train"},
        "train": {"evaluate"},
        "evaluate": {"test_model"},
        "test_model": {"promote_staging"},
        "promote_staging": {"update_serving"},
        "update_serving": {"smoke_tests", "roll_back_staging"},
        "smoke_tests": {"decide_production", "roll_back_staging"},
        "roll_back_staging": {"restore_serving"},
        "restore_serving": {"finish"},
        "decide_production": {"approve_production", "promote_production"},
        "approve_production": {"promote_production"},
        "promote_production": {"update_production"},
        "update_production": {"smoke_production", "roll_back_production"},
        "smoke_production": {"finish", "roll_back_production"},
        "roll_back_production": {"restore_production"},
        "restore_production": {"finish"},
        "finish": set(),
    },
    "credit_drift": {
        "data_drift": {"model_drift", "finish"},
        "model_drift": {"alert", "request_training", "finish"},
        "alert": {"report", "finish"},
        "report": {"finish"},
        "request_training": {"finish"},
        "finish": set(),
    },
    "credit_maintenance": {
        "clean_database": set(),
        "check_backup": set(),
        "verify_ledger": {"apply_retention"},
        "apply_retention": set(),
    },
}


def _load(name):
    specification = importlib.util.spec_from_file_location(name, DAGS / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.dag


LOADED = {name: _load(name) for name in NAMES}
TASKS = [(dag, task) for dag in LOADED.values() for task in dag.tasks]
ids = [f"{dag.dag_id}.{task.task_id}" for dag, task in TASKS]
every_dag = pytest.mark.parametrize("dag", LOADED.values(), ids=NAMES)
every_task = pytest.mark.parametrize(("dag", "task"), TASKS, ids=ids)


def test_every_file_is_one_of_these_dags() -> None:
    assert {path.stem for path in DAGS.glob("*.py")} == set(NAMES)


@every_dag
def test_the_edges_are_those_of_the_specification(dag) -> None:
    assert {task.task_id: set(task.downstream_task_ids) for task in dag.tasks} == EDGES[dag.dag_id]


@every_dag
def test_a_dag_can_be_serialized_for_the_scheduler(dag) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    assert DagSerialization.to_dict(dag)["dag"]["dag_id"] == dag.dag_id


@every_dag
def test_a_dag_says_what_it_is_when_it_runs_and_how_long_it_may_take(dag) -> None:
    assert dag.doc_md and dag.description
    assert set(dag.tags) <= TAGS and len([tag for tag in dag.tags if tag.startswith("tier:")]) == 1
    assert (dag.max_active_runs, dag.catchup) == (1, False)
    assert timedelta() < dag.dagrun_timeout <= timedelta(days=5)
    assert dag.deadline and dag.on_failure_callback
    for name in dag.params:
        param = dag.params.get_param(name)
        assert param.schema.get("type") and param.description, name


@pytest.mark.parametrize(
    ("name", "cron"),
    [("credit_training", "0 2 * * 0"), ("credit_drift", "0 5 * * *"), ("credit_maintenance", "0 4 * * *")],
)
def test_the_clock_is_that_of_paris(name, cron) -> None:
    timetable = getattr(LOADED[name].timetable, "timetable", LOADED[name].timetable)
    assert (timetable.expression, str(timetable.timezone)) == (cron, "Europe/Paris")


def test_an_alarm_starts_a_training_and_outcomes_or_a_promotion_start_a_comparison() -> None:
    def waits_for(name: str) -> set[str]:
        condition = LOADED[name].timetable.asset_condition
        return {asset.uri for asset in getattr(condition, "objects", [condition])}

    assert waits_for("credit_training") == {"credit://drift/alarm"}
    assert waits_for("credit_drift") == {"credit://outcomes/recorded", "credit://model/promoted"}


@every_task
def test_a_task_has_owner_documentation_and_a_limit_of_time(dag, task) -> None:
    value = task.partial_kwargs.get if not isinstance(task, BaseOperator) else lambda name: getattr(task, name)
    assert value("owner") == "credit-scoring"
    assert value("doc_md")
    if task.task_id == WAITS_FOR_A_PERSON:
        assert task.response_timeout < dag.dagrun_timeout
    else:
        assert timedelta() < value("execution_timeout") <= timedelta(hours=6)


@every_task
def test_a_task_is_tried_again_with_growing_pauses_and_people_learn_of_its_failure(dag, task) -> None:
    assert task.retries in (2, 3)
    assert task.retry_exponential_backoff > 1
    assert task.on_failure_callback


def test_trainings_share_one_pool() -> None:
    pools = {task.task_id: task.pool for task in LOADED["credit_training"].tasks if task.pool != "default_pool"}
    assert pools == {"train": "credit_training", "evaluate": "credit_training"}
    assert '"credit_training": {"slots": 1' in (DAGS.parent / "pools.json").read_text()


def test_no_task_waives_a_gate() -> None:
    for path in [*DAGS.glob("*.py"), *(DAGS.parent / "plugins").rglob("*.py")]:
        assert "--waive" not in path.read_text(), path


def test_drift_never_promotes() -> None:
    assert "promote" not in {part for task in LOADED["credit_drift"].tasks for part in task.task_id.split("_")}
    assert "MLflowModelPromotionOperator" not in (DAGS / "credit_drift.py").read_text()


def test_dags_and_plugins_do_not_import_the_program() -> None:
    for path in [*DAGS.glob("*.py"), *(DAGS.parent / "plugins" / "credit_airflow").rglob("*.py")]:
        assert not re.search(r"^\s*(import|from) credit_scoring\b", path.read_text(), re.MULTILINE), path


@pytest.mark.parametrize("name", NAMES)
def test_a_file_takes_less_than_two_seconds(name) -> None:
    # In a process where Airflow is loaded already, as in the DAG processor; processor time, so that a busy machine does
    # not fail it.
    code = (
        "import sys, time, runpy; import airflow.sdk, airflow.configuration; "
        "from airflow.sdk import DAG, Asset, BaseOperator, task, conf; "
        "started = time.process_time(); runpy.run_path(sys.argv[1]); print(time.process_time() - started)"
    )
    command = [sys.executable, "-c", code, str(DAGS / f"{name}.py")]
    environment = {**os.environ, "PYTHONPATH": str(DAGS.parent / "plugins")}
    # The first time compiles what it imports.
    runs = [subprocess.run(command, env=environment, check=True, capture_output=True, text=True) for _ in range(2)]
    seconds = float(runs[-1].stdout.splitlines()[-1])
    assert seconds < 2, f"{name}: {seconds:.2f} s"
