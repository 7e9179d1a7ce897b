"""docs/KUBERNETES.md names values that exist, and its links lead somewhere."""

import re
from typing import Any

import yaml

from scripts.kubernetes.manifests import CHART
from scripts.kubernetes.programs import ROOT
from tests.support.headings import anchors_of

PAGE = ROOT / "docs" / "KUBERNETES.md"
DEPLOYMENT = ROOT / "docs" / "DEPLOYMENT.md"
SYMPTOMS = 15


def values() -> dict[str, Any]:
    """The default values of the chart."""
    loaded: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
    return loaded


def paths_of(part: Any, above: str = "") -> set[str]:
    """Every value by its path."""
    if not isinstance(part, dict):
        return {above}
    return {above}.union(*(paths_of(value, f"{above}.{name}".lstrip(".")) for name, value in part.items()))


def test_every_value_that_is_named_exists() -> None:
    text, known = PAGE.read_text(), paths_of(values())
    tops = "|".join(values())
    named = re.findall(rf"(?:`|--set )((?:{tops})(?:\.\w+)+)", text)
    assert len(named) > 15
    # NAME and * stand for any.
    patterns = [re.escape(name).replace("NAME", r"\w+") for name in named]
    assert [one for one in patterns if not any(re.fullmatch(one, path) for path in known)] == []


def test_every_link_leads_to_an_existing_section() -> None:
    for page in (PAGE, DEPLOYMENT):
        for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
            if not target.startswith("http"):
                name, _, anchor = target.partition("#")
                linked = (page.parent / name).resolve() if name else page
                assert linked.exists(), target
                assert not anchor or anchor in anchors_of(linked), target


def test_the_page_has_what_the_issue_of_an_operator_needs() -> None:
    assert {
        "kind",
        "minikube",
        "gke",
        "secrets",
        "upgrade-and-roll-back",
        "back-up-and-restore",
        "troubleshooting",
    } <= set(anchors_of(PAGE))
    table = PAGE.read_text().split("## Troubleshooting")[1].split("\n## ")[0]
    assert table.count("\n| ") > SYMPTOMS


def test_every_script_and_file_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:helm|k8s|scripts)/[\w./-]+)`", PAGE.read_text())) - {"k8s/secrets/generated/"}
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
