"""helm/files/canary.yaml: steps and metrics of Argo Rollouts, from monitoring/description/canary.py.

The chart puts in the namespace, the address of Prometheus and the names, and renders it where `api.rollout.enabled`.
"""

import json
from typing import Any, Final

import yaml

from monitoring.description.canary import CRITERIA, PLAN

TEMPLATE: Final = "ANALYSIS_TEMPLATE"
PROMETHEUS: Final = "PROMETHEUS_ADDRESS"
VERSIONS: Final = {"candidate": "Latest", "stable": "Stable"}


def metrics() -> list[dict[str, Any]]:
    """One metric for each criterion; the pods of both versions differ in a label that Rollouts gives them."""
    series = 'job="credit-api", rollouts_pod_template_hash="{{{{args.{}}}}}"'
    window = f"{PLAN.window_seconds // 60}m"
    return [
        {
            "name": one.name,
            "initialDelay": f"{PLAN.window_seconds}s",
            "interval": f"{PLAN.interval_seconds:.0f}s",
            "count": PLAN.measurements,
            "failureLimit": PLAN.failure_limit,
            "consecutiveErrorLimit": PLAN.failure_limit,
            "successCondition": one.condition,
            "provider": {
                "prometheus": {
                    "address": PROMETHEUS,
                    "query": one.query(window, series.format("candidate"), series.format("stable")),
                }
            },
        }
        for one in CRITERIA
    ]


def steps() -> list[dict[str, Any]]:
    """After each change of the weight, an analysis."""
    arguments = [{"name": name, "valueFrom": {"podTemplateHashValue": which}} for name, which in VERSIONS.items()]
    analysis = {"analysis": {"templates": [{"templateName": TEMPLATE}], "args": arguments}}
    return [step for weight in PLAN.weights for step in ({"setWeight": weight}, analysis)]


def canary_yaml() -> str:
    """The file's text: queries stay on one line, and nothing is an anchor."""
    content = {"steps": steps(), "metrics": metrics()}
    # A copy of every part, because shared ones become anchors.
    return str(yaml.safe_dump(json.loads(json.dumps(content)), sort_keys=False, width=10_000))
