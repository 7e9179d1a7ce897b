"""docs/ARCHITECTURE.md shows the picture of the platform and describes each component on it."""

import re

from scripts.documentation.architecture import LANES
from tests.unit.documentation.test_specification import ROOT

SECTION = (ROOT / "docs" / "ARCHITECTURE.md").read_text().split("## The platform")[1].split("\n## ")[0]


def test_the_picture_is_embedded() -> None:
    (target,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", SECTION)
    assert (ROOT / "docs" / target).read_text().startswith("<svg")


def test_every_component_of_the_picture_is_described_in_its_order() -> None:
    drawn = [box.text.split("\n")[0] for lane in LANES for box in lane.boxes if box is not None]
    described = re.findall(r"^\| (?!component|-)(.+?) \| .{20,} \| .*\]\(.+ \|$", SECTION, re.MULTILINE)
    assert described == drawn
