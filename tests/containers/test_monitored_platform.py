"""Prometheus, Alertmanager and the exporters in the platform of Compose: what they see of it after its first start.

Runs before test_platform.py, which ends services of the same platform.
"""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.support.containers import inspected, output_of
from tests.support.platform import Platform
from tests.support.waiting import until

SERVICES = {"prometheus", "alertmanager", "node-exporter", "postgres-exporter", "blackbox-exporter", "mailpit"}
SERVICES |= {"victoria-logs"}
# Prometheus scrapes and evaluates every 15 seconds.
PATIENCE_SECONDS = 90
UNAVAILABLE_JOBS = {"grafana", "cadvisor"}
EXPECTED_ALERTS = {
    "Watchdog": "always fires",
    "CreditDriftRunStale": "the first start measures no drift",
}


class Prometheus:
    """The API of the platform's Prometheus."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=10)

    def get(self, path: str, **parameters: str) -> Any:
        """The data of an answer."""
        return self._client.get(path, params=parameters).raise_for_status().json()["data"]

    def samples(self, query: str) -> list[dict[str, Any]]:
        """The labels of each series that a query finds, and its value under `value`."""
        return [{**one["metric"], "value": float(one["value"][1])} for one in self.get("query", query=query)["result"]]

    def until(self, query: str, holds: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """What a query finds as soon as that is as expected."""
        found: list[dict[str, Any]] = []

        def as_expected() -> bool:
            found[:] = self.samples(query)
            return holds(found)

        until(as_expected, PATIENCE_SECONDS, lambda: f"{query}: {found}")
        return found


@pytest.fixture(scope="module")
def prometheus(platform: Platform) -> Prometheus:
    """The API of the platform's Prometheus."""
    return Prometheus(platform.addresses["prometheus"])


def test_every_service_is_healthy_and_its_address_is_printed(platform: Platform) -> None:
    states = [json.loads(line) for line in platform.compose("ps", "--format", "json").splitlines()]
    health = {one["Service"]: one["Health"] for one in states}
    assert {name: health.get(name) for name in SERVICES} == dict.fromkeys(SERVICES, "healthy")
    assert platform.addresses["API"].endswith("/docs")
    assert set(platform.addresses) == {
        "API",
        "mlflow",
        "prometheus",
        "alertmanager",
        "mailpit",
        "victoria-logs",
        "airflow-api-server",
    }
    for name in ("prometheus", "alertmanager"):
        assert httpx.get(f"{platform.addresses[name]}/-/healthy").status_code == 200
    for path in ("mailpit", "/readyz"), ("victoria-logs", "/health"), ("mlflow", "/health"):
        assert httpx.get(platform.addresses[path[0]] + path[1]).status_code == 200


def test_both_replicas_are_scraped(platform: Platform, prometheus: Prometheus) -> None:
    networks = [inspected("container", one)["NetworkSettings"]["Networks"] for one in platform.containers("api")]
    replicas = {network[f"{platform.name}_back"]["IPAddress"] + ":8000" for network in networks}
    assert len(replicas) == 2
    prometheus.until(
        'up{job="credit-api"}', lambda found: {one["instance"] for one in found if one["value"] == 1} == replicas
    )
    served = prometheus.until("credit_model_version", lambda found: len(found) == 2)
    assert {one["value"] for one in served} == {1}


def test_every_target_is_up_but_those_without_an_image_here(prometheus: Prometheus) -> None:
    prometheus.until("up == 0", lambda found: {one["job"] for one in found} == UNAVAILABLE_JOBS)
    jobs = {one["job"] for one in prometheus.samples("up == 1")}
    assert {"credit-api", "node", "postgres", "prometheus", "alertmanager", "probe"} <= jobs


def test_every_probe_succeeds(prometheus: Prometheus) -> None:
    probes = len(prometheus.samples('up{job="probe"}'))
    assert probes >= 2
    prometheus.until("probe_success == 1", lambda found: len(found) == probes)
    assert prometheus.samples("probe_ssl_earliest_cert_expiry - time() > 86400") != []


