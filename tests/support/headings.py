"""Headings of documentation pages."""

import re
from pathlib import Path


def anchors_of(page: Path) -> set[str]:
    """Anchors that code hosts derive from the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}
