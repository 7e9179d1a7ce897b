"""What is rendered changes with a diff that a reviewer sees; `python -m tests.unit.chart.test_golden` writes it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.support.chart import Object, rendered

FOLDER = Path(__file__).parent / "golden"
GOLDEN: dict[str, Callable[[], tuple[Object, ...]]] = {
    "dev": lambda: rendered("dev"),
    "staging_upgrade": lambda: rendered("staging", upgrade=True),
    "production": lambda: rendered("production"),
}


def shown(objects: tuple[Object, ...]) -> str:
    """The objects, without passwords that differ each time, rules and dashboards, which have files of their own."""
    kept = [
        one
        for one in objects
        if one["kind"] != "PrometheusRule" and "grafana_dashboard" not in one["metadata"]["labels"]
    ]
    text = yaml.safe_dump_all(kept, sort_keys=True, width=120)
    return re.sub(r"(_password: |psycopg://\w+:)\w{32}", r"\1(generated)", text)


@pytest.mark.parametrize("name", GOLDEN)
def test_the_rendered_objects_are_those_that_were_reviewed(name: str) -> None:
    assert shown(GOLDEN[name]()) == (FOLDER / f"{name}.yaml").read_text()


if __name__ == "__main__":
    for golden, objects_of in GOLDEN.items():
        (FOLDER / f"{golden}.yaml").write_text(shown(objects_of()))