def test_postgresql_is_watched_by_a_role_that_can_only_read(platform: Platform, prometheus: Prometheus) -> None:
    prometheus.until("pg_up", lambda found: [one["value"] for one in found] == [1])
    prometheus.until("pg_stat_database_numbackends", lambda found: "credit" in {one["datname"] for one in found})
    users = platform.sql(
        "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'postgres' AND client_addr IS NOT NULL"
    )
    assert users.split() == ["credit_readonly"]


def test_the_steps_of_the_first_start_and_the_machine_are_measured(prometheus: Prometheus) -> None:
    steps = {"ingest", "validate", "features", "publish", "train"}
    found = prometheus.until(
        "time() - credit_step_last_success_timestamp_seconds", lambda found: steps <= {one["step"] for one in found}
    )
    assert all(0 <= one["value"] < 3600 for one in found)
    # Also before the first step had written anything.
    errors = prometheus.samples("max_over_time(node_textfile_scrape_error[1h])")
    assert [one["value"] for one in errors] == [0]
    assert prometheus.samples('node_filesystem_avail_bytes{mountpoint="/"}') != []
    assert prometheus.samples("node_memory_MemAvailable_bytes > 0") != []


def test_no_alert_is_pending_or_fires_without_a_reason(prometheus: Prometheus) -> None:
    def healths() -> set[str]:
        return {rule["health"] for group in prometheus.get("rules")["groups"] for rule in group["rules"]}

    until(lambda: healths() == {"ok"}, PATIENCE_SECONDS)
    # What was pending while the services started ends with the next evaluation.
    prometheus.until("ALERTS", lambda found: bool(found) and all(_expected(one) for one in found))


def _expected(alert: dict[str, Any]) -> bool:
    # The machine that runs the tests may be busy or full, and two targets have no image there.
    return (
        alert["alertname"] in EXPECTED_ALERTS
        or alert["component"] == "host"
        or (alert["alertname"] == "TargetDown" and alert["job"] in UNAVAILABLE_JOBS)
    )


def test_alerts_carry_the_environment_of_the_service_and_arrive_as_mails(platform: Platform) -> None:
    alertmanager = httpx.Client(base_url=f"{platform.addresses['alertmanager']}/api/v2", timeout=10)

    def watchdogs() -> list[dict[str, str]]:
        labels = [alert["labels"] for alert in alertmanager.get("/alerts").raise_for_status().json()]
        return [one for one in labels if one["alertname"] == "Watchdog"]

    until(lambda: len(watchdogs()) == 1, PATIENCE_SECONDS)
    assert watchdogs()[0]["environment"] == "staging"

    def subjects() -> list[str]:
        mails = httpx.get(f"{platform.addresses['mailpit']}/api/v1/messages").raise_for_status().json()["messages"]
        return [mail["Subject"] for mail in mails]

    # The first start itself alarms no one.
    assert [subject for subject in subjects() if "critical" in subject] == []
    labels = {"alertname": "Rehearsal", "severity": "critical", "component": "api", "environment": "staging"}
    alertmanager.post(
        "/alerts", json=[{"labels": labels, "annotations": {"summary": "A rehearsal"}}]
    ).raise_for_status()
    until(lambda: any("rehearsal" in subject.lower() for subject in subjects()), PATIENCE_SECONDS)


def test_every_log_line_carries_the_names_that_the_collector_filters_by(platform: Platform) -> None:
    for service in ("api", "postgres", "prometheus"):
        container = platform.containers(service)[0]
        # The files belong to root on this machine, which the test need not be.
        file = inspected("container", container)["LogPath"]
        line = json.loads(
            output_of(
                *("docker", "run", "--rm", "--network", "none", "--user", "0:0", "--volume", f"{file}:/log:ro"),
                *("--entrypoint", "tail", "credit-scoring-api:latest", "-n", "1", "/log"),
            )
        )
        assert line["attrs"] == {
            "com.docker.compose.project": platform.name,
            "com.docker.compose.service": service,
        }
