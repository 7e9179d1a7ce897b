"""What Argo CD makes of gitops/appsets: one Application for each folder of gitops/envs, by Helm's template engine.

Argo CD evaluates Go templates with the functions of sprig, and so does Helm.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from scripts.kubernetes.programs import ROOT, run
from tests.support.chart import Object

GITOPS: Final = ROOT / "gitops"
APPLICATION_SET: Final = GITOPS / "appsets" / "credit-scoring.yaml"
_EVALUATED: Final = """\
{{- range $name, $text := .Values.texts }}
---
name: {{ $name }}
text: {{ tpl $text $.Values.config | toJson }}
{{- end }}
"""


def application_set() -> Object:
    """The ApplicationSet."""
    found: Object = yaml.safe_load(APPLICATION_SET.read_text())
    return found


@cache
def config(environment: str) -> Object:
    """What an environment's folder says."""
    found: Object = json.loads((GITOPS / "envs" / environment / "config.json").read_text())
    return found


def application(environment: str, folder: Path) -> Object:
    """The Application of an environment; a key that its config.json lacks fails.

    Args:
        folder: empty; for a chart that evaluates the templates.
    """
    spec = application_set()["spec"]
    texts = {"template": yaml.safe_dump(spec["template"], width=10_000), "patch": spec["templatePatch"]}
    evaluated = _evaluated(texts, config(environment), folder)
    made = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", **yaml.safe_load(evaluated["template"])}
    complete: Object = merged(made, yaml.safe_load(evaluated["patch"]) or {})
    return complete


def _evaluated(texts: Mapping[str, str], given: Object, folder: Path) -> dict[str, str]:
    (folder / "templates").mkdir()
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: applications\nversion: 1.0.0\n")
    (folder / "templates" / "texts.yaml").write_text(_EVALUATED)
    (folder / "values.json").write_text(json.dumps({"texts": texts, "config": given}))
    finished = run("helm", "template", "applications", folder, "--values", folder / "values.json")
    assert finished.returncode == 0, finished.stderr
    return {one["name"]: one["text"] for one in yaml.safe_load_all(finished.stdout) if one}


def merged(below: Any, above: Any) -> Any:
    """Mappings merged, all else replaced, as a patch of an Application."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{name: merged(below.get(name), value) for name, value in above.items()}}
    return above
