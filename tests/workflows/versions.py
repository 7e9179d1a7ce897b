"""Two versions of the prediction service behind a real Traefik, as far as a canary's judge sees them: their metrics."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from tests.support.servers.processes import free_port, running
from tests.workflows.runs import TOOLS

LATENCY_BUCKETS = (0.05, 0.1, 0.2, 0.5, 1.0)
CALLS_PER_SECOND = 100


@dataclass
class Version:
    """A version with its faults.

    Attributes:
        error_share: of its answers that are a 500.
        seconds: that it says a decision took.
        refused_share: of its decisions.
        spooled: decisions that wait for the ledger's database.
    """

    error_share: float = 0.0
    seconds: float = 0.02
    refused_share: float = 0.25
    spooled: int = 0
    port: int = 0
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        self._counting, self._calls, self._decided = Lock(), 0, 0
        labels = ["method", "path", "status"]
        self._requests = Counter("credit_requests_total", "Requests.", labels, registry=self.registry)
        self._duration = Histogram(
            "credit_request_duration_seconds", "Time.", ["path"], buckets=LATENCY_BUCKETS, registry=self.registry
        )
        self._decisions = Counter(
            "credit_predictions_total", "Decisions.", ["decision", "model_version"], registry=self.registry
        )
        Gauge("credit_ledger_spooled_decisions", "Spooled.", registry=self.registry).set_function(lambda: self.spooled)

    @property
    def answered(self) -> float:
        """Requests so far."""
        return sum(
            sample.value
            for metric in self._requests.collect()
            for sample in metric.samples
            if sample.name.endswith("_total")
        )

    def decide(self) -> int:
        """Count one request; returns its status.

        Shares hold in any few seconds: with chance, the few decisions of a test's window would differ between two equal
        versions by more than the criterion allows.
        """
        with self._counting:
            self._calls += 1
            status = 500 if is_due(self._calls, self.error_share) else 200
            self._decided += status == 200
            refused = status == 200 and is_due(self._decided, self.refused_share)
        self._requests.labels("POST", "/predict", str(status)).inc()
        self._duration.labels("/predict").observe(self.seconds)
        if status == 200:
            self._decisions.labels("refused" if refused else "accepted", "1").inc()
        return status


def is_due(number: int, share: float) -> bool:
    """Whether the event with this number is one of the share, evenly spread."""
    return int(number * share) > int((number - 1) * share)


@contextmanager
def serving(version: Version) -> Iterator[Version]:
    """Answer requests on loopback."""

    class Handler(BaseHTTPRequestHandler):
        # Connections stay open: opening them is most of the work of these requests.
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            metrics = self.path == "/metrics"
            body = generate_latest(version.registry) if metrics else b"{}"
            self.send_response(200 if metrics else version.decide())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    version.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield version
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Split:
    """Traefik in front of two versions, and Prometheus that scrapes both.

    Attributes:
        prometheus: its URL.
    """

    stable: Version
    candidate: Version
    routes: Path
    url: str
    prometheus: str

    def set_weight(self, percent: int) -> None:
        """Give the candidate this share of the requests."""
        write_routes(self.routes, self.stable.port, self.candidate.port, percent)


def write_routes(path: Path, stable: int, candidate: int, percent: int) -> None:
    """Traefik's file: two services, weighted; it watches the folder."""
    servers = {
        name: {"loadBalancer": {"servers": [{"url": f"http://127.0.0.1:{port}"}]}}
        for name, port in (("stable", stable), ("candidate", candidate))
    }
    weighted = [{"name": "stable", "weight": 100 - percent}, {"name": "candidate", "weight": percent}]
    services = {**servers, "split": {"weighted": {"services": weighted}}}
    routers = {"all": {"rule": "PathPrefix(`/`)", "service": "split", "entryPoints": ["web"]}}
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps({"http": {"routers": routers, "services": services}}))
    partial.replace(path)


@contextmanager
def split_traffic(candidate: Version, folder: Path) -> Iterator[Split]:
    """Both versions behind Traefik under load, with a Prometheus that has seen them."""
    with ExitStack() as started:
        stable = started.enter_context(serving(Version()))
        started.enter_context(serving(candidate))
        routes = folder / "routes"
        routes.mkdir()
        write_routes(routes / "canary.yaml", stable.port, candidate.port, 0)
        port, prometheus_port = free_port(), free_port()
        traefik = [
            str(TOOLS / "traefik"),
            f"--entrypoints.web.address=127.0.0.1:{port}",
            f"--providers.file.directory={routes}",
        ]
        traefik += [
            "--providers.file.watch=true",
            "--providers.providersThrottleDuration=100ms",
            "--global.checknewversion=false",
            "--global.sendanonymoususage=false",
        ]
        url = f"http://127.0.0.1:{port}"
        started.enter_context(running(traefik, f"tcp://127.0.0.1:{port}", folder / "traefik.log"))
        targets = "".join(
            f"      - {{targets: ['127.0.0.1:{one.port}'], labels: {{version: {name}}}}}\n"
            for name, one in (("stable", stable), ("candidate", candidate))
        )
        (folder / "prometheus.yml").write_text(
            "global: {scrape_interval: 500ms}\nscrape_configs:\n  - job_name: credit-api\n    static_configs:\n"
            + targets
        )
        server = f"http://127.0.0.1:{prometheus_port}"
        command = ["prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"]
        command += [f"--web.listen-address=127.0.0.1:{prometheus_port}"]
        started.enter_context(running(command, f"{server}/-/ready", folder / "prometheus.log"))
        started.enter_context(callers(url))
        yield Split(stable, candidate, routes / "canary.yaml", url, server)


@contextmanager
def callers(url: str) -> Iterator[None]:
    """Call at a constant rate until the block ends."""
    ended = Event()

    def call() -> None:
        connection = HTTPConnection(urlsplit(url).netloc, timeout=5)
        while not ended.wait(4 / CALLS_PER_SECOND):
            try:
                connection.request("GET", "/predict")
                connection.getresponse().read()
            except (HTTPException, OSError):
                # The next request opens it again.
                connection.close()
        connection.close()

    threads = [Thread(target=call, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
