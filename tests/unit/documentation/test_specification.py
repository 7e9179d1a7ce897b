"""docs/SPECIFICATION.md names only what exists, and every link between the pages leads somewhere."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from credit_scoring.cli.lazy_group import COMMANDS, load_command
from tests.support.headings import anchors_of

ROOT = Path(__file__).parents[3]
PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
PAGE = (ROOT / "docs" / "SPECIFICATION.md").read_text()
ROW = re.compile(r"^\| (?!line |-)(.+?) \| ([\w ]+) \| (.*?) \| (.*?) ?\|$", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
IN_PROSE = re.compile(r"docs/([A-Z_]+\.md)(?: \(|, )[\"«“]?\s?([A-Z][\w ]+?)\s?[\"»”)]")
"""A section of a page that a text names without a link: docs/PAGE.md (Section)."""
SOURCES = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))


def link_target_exists(page: Path, target: str) -> bool:
    """Whether a link leads to a file, and to a heading if it names one; links to the internet are not followed."""
    path, _, anchor = target.partition("#")
    file = (page.parent / path).resolve() if path else page
    return "://" in target or (file.exists() and (not anchor or anchor in anchors_of(file)))


def command_exists(line: str) -> bool:
    """Whether the command line has a command, and the option that may follow it."""
    name, *rest = line.split()
    command = load_command(name) if name in COMMANDS else None
    for part in rest:
        if part.startswith("--"):
            return any(part in parameter.opts for parameter in getattr(command, "params", ()))
        command = getattr(command, "commands", {}).get(part)
    return command is not None


KINDS: dict[str, Callable[[str], bool]] = {
    r"make ([a-z-]+)": lambda target: f"\n{target}:" in (ROOT / "Makefile").read_text(),
    r"credit-scoring (.+)": command_exists,
    r"(/[a-z/-]+)": lambda path: path in json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"],
    r"(CREDIT_\w+)": lambda setting: f"{setting}=" in (ROOT / ".env.example").read_text(),
    # A result of a step: its name is written in the code, for pictures without the ending.
    r"(\w+\.(?:html|csv|png))": lambda name: f'"{name}"' in SOURCES or f'"{name.removesuffix(".png")}"' in SOURCES,
    r"(\.?[\w.-]+/[\w./-]*|[\w.-]+\.(?:md|txt|ya?ml))": lambda path: (ROOT / path).exists(),
}
"""What a name in backticks may be, and whether it exists."""


def exists(name: str) -> bool:
    """Whether a name in backticks is of a known kind and exists."""
    return next((known(match[1]) for kind, known in KINDS.items() if (match := re.fullmatch(kind, name))), False)


def test_every_named_file_target_command_and_path_exists() -> None:
    names = {name for _, _, *cells in ROW.findall(PAGE) for name in re.findall(r"`([^`]+)`", " ".join(cells))}
    assert len(names) > 90
    assert not sorted(name for name in names if not exists(name))


@pytest.mark.parametrize(
    "name", ["make nothing", "credit-scoring model sell", "/nothing", "nothing.csv", "src/nothing.py", "CREDIT_NOTHING"]
)
def test_a_name_of_nothing_is_found(name: str) -> None:
    assert not exists(name)


def test_every_row_has_evidence_and_says_what_its_execution_needs() -> None:
    rows = ROW.findall(PAGE)
    assert len(rows) > 200
    assert len(rows) == len(re.findall(r"^\| (?!line |-)", PAGE, re.MULTILINE)), "a row is of another form"
    for line, state, where, remark in rows:
        assert state in {"holds", "otherwise", "not executed yet"}, line
        assert re.search(r"`|\]\(", where), line
        assert state != "not executed yet" or re.search(r"\bneeds?\b|on the internet", remark), line
    assert "planned" not in PAGE


def test_every_figure_of_a_remark_is_on_the_page_that_its_row_links() -> None:
    missing: set[tuple[str, str]] = set()
    for line, _, where, remark in ROW.findall(PAGE):
        linked = {target.partition("#")[0] for target in LINK.findall(f"{where} {remark}")} & {
            one.name for one in PAGES
        }
        text = " ".join((ROOT / "docs" / page).read_text() for page in linked)
        figures = re.findall(r"\d[\d,]*(?:\.\d+)?", remark) if linked else []
        missing |= {
            (line, one) for one in figures if not re.search(rf"(?<![\d.,]){re.escape(one)}(?![\d]|[.,]\d)", text)
        }
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert not [target for target in LINK.findall(page.read_text()) if not link_target_exists(page, target)]


def test_every_section_that_a_text_names_exists() -> None:
    folders = (ROOT / "src", ROOT / "scripts", ROOT / "docs")
    texts = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".md", ".jinja", ".py"}]
    named = {found for path in texts for found in IN_PROSE.findall(" ".join(path.read_text().split()))}
    assert named
    anchors = {page.name: anchors_of(page) for page in PAGES}
    assert not [(page, name) for page, name in named if name.lower().replace(" ", "-") not in anchors[page]]
