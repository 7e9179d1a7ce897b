"""Rules that no library checks: who reads the environment, the length of a file, what a component documents."""

import ast
import inspect
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import credit_scoring
from credit_scoring.core.manifest import Manifest

ROOT = Path(__file__).parents[2]
PACKAGE = Path(credit_scoring.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
PACKAGES = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
STAGES = sorted(path.parent.name for path in PACKAGE.glob("*/step.py"))
READS_THE_ENVIRONMENT = {"core/settings/__init__.py"}
MAXIMUM_LINES = 300
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def _environment_reads(source: str) -> list[str]:
    """Expressions that read the process environment; setting a default for a library does not count."""
    tree = ast.parse(source)
    defaults = {
        id(node.value.func.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr == "setdefault"
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            found += [node.attr] if id(node) not in defaults else []
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            found += [alias.name for alias in node.names]
    return [name for name in found if name in {"environ", "environb", "getenv", "getenvb"}]


def test_only_the_settings_read_the_environment() -> None:
    reading = {path.relative_to(PACKAGE).as_posix() for path in MODULES if _environment_reads(path.read_text())}
    assert reading == READS_THE_ENVIRONMENT


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ['A']",
        "import os\nos.getenv('A')",
        "from os import environ",
        "from os import path, getenv",
        "import os\nvalue = os.environ.setdefault('A', 'b')",
    ],
)
def test_every_way_to_read_the_environment_is_seen(source: str) -> None:
    assert _environment_reads(source)


def test_no_file_is_too_long() -> None:
    modules = (
        *MODULES,
        *(path for folder in ("tests", "scripts", "benchmarks") for path in (ROOT / folder).rglob("*.py")),
    )
    assert not {path.name: count for path in modules if (count := len(path.read_text().splitlines())) > MAXIMUM_LINES}


def test_no_constant_is_declared_twice() -> None:
    declared: dict[tuple[str, str], list[str]] = {}
    # A revision describes a schema of the past: it must not change with the code.
    for path in (path for path in MODULES if path.parent.name != "revisions"):
        for node in ast.parse(path.read_text()).body:
            # Another name for an object, as `PAYMENTS = Concept.PAYMENTS_WITH_US`, declares nothing.
            if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Attribute):
                name = ast.unparse(node.targets[0]).strip("_")
                if name.isupper():
                    declared.setdefault((name, ast.unparse(node.value)), []).append(
                        path.relative_to(PACKAGE).as_posix()
                    )
    assert not {name: paths for (name, _), paths in declared.items() if len(paths) > 1}


def test_names_say_what_is_inside() -> None:
    names = {part for path in MODULES for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert not names & EMPTY_NAMES
    assert not {name for name in names if name.rsplit("_", 1)[-1] in EMPTY_NAMES}


def test_every_path_of_the_contributing_page_exists() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text().split("## Rules")[0]
    found = re.findall(r"`([\w./<>]+(?:/|\.py))`", table)
    assert len(found) > 40
    patterns = {path: re.sub(r"<\w+>", "*", path).rstrip("/") for path in found}
    missing = [
        path
        for path, pattern in patterns.items()
        if not any(True for base in (PACKAGE, ROOT, *PACKAGE.iterdir()) for _ in base.glob(pattern))
    ]
    assert not missing


def test_the_package_imports_nothing_of_the_checkout_around_it() -> None:
    outside = ("scripts", "tests", "benchmarks")
    imports = {
        f"{path.relative_to(PACKAGE)}: {node.module}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in outside
    }
    assert not imports


def test_the_documented_layers_are_those_of_the_import_contract() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
    assert "```text\n" + "\n".join(contract["layers"]) + "\n```" in page


def test_every_package_is_described_on_the_page() -> None:
    section = (ROOT / "docs" / "ARCHITECTURE.md").read_text().split("## Packages")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \| \S", section, re.MULTILINE) == [
        name for name in PACKAGES if name != PACKAGE.name
    ]


def test_the_packages_of_the_design_exist() -> None:
    assert {"core", "data_contracts", "scoring", "api", "model_registry", *STAGES} <= set(PACKAGES)
    assert len(STAGES) >= 8


@pytest.mark.parametrize("component", sorted({"api", "model_registry", *STAGES}))
def test_a_component_documents_what_it_reads_writes_and_stops_on(component: str) -> None:
    docstring = import_module(f"credit_scoring.{component}").__doc__ or ""
    starts = {line.split(":")[0] for line in docstring.splitlines() if ":" in line}
    assert {"Reads", "Writes"} <= starts or "Reads and writes" in starts
    assert "Stops on" in starts


@pytest.mark.parametrize("component", STAGES)
def test_a_step_runs_on_settings_and_returns_its_manifest(component: str) -> None:
    run = import_module(f"credit_scoring.{component}.step").run
    signature = inspect.signature(run)
    assert next(iter(signature.parameters)) == "settings"
    assert signature.return_annotation is Manifest


def _declares_a_feature(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """The decorator of an application feature carries its meaning."""
    return any(".feature(" in ast.unparse(decorator) for decorator in node.decorator_list)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_public_name_of_a_module_is_described(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "the module itself"
    undescribed = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not _declares_a_feature(node)
    ]
    assert not undescribed
