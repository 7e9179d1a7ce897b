"""helm/files: what the chart takes from other folders, because Helm reads nothing outside its own."""

import json
import shutil
from pathlib import Path
from typing import Any, Final

import yaml

from monitoring.description import limits
from monitoring.description.addresses import Links
from monitoring.description.dashboards import DASHBOARDS, KUBERNETES_DASHBOARDS
from monitoring.description.durations import Durations
from monitoring.description.platforms import KUBERNETES, NAMESPACE
from scripts.delivery.rollouts import canary_yaml
from scripts.monitoring.files import WithoutAliases
from scripts.monitoring.grafana import dashboard_json
from scripts.monitoring.rules import alert_rules, recording_rules

ROOT: Final = Path(__file__).parents[2]
FILES: Final = ROOT / "helm" / "files"
_POSTGRES_SCRIPTS: Final = ("start.sh", "create_databases.sh", "backup.sh")
_STEP_OF_CRONJOB: Final = {
    "etl": "features",
    "materialise": "publish",
    "training": "train",
    "drift": "drift",
    "backup": "backup",
}


def write_chart_files(folder: Path = FILES) -> None:
    """Write scripts of PostgreSQL, rules, dashboards and the canary's judgement into a folder."""
    dashboards = folder / "dashboards"
    shutil.rmtree(folder, ignore_errors=True)
    dashboards.mkdir(parents=True)
    for name in _POSTGRES_SCRIPTS:
        shutil.copyfile(ROOT / "docker" / "postgres" / name, folder / name)
    (folder / "canary.yaml").write_text(canary_yaml(), encoding="utf-8")
    (folder / "rules.yaml").write_text(_for_kubernetes(_yaml(rules())), encoding="utf-8")
    for dashboard in (*DASHBOARDS, *KUBERNETES_DASHBOARDS):
        text = json.dumps(dashboard_json(dashboard, Links()), ensure_ascii=False)
        (dashboards / f"{dashboard.uid}.json").write_text(_for_kubernetes(text) + "\n", encoding="utf-8")


def rules() -> dict[str, Any]:
    """Content of the PrometheusRule."""
    durations = Durations()
    steps = {"name": "credit-steps", "rules": [_last_success(*pair) for pair in _STEP_OF_CRONJOB.items()]}
    recorded, alerts = recording_rules(durations), alert_rules(durations, Links(), KUBERNETES)
    return {"groups": [*recorded["groups"], steps, *alerts["groups"]]}


def _last_success(cronjob: str, step: str) -> dict[str, Any]:
    """The series that alerts on batch steps read, from what Kubernetes knows: no exporter reads the data volume."""
    known = f'job="kube-state-metrics", {NAMESPACE}, cronjob=~".*-{cronjob}"'
    return {
        "record": "credit_step_last_success_timestamp_seconds",
        "expr": f"max (kube_cronjob_status_last_successful_time{{{known}}})",
        "labels": {"step": step, "job": KUBERNETES.node_job},
    }


def _for_kubernetes(text: str) -> str:
    """Names that alerts and dashboards have in Compose, as they are in Kubernetes."""
    replicas = KUBERNETES.replicas.replace('"', '\\"') if '\\"' in text else KUBERNETES.replicas
    for quote in ('"', '\\"'):
        text = text.replace(f"job={quote}node{quote}", f"job={quote}{KUBERNETES.node_job}{quote}")
    return text.replace(f' / {limits.REPLICAS}"', f' / {replicas}"')


def _yaml(content: dict[str, Any]) -> str:
    return str(yaml.dump(content, Dumper=WithoutAliases, sort_keys=False, allow_unicode=True, width=10_000))
