"""promtool accepts the generated files, every query of the dashboards, and every recorded case, in each version."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

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
    rules.append(str(MONITORING.parent / "helm" / "files" / "rules.yaml"))
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


def test_every_alert_fires_stays_silent_and_resolves_as_recorded(programs: Programs, tmp_path: Path) -> None:
    files = files_by_alert(tmp_path)
    assert len(files) > 50
    promtool(programs, "test", "rules", *map(str, files.values()))


def test_a_rule_that_no_longer_fires_is_noticed(programs: Programs, tmp_path: Path) -> None:
    cases = files_by_alert(tmp_path)["CreditDriftHigh"]
    rules = tmp_path / "CreditDriftHigh.yml"
    rules.write_text(rules.read_text().replace("> 0.5", "> 0.9"))
    with pytest.raises(AssertionError, match="FAILED"):
        promtool(programs, "test", "rules", str(cases))


def files_by_alert(folder: Path) -> dict[str, Path]:
    """The cases of each alert in a file of its own, with the rules of that alert alone.

    promtool evaluates every rule of a file in every minute of every case: all at once take it minutes.
    """
    shutil.copy(MONITORING / "recording_rules.yml", folder)
    cases = yaml.safe_load((MONITORING / "alerts_test.yml").read_text())
    rules = rules_by_alert()
    files = {}
    for alert in dict.fromkeys(case["name"].split()[0] for case in cases["tests"]):
        (folder / f"{alert}.yml").write_text(yaml.safe_dump({"groups": [{"name": alert, "rules": rules[alert]}]}))
        recorded = ["recording_rules.yml"] if "slo:" in str(rules[alert]) else []
        own = [case for case in cases["tests"] if case["name"].split()[0] == alert]
        files[alert] = folder / f"{alert}_test.yml"
        files[alert].write_text(yaml.safe_dump({**cases, "rule_files": [*recorded, f"{alert}.yml"], "tests": own}))
    return files


def rules_by_alert() -> dict[str, list[Any]]:
    """The rules of each alert; one alert may have several, of different severities."""
    rules: dict[str, list[Any]] = {}
    for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]:
        for rule in group["rules"]:
            rules.setdefault(rule["alert"], []).append(rule)
    return rules
