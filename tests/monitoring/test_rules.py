"""promtool accepts the generated files, every query of the dashboards, and every recorded case, in each version."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from monitoring.description.dashboards import DASHBOARDS, KUBERNETES_DASHBOARDS
from scripts.monitoring.files import MONITORING
from tests.monitoring.programs import Programs


def promtool(programs: Programs, *arguments: str) -> None:
    """Run it; a failure shows what it printed."""
    done = subprocess.run([programs.promtool, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{programs.versions}: {done.stdout[-4000:]}{done.stderr[-4000:]}"


def test_the_configuration_and_its_rules_are_valid(programs: Programs) -> None:
    promtool(programs, "check", "config", str(MONITORING / "prometheus.yml"))
    rules = [str(MONITORING / name) for name in ("alerts.yml", "recording_rules.yml")]
    promtool(programs, "check", "rules", "--lint=all", "--lint-fatal", *rules)


def test_every_query_of_the_dashboards_is_valid(programs: Programs, tmp_path: Path) -> None:
    rules = [
        {"record": f"query:{index}", "expr": expression.replace("$__rate_interval", "5m").replace("$__range", "1h")}
        for index, expression in enumerate(
            query.expression
            for board in (*DASHBOARDS, *KUBERNETES_DASHBOARDS)
            for row in board.rows
            for panel in row.panels
            for query in panel.queries
        )
    ]
    assert len(rules) > 50
    path = tmp_path / "queries.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboards", "rules": rules}]}))
    promtool(programs, "check", "rules", "--lint=none", str(path))


def test_every_alert_fires_stays_silent_and_resolves_as_recorded(programs: Programs) -> None:
    promtool(programs, "test", "rules", str(MONITORING / "alerts_test.yml"))


def test_a_rule_that_no_longer_fires_is_noticed(programs: Programs, tmp_path: Path) -> None:
    for name in ("alerts.yml", "alerts_test.yml", "recording_rules.yml"):
        shutil.copy(MONITORING / name, tmp_path)
    cases = yaml.safe_load((tmp_path / "alerts_test.yml").read_text())
    cases["tests"] = [case for case in cases["tests"] if case["name"].startswith("CreditDriftHigh")]
    (tmp_path / "alerts_test.yml").write_text(yaml.safe_dump(cases))
    rules = (tmp_path / "alerts.yml").read_text()
    (tmp_path / "alerts.yml").write_text(rules.replace("> 0.5\n", "> 0.9\n"))
    with pytest.raises(AssertionError, match="FAILED"):
        promtool(programs, "test", "rules", str(tmp_path / "alerts_test.yml"))
