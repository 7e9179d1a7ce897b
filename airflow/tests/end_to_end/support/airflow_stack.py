"""The four components of Airflow as processes on loopback, with LocalExecutor and PostgreSQL."""

import json
import os
import secrets
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from end_to_end.support.airflow_api import AirflowApi

from tests.support.servers.processes import free_port, running

ROOT = Path(__file__).resolve().parents[4]
AIRFLOW = ROOT / "airflow"
PROGRAMS = Path(os.environ.get("AIRFLOW_ENVIRONMENT", ROOT / ".venv-airflow")) / "bin"
USER = "ada"
_HEALTHY_SECONDS = 240


@dataclass(frozen=True)
class AirflowStack:
    """A running Airflow.

    Attributes:
        home: with the logs: of components, and below logs/ of tasks.
        password: of the user `USER`, who is an administrator.
    """

    api: AirflowApi
    home: Path
    password: str

    def task_log(self, dag: str, run: str, task: str, map_index: int = -1) -> str:
        """What the first try of a task logged so far; empty before it starts."""
        mapped = [f"map_index={map_index}"] if map_index >= 0 else []
        folder = self.home.joinpath("logs", f"dag_id={dag}", f"run_id={run}", f"task_id={task}", *mapped)
        file = folder / "attempt=1.log"
        return file.read_text() if file.is_file() else ""


@contextmanager
def running_airflow(database_url: str, home: Path, variables: Mapping[str, str]) -> Iterator[AirflowStack]:
    """An Airflow with our DAGs, all paused; its processes end with the block.

    Args:
        database_url: of an empty PostgreSQL database.
        home: an empty folder, the working folder of the components and their tasks.
        variables: environment of the components and their tasks, beside those of this process.
    """
    port, password = free_port(), secrets.token_hex(8)
    environment = {**_settings(database_url, home, port, password), **variables}
    url = f"http://127.0.0.1:{port}"
    _run("db", "migrate", environment=environment, log=home / "migrate.log")
    database = urlsplit(database_url)
    # The health that the API server reports is that of all four, so the others have no address of their own.
    any_time = f"tcp://{database.hostname}:{database.port}"
    with ExitStack() as stack:
        for component in ("scheduler", "dag-processor", "triggerer"):
            stack.enter_context(
                running([str(PROGRAMS / "airflow"), component], any_time, home / f"{component}.log", environment)
            )
        server = [str(PROGRAMS / "airflow"), "api-server", "--port", str(port), "--host", "127.0.0.1"]
        stack.enter_context(running(server, f"{url}/api/v2/monitor/health", home / "api-server.log", environment))
        api = AirflowApi(url, USER, password)
        stack.callback(api.close)
        api.wait(
            lambda: set(api.health().values()) == {"healthy"},
            lambda: f"{api.health()}; logs are in {home}",
            _HEALTHY_SECONDS,
        )
        yield AirflowStack(api, home, password)


def _settings(database_url: str, home: Path, port: int, password: str) -> dict[str, str]:
    passwords = home / "passwords.json"
    passwords.write_text(json.dumps({USER: password}))
    sections = {
        "core": {
            "executor": "LocalExecutor",
            "parallelism": "4",
            "load_examples": "False",
            "dags_folder": str(AIRFLOW / "dags"),
            "plugins_folder": str(AIRFLOW / "plugins"),
            "dagbag_import_timeout": "120",
            "simple_auth_manager_users": f"{USER}:admin",
            "simple_auth_manager_passwords_file": str(passwords),
            "fernet_key": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "execution_api_server_url": f"http://127.0.0.1:{port}/execution/",
        },
        "database": {"sql_alchemy_conn": database_url},
        "api": {
            "base_url": f"http://127.0.0.1:{port}",
            "workers": "1",
            "secret_key": secrets.token_hex(16),
        },
        "api_auth": {"jwt_secret": secrets.token_hex(16)},
        "logging": {"base_log_folder": str(home / "logs")},
        # On a busy machine, heartbeats are late without anything being wrong.
        "scheduler": {
            "task_instance_heartbeat_timeout": "900",
            "scheduler_health_check_threshold": "120",
            # More than a hundred tasks follow each other here.
            "scheduler_idle_sleep_time": "0.2",
        },
        "dag_processor": {"dag_file_processor_timeout": "240", "min_file_process_interval": "600"},
        "triggerer": {"triggerer_health_check_threshold": "120"},
        "metrics": {"legacy_names_on": "False"},
        "credit": {"report_url": f"http://127.0.0.1:{port}/credit-reports"},
    }
    named = {
        f"AIRFLOW__{section}__{name}".upper(): value
        for section, settings in sections.items()
        for name, value in settings.items()
    }
    path = os.pathsep.join((str(PROGRAMS), os.environ.get("PATH", "")))
    return {"AIRFLOW_HOME": str(home), "PATH": path, "NO_COLOR": "1", **named}


def _run(*arguments: str, environment: Mapping[str, str], log: Path) -> None:
    with log.open("wb") as output:
        finished = subprocess.run(
            [str(PROGRAMS / "airflow"), *arguments],
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=600,
        )
    assert finished.returncode == 0, f"airflow {' '.join(arguments)} failed: {log.read_text()[-3000:]}"
