"""Alerts, cases, metrics, documentation and dashboards fit together."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from credit_scoring.api.metrics import Metrics
from monitoring.description import limits
from monitoring.description.alert import Alert, Severity
from monitoring.description.alerts import all_alerts
from monitoring.description.cases import CASES
from monitoring.description.dashboards import DASHBOARDS, KUBERNETES_DASHBOARDS
from monitoring.description.durations import Durations
from monitoring.description.exporter_metrics import AIRFLOW_METRICS, EXPORTER_METRICS, STEP_METRICS
from monitoring.description.panel import Panel
from scripts.monitoring.files import MONITORING, Installation, write_monitoring
from scripts.monitoring.promql import selectors
from scripts.monitoring.rules import recording_rules
from tests.support.headings import anchors_of

DOCS = MONITORING.parent / "docs"
ALERTS = {alert.name: alert for group in all_alerts(Durations()).values() for alert in group}
RECORDED = {rule["record"]: rule["expr"] for group in recording_rules(Durations())["groups"] for rule in group["rules"]}
ALL_DASHBOARDS = (*DASHBOARDS, *KUBERNETES_DASHBOARDS)
PANELS = [(board.uid, panel) for board in ALL_DASHBOARDS for row in board.rows for panel in row.panels]
SPECIFIED = {
    "CreditApiDown": (Severity.CRITICAL, "5m"),
    "CreditApiErrorRateHigh": (Severity.CRITICAL, "5m"),
    "CreditDatabaseConnectionLost": (Severity.CRITICAL, ""),
    "CreditApiLatencyHigh": (Severity.WARNING, "10m"),
    "CpuHigh": (Severity.WARNING, "15m"),
    "CreditDriftHigh": (Severity.WARNING, "1h"),
    "DiskAlmostFull": (Severity.WARNING, ""),
}


def expressions() -> Iterator[tuple[str, str]]:
    """Every expression, with where it is used."""
    yield from ((alert.name, alert.expression) for alert in ALERTS.values())
    yield from RECORDED.items()
    yield from ((f"{uid}: {panel.title}", query.expression) for uid, panel in PANELS for query in panel.queries)


def service_series() -> set[str]:
    """Names of all series of the service, those of histograms included."""
    names: set[str] = set()
    for family in Metrics().registry.collect():
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
        names |= {f"{family.name}{suffix}" for suffix in suffixes}
    return names


@pytest.mark.parametrize(("used_by", "expression"), list(expressions()))
def test_every_metric_that_is_used_exists(used_by: str, expression: str) -> None:
    of_exporters = {name for names in EXPORTER_METRICS.values() for name in names}
    known = service_series() | set(RECORDED) | set(STEP_METRICS) | set(AIRFLOW_METRICS) | of_exporters
    assert {selector.metric for selector in selectors(expression)} <= known, used_by


def test_the_alerts_of_the_specification_have_its_severities_and_durations() -> None:
    alerts = all_alerts(Durations())["specification"]
    assert {alert.name: (alert.severity, alert.pending) for alert in alerts} == SPECIFIED


@pytest.mark.parametrize("alert", ALERTS.values(), ids=ALERTS)
def test_an_alert_names_its_value_and_leads_to_its_section_and_dashboard(alert: Alert) -> None:
    assert "$value" in alert.description
    assert alert.name.lower() in anchors_of(DOCS / "MONITORING.md")
    assert alert.dashboard in {board.uid for board in ALL_DASHBOARDS}


@pytest.mark.parametrize("alert", [name for name in ALERTS if name != "Watchdog"])
def test_an_alert_is_tested_firing_silent_and_resolving(alert: str) -> None:
    cases = [case for case in CASES if case.alert == alert]
    assert any(case.fires_at for case in cases)
    assert any(not case.fires_at for case in cases)
    assert any(case.resolves for case in cases)


def test_every_case_is_about_an_alert() -> None:
    assert {case.alert for case in CASES} == set(ALERTS)


@pytest.mark.parametrize("panel", [panel for _, panel in PANELS if panel.alert], ids=lambda panel: str(panel.title))
def test_a_panel_shows_the_limit_of_its_alert(panel: Panel) -> None:
    alert = ALERTS[panel.alert]
    if panel.limit is not None:
        limits = [float(number) for number in re.findall(r"(?:>|<|==) (?:bool )?(\d[\d.e+]*)", alert.expression)]
        # A panel of what is accepted, ready or reached shows the complement of an alert on what is not.
        assert panel.limit in [*limits, *(1 - limit for limit in limits)], (panel.title, limits)


def test_the_expected_replicas_are_those_that_compose_starts() -> None:
    services = yaml.safe_load((MONITORING.parent / "docker-compose.yml").read_text())["services"]
    assert services["api"]["deploy"]["replicas"] == limits.REPLICAS


def test_a_faster_installation_has_the_same_rules_with_shorter_durations(tmp_path: Path) -> None:
    write_monitoring(tmp_path / "fast", Installation(Durations(100)))
    fast = yaml.safe_load((tmp_path / "fast" / "alerts.yml").read_text())
    alerts = {rule["alert"]: rule for group in fast["groups"] for rule in group["rules"]}
    assert set(alerts) == set(ALERTS)
    assert alerts["CreditDriftHigh"]["for"] == "36s"
    assert alerts["CreditApiErrorRateHigh"]["for"] == "3s"
    assert "[4s]" in alerts["CreditApiErrorRateHigh"]["expr"], "a window holds at least four scrapes"


def test_durations_are_written_in_the_largest_unit_that_fits() -> None:
    real, fast = Durations(), Durations(7)
    assert [real.of(minutes=5), real.of(hours=1), real.of(days=8), real.of(seconds=90)] == ["5m", "1h", "8d", "90s"]
    assert fast.of(minutes=1) == "8571ms"
    assert real.scrape == "15s" and Durations(100).scrape == "1s"
