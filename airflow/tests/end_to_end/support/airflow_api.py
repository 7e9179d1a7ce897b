"""Airflow as people and other systems see it: its REST interface."""

import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import httpx

PATIENCE_SECONDS = 600
ANSWER_SECONDS = 5.0
_POLL_SECONDS = 0.5
FINISHED = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})


class AirflowApi:
    """A client that is logged in.

    Args:
        url: of the API server, without a path.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        self.url = url
        answer = httpx.post(f"{url}/auth/token", json={"username": user, "password": password}, timeout=60)
        answer.raise_for_status()
        self.token = str(answer.json()["access_token"])
        self._client = httpx.Client(
            base_url=f"{url}/api/v2", headers={"Authorization": f"Bearer {self.token}"}, timeout=60
        )

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def page(self, address: str, is_logged_in: bool = True) -> httpx.Response:
        """What a page of the web server answers, with or without a login."""
        return httpx.get(address, headers=dict(self._client.headers) if is_logged_in else {}, timeout=60)

    def get(self, path: str, **parameters: Any) -> Any:
        """What a path answers, as Python values."""
        return self._answer("GET", path, params=parameters)

    def post(self, path: str, body: Any) -> Any:
        """Send a body to a path; returns what it answers."""
        return self._answer("POST", path, json=body)

    def health(self) -> dict[str, str | None]:
        """Status of each component by name."""
        return {name: part["status"] for name, part in self.get("/monitor/health").items()}

    def unpause(self, dag: str) -> None:
        """Let the runs of a DAG start."""
        self._answer("PATCH", f"/dags/{dag}", json={"is_paused": False})

    def trigger(self, dag: str, **parameters: Any) -> str:
        """Start a run with some parameters; returns its id."""
        run = f"test-{uuid4().hex[:8]}"
        body = {"dag_run_id": run, "logical_date": None, "conf": parameters}
        self.post(f"/dags/{dag}/dagRuns", body)
        return run

    def runs(self, dag: str) -> list[dict[str, Any]]:
        """All runs, the oldest first."""
        answer = self.get(f"/dags/{dag}/dagRuns", order_by="run_after", limit=100)
        return list(answer["dag_runs"])

    def run_state(self, dag: str, run: str) -> str:
        """State of a run."""
        return str(self.get(f"/dags/{dag}/dagRuns/{run}")["state"])

    def wait_for_run(self, dag: str, run: str) -> str:
        """Wait until a run has ended; returns its state."""
        self.wait(lambda: self.run_state(dag, run) in FINISHED, lambda: f"{run} of {dag}: {self.states(dag, run)}")
        return self.run_state(dag, run)

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        """The task instances of a run."""
        answer = self.get(f"/dags/{dag}/dagRuns/{run}/taskInstances", limit=100)
        return list(answer["task_instances"])

    def states(self, dag: str, run: str) -> dict[str, str | None]:
        """State of each task; a mapped one is called NAME[INDEX]."""
        return {
            task["task_id"] + (f"[{task['map_index']}]" if task["map_index"] >= 0 else ""): task["state"]
            for task in self.tasks(dag, run)
        }

    def wait_for_task(self, dag: str, run: str, task: str, states: Sequence[str]) -> str:
        """Wait until a task is in one of some states; returns it. Fails if the run ends before."""

        def reached() -> bool:
            if self.states(dag, run).get(task) in states:
                return True
            state = self.run_state(dag, run)
            assert state not in FINISHED, f"{run} of {dag} is {state}: {self.states(dag, run)}"
            return False

        self.wait(reached, lambda: f"{task} of {run} is not {states}: {self.states(dag, run)}")
        return str(self.states(dag, run)[task])

    def respond(self, dag: str, run: str, task: str, option: str) -> None:
        """Answer a task that waits for a person, as slowly as a person does.

        Airflow 3.3.2 takes an answer in the same pass of its scheduler for a killed worker, and asks again
        (`process_executor_events`); so this answers as often as it is asked.
        """
        path = f"/dags/{dag}/dagRuns/{run}/taskInstances/{task}/-1/hitlDetails"
        while self.wait_for_task(dag, run, task, ["awaiting_input", "success"]) != "success":
            time.sleep(ANSWER_SECONDS)
            self._answer("PATCH", path, json={"chosen_options": [option], "params_input": {}})
            self.wait(lambda: self.states(dag, run).get(task) != "awaiting_input", lambda: f"{task} took no answer")

    def returned(self, dag: str, run: str, task: str, map_index: int = -1) -> Any:
        """What a task returned."""
        path = f"/dags/{dag}/dagRuns/{run}/taskInstances/{task}/xcomEntries/return_value"
        return self.get(path, map_index=map_index, deserialize=True)["value"]

    def log(self, dag: str, run: str, task: str, try_number: int = 1, map_index: int = -1) -> str:
        """The log of one try, as text."""
        path = f"/dags/{dag}/dagRuns/{run}/taskInstances/{task}/logs/{try_number}"
        return str(self.get(path, map_index=map_index, full_content=True))

    def asset_events(self, uri: str) -> list[dict[str, Any]]:
        """The events of an asset, the oldest first."""
        events = self.get("/assets/events", order_by="timestamp", limit=100)["asset_events"]
        return [event for event in events if event["uri"] == uri]

    @staticmethod
    def wait(
        condition: Callable[[], bool], describe: Callable[[], str], patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Wait until a condition holds; fails with a description."""
        deadline = time.monotonic() + patience_seconds
        while not condition():
            assert time.monotonic() < deadline, f"not within {patience_seconds:.0f} s: {describe()}"
            time.sleep(_POLL_SECONDS)

    def _answer(self, method: str, path: str, **options: Any) -> Any:
        answer = self._client.request(method, path, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json()
