"""Airflow's four processes with the metrics plugin, PostgreSQL, and Prometheus that scrapes them, on loopback."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from monitoring.description.durations import Durations
from monitoring.description.scrapes import Targets
from scripts.monitoring.files import MONITORING, Installation, write_monitoring
from tests.monitoring.programs import Programs
from tests.support.servers.postgresql import postgresql_server
from tests.support.servers.processes import free_port, running

AIRFLOW = MONITORING.parent / "airflow"
SPEED = 15.0
"""Prometheus scrapes every second."""
_COMPONENTS = ("scheduler", "dag-processor", "triggerer")


def airflow_program() -> Path:
    """Airflow's command in its own environment, which `AIRFLOW_ENVIRONMENT` names."""
    environment = Path(os.environ.get("AIRFLOW_ENVIRONMENT", MONITORING.parent / ".venv-airflow"))
    program = environment / "bin" / "airflow"
    if not program.exists():
        raise FileNotFoundError(f"{program} does not exist; make .venv-airflow, or set AIRFLOW_ENVIRONMENT")
    return program


@dataclass
class AirflowStack:
    """What runs.

    Attributes:
        prometheus, api_server: their URLs.
        folder: logs of all processes.
    """

    prometheus: str
    api_server: str
    folder: Path
    _processes: dict[str, ExitStack] = field(default_factory=dict)

    def stop(self, component: str) -> None:
        """End one process."""
        self._processes.pop(component).close()

    def stop_all(self) -> None:
        """End every process that still runs."""
        for component in list(self._processes):
            self.stop(component)


@contextmanager
def running_airflow(programs: Programs, folder: Path, dags: Path) -> Iterator[AirflowStack]:
    """Start everything; it is ended with the block.

    Args:
        folder: of Airflow's home, logs and Prometheus' data.
        dags: folder of the DAG files.
    """
    with ExitStack() as opened:
        server = opened.enter_context(postgresql_server(upgraded=False))
        api, prometheus = (f"127.0.0.1:{free_port()}" for _ in range(2))
        address = make_url(server.url).set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)
        variables = _variables(folder, dags, api, address)
        _run("db", "migrate", variables=variables)
        _run("pools", "set", "credit_training", "1", "one training at a time", variables=variables)
        stack = AirflowStack(f"http://{prometheus}", f"http://{api}", folder)
        opened.callback(stack.stop_all)
        _start(stack, "api-server", ["api-server", "--port", api.split(":")[1], "--host", "127.0.0.1"], variables)
        for component in _COMPONENTS:
            _start(stack, component, [component], variables)
        targets = Targets(
            prometheus=prometheus,
            airflow=api,
            node="",
            postgres="",
            cadvisor="",
            grafana="",
            victoria_logs="",
            log_collector="",
            probes=(),
        )
        write_monitoring(folder / "monitoring", Installation(Durations(SPEED), targets, environment="test"))
        command = [
            programs.prometheus,
            f"--web.listen-address={prometheus}",
            f"--config.file={folder / 'monitoring' / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
        ]
        opened.enter_context(running(command, f"{stack.prometheus}/-/ready", folder / "prometheus.log"))
        yield stack


def _start(stack: AirflowStack, name: str, arguments: list[str], variables: dict[str, str]) -> None:
    ready = f"{stack.api_server}/api/v2/version"
    opened = ExitStack()
    command = [str(airflow_program()), *arguments]
    opened.enter_context(running(command, ready, stack.folder / f"{name}.log", variables))
    stack._processes[name] = opened


def _run(*arguments: str, variables: dict[str, str]) -> None:
    done = subprocess.run(
        [airflow_program(), *arguments], env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"airflow {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-2000:]}")


def _variables(folder: Path, dags: Path, api: str, database: str) -> dict[str, str]:
    settings = {
        "core__dags_folder": str(dags),
        "core__plugins_folder": str(AIRFLOW / "plugins"),
        "core__load_examples": "False",
        "core__executor": "LocalExecutor",
        "core__parallelism": "4",
        "core__dags_are_paused_at_creation": "False",
        "core__execution_api_server_url": f"http://{api}/execution/",
        "core__simple_auth_manager_users": "viewer:viewer",
        "database__sql_alchemy_conn": database,
        "api__base_url": f"http://{api}",
        "api__workers": "1",
        "api__secret_key": secrets.token_hex(16),
        "api_auth__jwt_secret": secrets.token_hex(32),
        "logging__json_logs": "True",
        "logging__worker_log_server_port": str(free_port()),
        "logging__trigger_log_server_port": str(free_port()),
        # Tasks of a busy machine start slowly.
        "scheduler__task_instance_heartbeat_timeout": "600",
    }
    # Python of Airflow's environment must not find the modules of this one.
    return {
        "AIRFLOW_HOME": str(folder),
        "PYTHONPATH": "",
        **{f"AIRFLOW__{name.upper()}": value for name, value in settings.items()},
    }
