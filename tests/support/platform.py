"""The platform of Compose as a project of its own, for tests."""

import json
import re
import secrets
import ssl
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from tests.support.containers import ROOT, inspected, output_of

APPLICATION = {
    "SK_ID_CURR": 900_000_001,
    "NAME_CONTRACT_TYPE": "Cash loans",
    "AMT_INCOME_TOTAL": 135_000,
    "AMT_CREDIT": 568_800,
    "DAYS_BIRTH": -14_000,
}


class Platform:
    """A Compose project with its own name, volumes, ports and secrets.

    Args:
        folder: where its secrets are.

    Attributes:
        addresses: address of each service on this machine, as the last start printed it.
    """

    def __init__(self, folder: Path) -> None:
        self.name = f"credit-test-{secrets.token_hex(4)}"
        self.secrets = folder / "secrets"
        self.addresses: dict[str, str] = {}
        self._variables = {
            "COMPOSE_PROJECT_NAME": self.name,
            "SECRETS_DIRECTORY": str(self.secrets),
            "COMPOSE_FILES": "docker-compose.test.yml",
        }

    def up(self, *profiles: str) -> None:
        """Start everything that can be obtained, with monitoring and logs, and with further profiles."""
        printed = self.script("up.sh", "monitoring", "logs", *profiles)
        print(printed)
        self.addresses = dict(re.findall(r"^([\w-]+) +(https?://\S+)", printed, re.MULTILINE))

    def down(self, *options: str) -> None:
        """Stop everything."""
        self.compose("--profile", "*", "down", *options)

    def script(self, name: str, *arguments: str, timeout_seconds: float = 600) -> str:
        """Output of a script of scripts/containers."""
        return output_of(
            ROOT / "scripts" / "containers" / name,
            *arguments,
            timeout_seconds=timeout_seconds,
            variables=self._variables,
        )

    def compose(self, *arguments: str, timeout_seconds: float = 300) -> str:
        """Output of `docker compose` with the files and settings of the project."""
        return output_of(
            ROOT / "scripts" / "compose", *arguments, timeout_seconds=timeout_seconds, variables=self._variables
        )

    def command(self, *arguments: str, service: str = "migrate") -> str:
        """Output of a command of the program in a container of a service."""
        return self.compose("run", "--rm", "--no-deps", "-T", service, *arguments)

    def containers(self, service: str = "") -> list[str]:
        """Running containers, of one service or of all."""
        return self.compose("ps", "--quiet", *([service] if service else [])).split()

    def created_key(self) -> str:
        """A new key that may decide and read, once the replicas know it."""
        created = self.command("keys", "create", "test", "--scope", "predict", "--scope", "read").strip()
        with self.client(created) as client:
            deadline = time.monotonic() + 30
            answered = 0
            # Each replica learns of new keys every five seconds.
            while answered < 10 and time.monotonic() < deadline:
                answered = answered + 1 if client.get("/model-info").status_code == 200 else 0
                time.sleep(0.1)
        return created

    def kill(self, container: str) -> None:
        """End the first process of a container with SIGKILL, as the kernel would: Docker then restarts it."""
        process = str(inspected("container", container)["State"]["Pid"])
        output_of(
            *("docker", "run", "--rm", "--pid", "host", "--cap-add", "KILL", "--user", "0:0", "--entrypoint", "sh"),
            *("credit-scoring-api:latest", "-c", f"kill -9 {process}"),
        )

    def wait(self, *services: str) -> None:
        """Wait until services are healthy again."""
        self.compose("up", "--detach", "--wait", "--no-recreate", *services)

    def client(self, key: str = "") -> httpx.Client:
        """A client of the proxy's TLS address."""
        port = self.compose("port", "proxy", "8443").strip().rpartition(":")[2]
        trusted = ssl.create_default_context(cafile=str(self.secrets / "proxy_certificate"))
        return httpx.Client(
            base_url=f"https://127.0.0.1:{port}", verify=trusted, headers={"X-API-Key": key}, timeout=15
        )

    def logs(self, lines: str = "all") -> str:
        """The last lines of each service, or all."""
        return self.compose("--profile", "*", "logs", "--no-color", "--tail", lines)

    def sql(self, statement: str, database: str = "credit") -> str:
        """What PostgreSQL answers to its superuser in a database."""
        return self.compose("exec", "-T", "postgres", "psql", "-U", "postgres", "-d", database, "-Atc", statement)

    def remove(self) -> None:
        """Remove every container, volume and network, whatever happened."""
        with suppress(AssertionError):
            self.down("--volumes", "--remove-orphans", "--timeout", "5")

    def leftovers(self) -> dict[str, list[str]]:
        """Containers, volumes and networks of the project."""
        label = f"label=com.docker.compose.project={self.name}"
        kinds: dict[str, list[str]] = {"ps": ["--all"], "volume": ["ls"], "network": ["ls"]}
        return {
            kind: output_of("docker", kind, *arguments, "--quiet", "--filter", label).split()
            for kind, arguments in kinds.items()
        }


def described(container: str) -> tuple[Any, str]:
    """What Docker shows of a container, and the environment and command lines of its processes."""
    inside = "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'"
    processes = output_of("docker", "exec", container, "sh", "-c", inside)
    return json.dumps(inspected("container", container)), processes
