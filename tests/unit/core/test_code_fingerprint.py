"""The code fingerprint of a step covers exactly the modules behind it, as the import linter's graph sees them."""

from pathlib import Path

import grimp
import pytest

import credit_scoring
from credit_scoring.core import code_fingerprint
from credit_scoring.core.code_fingerprint import fingerprint_of_code, imported_modules

PACKAGE = Path(credit_scoring.__file__).parent
STEPS = sorted(
    f"credit_scoring.{path.relative_to(PACKAGE).with_suffix('').as_posix().replace('/', '.')}"
    for path in PACKAGE.glob("*/*step.py")
)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Imports of the package, built by the library behind import-linter."""
    return grimp.build_graph("credit_scoring", cache_dir=None)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_covers_what_it_imports_and_nothing_else(step: str, graph: grimp.ImportGraph) -> None:
    assert imported_modules([step]) == graph.find_upstream_modules(step) | {step}


@pytest.mark.parametrize("step", STEPS)
def test_no_step_depends_on_the_command_line_or_on_generators_of_pages(step: str) -> None:
    covered = imported_modules([step])
    assert not {name for name in covered if name.startswith(("credit_scoring.cli", "credit_scoring.pipeline"))}
    assert not {name for name in covered if name.endswith("documentation")}


def test_training_depends_on_the_concepts_of_the_features() -> None:
    assert {name for name in imported_modules(["credit_scoring.train.step"]) if name.endswith(".concepts")}


def test_a_changed_module_changes_the_fingerprint_of_what_imports_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "credit_scoring"
    (package / "a").mkdir(parents=True)
    for name, source in {
        "__init__": "",
        "a/__init__": "",
        "a/step": "def run():\n    from credit_scoring.a import rule\n",
        "a/rule": "LIMIT = 1\n",
        "a/page": "TITLE = 'x'\n",
    }.items():
        (package / f"{name}.py").write_text(source)
    (package / "a" / "table.json").write_text("{}")
    monkeypatch.setattr(code_fingerprint, "_ROOT", package)
    code_fingerprint._direct_imports.cache_clear()

    def fingerprint() -> str:
        return fingerprint_of_code(["credit_scoring.a.step"])

    before = fingerprint()
    (package / "a" / "page.py").write_text("TITLE = 'y'\n")
    assert fingerprint() == before
    (package / "a" / "rule.py").write_text("LIMIT = 2\n")
    with_rule = fingerprint()
    assert with_rule != before
    (package / "a" / "table.json").write_text("[]")
    assert fingerprint() != with_rule
    code_fingerprint._direct_imports.cache_clear()
