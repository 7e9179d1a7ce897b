"""One Airflow, one installation of the program and a mailbox, shared by all tests; and the runs they look at.

Runs of a DAG follow each other, so a fixture asks for the run that must have come before it.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from end_to_end.support.airflow_stack import AIRFLOW, AirflowStack, running_airflow
from end_to_end.support.dag_runs import TRAINING, DagRun, Runs
from end_to_end.support.databases import running_databases
from end_to_end.support.mailbox import Mailbox
from end_to_end.support.scoring_platform import PROGRAM, ScoringPlatform, prepared_platform, running_services
from end_to_end.support.sources import Sources

RECIPIENT = "mlops@example.org"


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
def platform(
    databases: dict[str, str], sources: Sources, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ScoringPlatform]:
    """The installation, with a first model in staging and the service in both environments."""
    prepared = prepared_platform(databases, tmp_path_factory.mktemp("platform"))
    sources.deliver(sources.synthetic("first"))
    prepared.train(sources.current)
    with running_services(prepared) as platform:
        yield platform


@pytest.fixture(scope="session")
def mailbox() -> Mailbox:
    """What arrived by e-mail."""
    return Mailbox()


@pytest.fixture(scope="session")
def airflow(
    databases: dict[str, str],
    platform: ScoringPlatform,
    sources: Sources,
    mailbox: Mailbox,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[AirflowStack]:
    """The running Airflow, with the pool of trainings; all DAGs are paused."""
    backup = platform.folder / "backup.prom"
    backup.write_text(f"credit_step_last_success_timestamp_seconds {time.time()}\n")
    database_url = databases["airflow"].replace("+psycopg:", "+psycopg2:")
    settings = {
        "program": str(PROGRAM),
        "source": str(sources.current),
        "families": "logistic_regression",
        "tuning_trials": "0",
        "allow_synthetic": "true",
        "staging_url": platform.fronts["staging"].url,
        "production_url": platform.fronts["production"].url,
        "key_file": str(platform.key_file),
        "failure_emails": RECIPIENT,
        "retry_seconds": "1",
        "report_directory": str(platform.folder / "reports"),
        "report_url": "https://reports.example.org",
        "anchor_directory": str(platform.folder / "anchor"),
        "backup_metrics": str(backup),
        "airflow_database_command": f"echo {database_url}",
    }
    with mailbox.listening() as connection:
        variables = {f"AIRFLOW__CREDIT__{name.upper()}": value for name, value in settings.items()}
        home = tmp_path_factory.mktemp("airflow")
        with running_airflow(
            database_url, home, {**platform.variables, **variables, "AIRFLOW_CONN_SMTP_DEFAULT": connection}
        ) as stack:
            for name, pool in json.loads((AIRFLOW / "pools.json").read_text()).items():
                stack.api.post("/pools", {"name": name, **pool})
            yield stack


@pytest.fixture(scope="session")
def runs(airflow: AirflowStack) -> Runs:
    """Starts runs of the training. Whatever the timetable starts by itself, at certain hours of the week, is over."""
    runs = Runs(airflow)
    runs.unpause(TRAINING)
    return runs


@pytest.fixture(scope="session")
def approved_run(runs: Runs, sources: Sources) -> DagRun:
    """A training on new data, which a person approved for production."""
    sources.deliver(sources.synthetic("second"))
    run = runs.start(TRAINING)
    run.approve("approve_production")
    return run.finished()


@pytest.fixture(scope="session")
def unchanged_run(runs: Runs, approved_run: DagRun) -> DagRun:
    """A training on the same data again."""
    assert approved_run.state == "success"
    return runs.start(TRAINING).finished()


@pytest.fixture(scope="session")
def reports_folder(platform: ScoringPlatform) -> Path:
    """Where reports are published."""
    return platform.folder / "reports"
