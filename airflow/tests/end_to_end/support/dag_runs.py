"""Runs of DAGs, as tests start and watch them."""

from dataclasses import dataclass
from typing import Any

from end_to_end.support.airflow_api import FINISHED
from end_to_end.support.airflow_stack import AirflowStack

TRAINING, DRIFT, MAINTENANCE = "credit_training", "credit_drift", "credit_maintenance"


@dataclass(frozen=True)
class DagRun:
    """One run."""

    airflow: AirflowStack
    dag: str
    run_id: str

    @property
    def state(self) -> str:
        """State of the run."""
        return self.airflow.api.run_state(self.dag, self.run_id)

    @property
    def states(self) -> dict[str, str | None]:
        """State of each task; a mapped one is called NAME[INDEX]."""
        return self.airflow.api.states(self.dag, self.run_id)

    def finished(self) -> "DagRun":
        """The same run, when it has ended."""
        self.airflow.api.wait_for_run(self.dag, self.run_id)
        return self

    def approve(self, task: str) -> None:
        """Wait until a task asks for approval, and give it."""
        self.airflow.api.respond(self.dag, self.run_id, task, "Approve")

    def wait_for(self, task: str, *states: str) -> None:
        """Wait until a task is in one of some states."""
        self.airflow.api.wait_for_task(self.dag, self.run_id, task, states)

    def returned(self, task: str) -> Any:
        """What a task returned."""
        return self.airflow.api.returned(self.dag, self.run_id, task)

    def tries(self, task: str) -> list[int]:
        """Number of tries of each instance of a task."""
        tasks = self.airflow.api.tasks(self.dag, self.run_id)
        return [one["try_number"] for one in tasks if one["task_id"] == task]

    def repeat_from(self, task: str) -> None:
        """Clear a task and all behind it, as a person does after correcting a fault."""
        body = {
            "dry_run": False,
            "dag_run_id": self.run_id,
            "task_ids": [task],
            "include_downstream": True,
            "only_failed": False,
        }
        self.airflow.api.post(f"/dags/{self.dag}/clearTaskInstances", body)

    def explain(self) -> str:
        """States, and the end of the log of each failed task, for the message of a test that fails."""
        tasks = self.airflow.api.tasks(self.dag, self.run_id)
        failed = [(one["task_id"], one["map_index"]) for one in tasks if one["state"] == "failed"]
        logs = [
            f"{task}: {self.airflow.task_log(self.dag, self.run_id, task, index)[-3000:]}" for task, index in failed
        ]
        return "\n".join([f"{self.state}: {self.states}", *logs])


@dataclass(frozen=True)
class Ended:
    """A run that has ended, and what was in service then: model version by environment."""

    run: DagRun
    aliases: dict[str, int]
    served: dict[str, int]


@dataclass(frozen=True)
class Runs:
    """Starts runs."""

    airflow: AirflowStack

    def unpause(self, dag: str) -> None:
        """Let a DAG run, and wait until runs that its timetable or assets start at once are over."""
        api = self.airflow.api
        api.wait(lambda: dag in {one["dag_id"] for one in api.get("/dags")["dags"]}, lambda: f"{dag} was not parsed")
        api.unpause(dag)
        api.wait(lambda: all(run["state"] in FINISHED for run in api.runs(dag)), lambda: f"{api.runs(dag)}")

    def start(self, dag: str, **parameters: Any) -> DagRun:
        """Start a run."""
        return DagRun(self.airflow, dag, self.airflow.api.trigger(dag, **parameters))

    def started_by_asset(self, dag: str) -> list[DagRun]:
        """The runs that an asset started."""
        runs = self.airflow.api.runs(dag)
        return [DagRun(self.airflow, dag, run["dag_run_id"]) for run in runs if run["run_type"] == "asset_triggered"]
