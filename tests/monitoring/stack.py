"""The monitored platform as processes on loopback: service, databases, exporters, Prometheus, Alertmanager, sinks."""

import os
import random
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
from sqlalchemy import make_url

from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.application_request import EXAMPLE
from credit_scoring.governance.drift_history import DriftSummary, Status, opened_history
from credit_scoring.model_registry.connection import RegistryConnection
from monitoring.description.addresses import Email
from monitoring.description.durations import Durations
from monitoring.description.routes import Channels
from monitoring.description.scrapes import Probe, Targets
from scripts.monitoring.files import Installation, write_monitoring
from tests.monitoring.ending_certificate import EndingCertificate, serving_an_ending_certificate
from tests.monitoring.programs import Programs
from tests.monitoring.sinks import Sinks
from tests.monitoring.slow_link import SlowLink, slow_link
from tests.support.installations import trained_installation
from tests.support.servers.postgresql import PostgresqlServer, postgresql_server
from tests.support.servers.processes import free_port, running
from tests.support.servers.proxy import running_proxy

SPEED = 100.0
"""An hour takes 36 seconds."""
REQUESTS_PER_SECOND = 20
SLOW_LINK_SECONDS = 0.15
"""Delay of each statement with which a decision takes about two seconds: slow, but answers come all the time."""


