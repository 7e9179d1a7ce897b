"""One Airflow, one installation of the program and a mailbox, shared by all tests; and the runs they look at.

Runs of a DAG follow each other, so a fixture asks for the run that must have come before it.
"""

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from end_to_end.support.airflow_stack import AIRFLOW, AirflowStack, running_airflow
from end_to_end.support.credit_settings import credit_settings
from end_to_end.support.dag_runs import TRAINING, DagRun, Ended, Runs
from end_to_end.support.databases import running_databases
from end_to_end.support.front import running_front
from end_to_end.support.mailbox import Mailbox
from end_to_end.support.scoring_platform import ScoringPlatform, empty_platform, running_services
from end_to_end.support.sources import Sources


class Started(NamedTuple):
    """Everything that runs."""

    airflow: AirflowStack
    platform: ScoringPlatform


@pytest.fixture(scope="session", autouse=True)
def _untouched_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No settings from outside the tests, and an empty working folder."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("CREDIT_", "AIRFLOW__", "AIRFLOW_CONN_"))]:
            patch.delenv(name)
        patch.chdir(tmp_path_factory.mktemp("somewhere"))
        yield


@pytest.fixture(scope="session")
def databases() -> Iterator[dict[str, str]]:
    """Addresses of the three databases."""
    with running_databases("airflow", "credit", "mlflow") as urls:
        yield urls


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """Raw tables."""
    return Sources(tmp_path_factory.mktemp("sources"))


@pytest.fixture(scope="session")
def mailbox() -> Mailbox:
    """What arrived by e-mail."""
    return Mailbox()


@pytest.fixture(scope="session")
def started(
    databases: dict[str, str], sources: Sources, mailbox: Mailbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Started]:
    """Everything that runs. A first model is trained while Airflow starts, because the service needs one."""
    folder, home = tmp_path_factory.mktemp("platform"), tmp_path_factory.mktemp("airflow")
    sources.deliver(sources.synthetic("first"))
    empty = empty_platform(databases, folder)
    (folder / "backup.prom").write_text(f"credit_step_last_success_timestamp_seconds {time.time()}\n")
    airflow_url = databases["airflow"].replace("+psycopg:", "+psycopg2:")
    with ThreadPoolExecutor(max_workers=1) as executor, ExitStack() as stack:
        fronts = {name: stack.enter_context(running_front()) for name in ("staging", "production")}
        trained = executor.submit(empty.with_first_model, sources.current)
        settings = credit_settings(empty, sources.current, fronts, airflow_url)
        variables = {
            **empty.variables,
            **settings,
            "AIRFLOW_CONN_SMTP_DEFAULT": stack.enter_context(mailbox.listening()),
        }
        airflow = stack.enter_context(running_airflow(airflow_url, home, variables))
        for name, pool in json.loads((AIRFLOW / "pools.json").read_text()).items():
            airflow.api.post("/pools", {"name": name, **pool})
        yield Started(airflow, stack.enter_context(running_services(trained.result(), fronts)))


@pytest.fixture(scope="session")
def platform(started: Started) -> ScoringPlatform:
    """The installation of the program, with a first model in staging and the service in both environments."""
    return started.platform


@pytest.fixture(scope="session")
def airflow(started: Started) -> AirflowStack:
    """The running Airflow, with the pool of trainings; all DAGs are paused."""
    return started.airflow


@pytest.fixture(scope="session")
def runs(airflow: AirflowStack) -> Runs:
    """Starts runs of the training. Whatever the timetable starts by itself, at certain hours of the week, is over."""
    runs = Runs(airflow)
    runs.unpause(TRAINING)
    return runs


def _ended(run: DagRun, platform: ScoringPlatform) -> Ended:
    run.finished()
    return Ended(
        run, platform.aliases(), {environment: platform.served(environment) for environment in platform.fronts}
    )


@pytest.fixture(scope="session")
def approved(runs: Runs, sources: Sources, platform: ScoringPlatform) -> Ended:
    """A training on new data, which a person approved for production."""
    sources.deliver(sources.synthetic("second"))
    run = runs.start(TRAINING)
    run.approve("approve_production")
    return _ended(run, platform)


@pytest.fixture(scope="session")
def approved_run(approved: Ended) -> DagRun:
    """The training that a person approved."""
    return approved.run


@pytest.fixture(scope="session")
def unchanged(runs: Runs, approved: Ended, platform: ScoringPlatform) -> Ended:
    """A training on the same data again."""
    assert approved.run.state == "success", approved.run.explain()
    return _ended(runs.start(TRAINING), platform)


@pytest.fixture(scope="session")
def unchanged_run(unchanged: Ended) -> DagRun:
    """The training on the same data."""
    return unchanged.run
