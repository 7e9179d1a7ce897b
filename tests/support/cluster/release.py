"""A release of the chart in a namespace of its own, through kubectl and helm."""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from scripts.kubernetes.programs import ROOT, program
from tests.support.cluster.load import Load

Object = dict[str, Any]
CHART = ROOT / "helm"
VALUES = ROOT / "tests" / "cluster" / "values.yaml"
HOST = "credit.localhost"
CLIENTS = 600
INSTALLATION_SECONDS = 1200
ROLLOUT_SECONDS = 300


class Release:
    """One release, and what a test does with it.

    Args:
        namespace: is created, with the Pod Security level `restricted`, and removed in the end.
        host: of its Ingress.

    Attributes:
        tag, next_tag: of the images, and of another image of the service with the same program.
    """

    name = "credit-scoring"

    def __init__(self, namespace: str, host: str = HOST) -> None:
        self.namespace, self.host = namespace, host
        self.tag = os.environ.get("IMAGE_TAG", "cluster")
        self.next_tag = os.environ.get("NEXT_IMAGE_TAG", "cluster-next")
        address = urlsplit(os.environ.get("CLUSTER_INGRESS", "http://127.0.0.1:8080"))
        assert address.hostname is not None and address.port is not None
        self.ingress_host, self.ingress_port = address.hostname, address.port
        self._key = ""

    def create_namespace(self) -> None:
        """As docs/KUBERNETES.md describes it."""
        self.cluster("create", "namespace", self.namespace)
        self.cluster("label", "namespace", self.namespace, "pod-security.kubernetes.io/enforce=restricted")

    def remove(self) -> None:
        """Delete the namespace with its claims."""
        with suppress(AssertionError):
            self.cluster("delete", "namespace", self.namespace, "--timeout", "120s", timeout_seconds=150)

    def install(self, *settings: str, chart: Path = CHART) -> None:
        """Install and wait until all pods are ready."""
        self.helm("install", self.name, str(chart), *self._options(settings), timeout_seconds=INSTALLATION_SECONDS)

    def upgrade(self, *settings: str, chart: Path = CHART, options: Sequence[str] = ()) -> None:
        """Upgrade to values, which are those of the installation where they are not named, and wait."""
        arguments = [*self._options(settings), *options]
        self.helm("upgrade", self.name, str(chart), *arguments, timeout_seconds=INSTALLATION_SECONDS)

    def _options(self, settings: Sequence[str]) -> list[str]:
        options = ["--values", str(CHART / "values-dev.yaml"), "--values", str(VALUES), "--wait"]
        for setting in (f"image.tag={self.tag}", *settings):
            options += ["--set", setting]
        return [*options, "--timeout", f"{INSTALLATION_SECONDS}s"]

    def revision(self) -> int:
        """Number of the newest revision."""
        return int(json.loads(self.helm("history", self.name, "--output", "json", "--max", "1"))[-1]["revision"])

    # Programs

    def cluster(self, *arguments: str, timeout_seconds: float = 120, given: str | None = None) -> str:
        """Output of kubectl."""
        return _output("kubectl", *arguments, timeout_seconds=timeout_seconds, given=given)

    def kubectl(self, *arguments: str, timeout_seconds: float = 120, given: str | None = None) -> str:
        """Output of kubectl in the namespace."""
        return self.cluster("--namespace", self.namespace, *arguments, timeout_seconds=timeout_seconds, given=given)

    def helm(self, *arguments: str, timeout_seconds: float = 120) -> str:
        """Output of helm in the namespace."""
        return _output("helm", "--namespace", self.namespace, *arguments, timeout_seconds=timeout_seconds)

    def apply(self, *objects: Object) -> None:
        """Apply objects, as Helm would: what kubectl owns, the next `helm upgrade` would refuse to change."""
        content = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
        self.kubectl("apply", "--server-side", "--field-manager", "helm", "--filename", "-", given=content)

    def program(self, *arguments: str, environment: Sequence[str] = ()) -> str:
        """Output of `credit-scoring` in a replica of the service."""
        command = ["env", *environment, "credit-scoring", *arguments]
        return self.kubectl("exec", f"deployment/{self.name}-api", "--container", "api", "--", *command)

    def sql(self, statement: str, database: str = "credit") -> str:
        """What PostgreSQL answers to its superuser."""
        return self._psql(statement, database, "postgres", "$(cat /run/secrets/postgres_password)").strip()

    def login_works(self, role: str, password: str) -> bool:
        """Whether PostgreSQL accepts the password of a role that is the owner of a database of its name."""
        try:
            return self._psql("SELECT 1", role, role, password).strip() == "1"
        except AssertionError as error:
            assert "password authentication failed" in str(error)
            return False

    def _psql(self, statement: str, database: str, role: str, password: str) -> str:
        login = [
            "psql",
            "--host",
            "127.0.0.1",
            "--username",
            role,
            "--dbname",
            database,
            "--no-psqlrc",
            "-Atc",
            statement,
        ]
        script = f'export PGPASSWORD="{password}"; exec "$@"'
        return self.kubectl("exec", f"{self.name}-postgres-0", "--", "bash", "-c", script, "sql", *login)

    def draining(self, node: str, selector: str) -> "subprocess.Popen[bytes]":
        """A running `kubectl drain` of a node, of these pods alone."""
        return subprocess.Popen(
            [
                *(program("kubectl"), "drain", node, "--ignore-daemonsets", "--delete-emptydir-data"),
                *("--pod-selector", selector, "--timeout", f"{ROLLOUT_SECONDS}s"),
            ]
        )

    # Objects

    def object(self, kind: str, name: str) -> Object:
        """One object of the release, by its name without that of the release."""
        found: Object = json.loads(self.kubectl("get", kind, f"{self.name}-{name}", "--output", "json"))
        return found

    def pods(self, component: str) -> list[Object]:
        """Pods of a component that are not being deleted."""
        selector = f"app.kubernetes.io/instance={self.name},app.kubernetes.io/component={component}"
        found: list[Object] = json.loads(self.kubectl("get", "pods", "--selector", selector, "--output", "json"))[
            "items"
        ]
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def wait_until_ready(self, *components: str) -> None:
        """Wait for the rollout of Deployments, and of `postgres`."""
        for component in components:
            kind = "statefulset" if component == "postgres" else "deployment"
            self.kubectl(
                *("rollout", "status", f"{kind}/{self.name}-{component}", "--timeout", f"{ROLLOUT_SECONDS}s"),
                timeout_seconds=ROLLOUT_SECONDS + 30,
            )

    # The service

    @property
    def address(self) -> str:
        """Of the Ingress controller, where `publish_by_address` made the service answer under any host name."""
        return f"http://{self.ingress_host}:{self.ingress_port}"

    def publish_by_address(self) -> None:
        """Publish the service for callers on this machine, which cannot resolve the host name of the Ingress."""
        ingress = self.object("ingress", "api")
        (rule,) = ingress["spec"]["rules"]
        metadata = {"name": f"{self.name}-by-address"}
        self.apply(
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "Ingress",
                "metadata": metadata,
                "spec": {"rules": [{"http": rule["http"]}]},
            }
        )

    @property
    def key(self) -> str:
        """An API key for predictions and reading, once all replicas know it."""
        if not self._key:
            self._key = self.program("keys", "create", "test", "--scope", "predict", "--scope", "read").strip()
            with self.client() as client:
                deadline, answered = time.monotonic() + 60, 0
                while answered < 10 and time.monotonic() < deadline:
                    answered = answered + 1 if client.get("/model-info").status_code == 200 else 0
                    time.sleep(0.5)
            assert answered == 10, "The replicas do not accept the new key."
        return self._key

    def model_version(self, pod: str) -> int:
        """The version that one replica serves, as itself answers."""
        request = (
            "import sys, urllib.request as http; "
            "request = http.Request('http://127.0.0.1:8000/model-info', headers={'X-API-Key': sys.argv[1]}); "
            "print(http.urlopen(request, timeout=10).read().decode())"
        )
        answer = self.kubectl("exec", pod, "--container", "api", "--", "python", "-c", request, self.key)
        return int(json.loads(answer)["model_version"])

    def client(self) -> httpx.Client:
        """A client of the Ingress."""
        return httpx.Client(base_url=self.address, headers={"Host": self.host, "X-API-Key": self._key}, timeout=15)

    def load(self, per_second: float) -> Load:
        """A load on the service through the Ingress."""
        headers = {"host": self.host, "x-api-key": self.key}
        return Load(self.ingress_host, self.ingress_port, headers, per_second, CLIENTS)


def new_name(purpose: str) -> str:
    """A namespace that does not exist yet."""
    return f"credit-test-{purpose}-{secrets.token_hex(3)}"


def _output(name: str, *arguments: str, timeout_seconds: float, given: str | None = None) -> str:
    done = subprocess.run(
        [program(name), *arguments],
        capture_output=True,
        text=True,
        input=given,
        timeout=timeout_seconds + 30,
        check=False,
    )
    assert done.returncode == 0, f"{name} {' '.join(arguments)}: {done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    return done.stdout