@dataclass
class Stack:
    """Everything that runs.

    Attributes:
        prometheus: its URL.
        server: PostgreSQL, which holds ledger and online rows.
        link: what the service reaches it through.
        certificate: of an address that is probed; it ends in an hour.
        folder: configuration and logs.
    """

    settings: Settings
    prometheus: str
    server: PostgresqlServer
    link: SlowLink
    certificate: EndingCertificate
    sinks: Sinks
    folder: Path
    service_port: int
    _service: ExitStack = field(default_factory=ExitStack)

    def start_service(self) -> None:
        """Start the prediction service on its port."""
        self._service.enter_context(_service(self))

    def stop_service(self) -> None:
        """End it."""
        self._service.close()

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Result of an instant query."""
        answer = httpx.get(f"{self.prometheus}/api/v1/query", params={"query": expression}, timeout=10)
        assert answer.is_success, answer.text
        result: list[dict[str, Any]] = answer.json()["data"]["result"]
        return result

    def wait_for(self, expression: str, seconds: float = 60) -> list[dict[str, Any]]:
        """Wait until a query has a result."""
        deadline = time.monotonic() + seconds
        while not (found := self.query(expression)):
            assert time.monotonic() < deadline, f"no result after {seconds} s: {expression}"
            time.sleep(0.2)
        return found

    def import_drift(self, score: float) -> None:
        """Record a result on decisions, as `credit-scoring drift` does."""
        now = datetime.now(UTC)
        names = ("ext_source_mean", "app_amt_credit", "app_days_birth", "bureau_count", "previous_refused_share")
        summary = DriftSummary(
            baseline="model version 1",
            current="ledger",
            kind="ledger",
            since=now - timedelta(days=7),
            until=now,
            run_at=now,
            model_version=1,
            decisions=2_000,
            status=Status.ALARM if score > 0.5 else Status.STABLE,
            is_alarming=score > 0.5,
            alerted_since=None,
            score=score,
            features={name: score / (1 + position) for position, name in enumerate(names)},
            prediction_index=score / 4,
            target_drift=None,
            estimated_cost=0.41,
            measured_cost=None,
            estimated_auc=0.76,
            measured_auc=None,
        )
        with opened_history(self.settings) as history:
            history.record(summary)


@contextmanager
def running_stack(programs: Programs, folder: Path) -> Iterator[Stack]:
    """Start everything; it is ended with the block."""
    template = folder / "template"
    RegistryConnection(Settings(data_directory=template), may_create=True)
    trained = trained_installation(folder / "data", template)
    with ExitStack() as opened:
        server = opened.enter_context(postgresql_server())
        address = make_url(server.url)
        assert address.port is not None
        link = opened.enter_context(slow_link(address.port))
        sinks = Sinks()
        mail, webhook = opened.enter_context(sinks.listening())
        ports = {name: free_port() for name in ("api", "node", "postgres", "blackbox", "prometheus", "alertmanager")}
        hosts = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        proxy = opened.enter_context(running_proxy([f"http://{hosts['api']}"]))
        certificate = opened.enter_context(serving_an_ending_certificate(folder))
        probes = (Probe("service", f"{proxy.url}/health", "service"), Probe("certificate", certificate.url))
        configuration = folder / "monitoring"
        write_monitoring(configuration, _installation(hosts, probes, mail, webhook))
        stack = Stack(trained, f"http://{hosts['prometheus']}", server, link, certificate, sinks, folder, ports["api"])
        stack.import_drift(0.6)
        (folder / "data" / "metrics").chmod(0o755)
        for command, ready, name, variables in _commands(programs, stack, hosts, configuration):
            opened.enter_context(running(command, ready, folder / f"{name}.log", variables))
        opened.callback(stack.stop_service)
        stack.start_service()
        opened.enter_context(_callers(f"http://{hosts['api']}"))
        yield stack


def _installation(hosts: Mapping[str, str], probes: tuple[Probe, ...], mail: str, webhook: str) -> Installation:
    targets = Targets(
        api_replicas=(hosts["api"],),
        prometheus=hosts["prometheus"],
        alertmanager=hosts["alertmanager"],
        node=hosts["node"],
        postgres=hosts["postgres"],
        cadvisor="",
        victoria_logs="",
        log_collector="",
        grafana="",
        blackbox=hosts["blackbox"],
        probes=probes,
    )
    channels = Channels(
        email=Email(server=mail, user=""),
        slack=False,
        pagerduty=False,
        watchdog_url=webhook,
        webhook_url=webhook,
        office_hours_only=False,
    )
    return Installation(Durations(SPEED), targets, channels, environment="test")


def _commands(
    programs: Programs, stack: Stack, hosts: Mapping[str, str], configuration: Path
) -> Iterator[tuple[list[str], str, str, dict[str, str]]]:
    """Command, address that answers once it is ready, name and variables of every process but the service."""
    folder = stack.folder

    def listening(name: str) -> str:
        return f"--web.listen-address={hosts[name]}"

    address = make_url(stack.server.url).set(drivername="postgresql").update_query_dict({"sslmode": "disable"})
    source = {"DATA_SOURCE_NAME": address.render_as_string(hide_password=False)}
    textfiles = f"--collector.textfile.directory={folder / 'data' / 'metrics'}"
    yield ["prometheus-node-exporter", listening("node"), textfiles], f"http://{hosts['node']}", "node", {}
    yield ["prometheus-postgres-exporter", listening("postgres")], f"http://{hosts['postgres']}", "postgres", source
    blackbox = f"--config.file={configuration / 'blackbox.yml'}"
    yield [
        "prometheus-blackbox-exporter",
        listening("blackbox"),
        blackbox,
    ], f"http://{hosts['blackbox']}", "blackbox", {}
    yield (
        [
            programs.alertmanager,
            listening("alertmanager"),
            f"--config.file={configuration / 'alertmanager.yml'}",
            f"--storage.path={folder / 'alertmanager'}",
            "--cluster.listen-address=",
        ],
        f"http://{hosts['alertmanager']}/-/ready",
        "alertmanager",
        {},
    )
    yield (
        [
            programs.prometheus,
            listening("prometheus"),
            f"--config.file={configuration / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
            # What was sent before Alertmanager was discovered is sent again soon, not after a minute.
            "--rules.alert.resend-delay=1s",
        ],
        f"http://{hosts['prometheus']}/-/ready",
        "prometheus",
        {},
    )


def _service(stack: Stack) -> AbstractContextManager[Any]:
    database = make_url(stack.server.url).set(port=stack.link.port).render_as_string(hide_password=False)
    variables = {
        "CREDIT_ENVIRONMENT": "dev",
        "CREDIT_DATA_DIRECTORY": str(stack.settings.data_directory),
        "CREDIT_API_PORT": str(stack.service_port),
        "CREDIT_API_REQUEST_TIMEOUT_SECONDS": "40",
        "CREDIT_API_REQUESTS_PER_SECOND": "1000",
        "CREDIT_LEDGER_URL": database,
        "CREDIT_LEDGER_TIMEOUT_SECONDS": "10",
        "CREDIT_LOG_FORMAT": "json",
    }
    command = [sys.executable, "-m", "credit_scoring", "serve"]
    log = stack.folder / f"service-{time.monotonic_ns()}.log"
    return running(command, f"http://127.0.0.1:{stack.service_port}/health/live", log, {**os.environ, **variables})


@contextmanager
def _callers(url: str) -> Iterator[None]:
    """Request decisions at a steady rate, some with an idempotency key, until the block ends."""
    stop = Event()
    threads = [Thread(target=_call, args=(url, number, stop)) for number in range(REQUESTS_PER_SECOND)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _call(url: str, number: int, stop: Event) -> None:
    random_numbers = random.Random(number)
    with httpx.Client(base_url=url, timeout=30) as client:
        while not stop.wait(1.0):
            application = {
                **EXAMPLE,
                "SK_ID_CURR": random_numbers.randint(1, 250),
                "AMT_CREDIT": random_numbers.choice([90_000, 300_000, 900_000]),
            }
            key = {"Idempotency-Key": str(random_numbers.random())} if number % 4 == 0 else {}
            try:
                client.post("/predict", json=application, headers=key)
            except httpx.TransportError:
                continue
