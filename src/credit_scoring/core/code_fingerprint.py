"""Fingerprint of the code behind a step, from the import graph, so that a changed rule recomputes its results."""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

_PACKAGE = __name__.split(".")[0]
_ROOT = Path(__file__).parents[1]
_DATA_SUFFIXES = (".csv", ".jinja", ".json")


def fingerprint_of_code(modules: Iterable[str]) -> str:
    """Hash of some modules, of every module of this package they import, directly or not, and of their data files.

    Args:
        modules: dotted names; a module that is found by a folder scan instead of an import must be named here.

    Returns:
        16 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in sorted(_sources(imported_modules(modules))):
        digest.update(path.relative_to(_ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def imported_modules(modules: Iterable[str]) -> frozenset[str]:
    """The modules and everything of this package that they import, directly or not, inside functions too."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting.extend(_direct_imports(module))
    return frozenset(found)


@cache
def _direct_imports(module: str) -> frozenset[str]:
    tree = ast.parse(_file_of(module).read_bytes())
    return frozenset(name for node in ast.walk(tree) for name in _names_of(node) if _is_ours(name))


def _names_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and _is_ours(node.module):
        for alias in node.names:
            submodule = f"{node.module}.{alias.name}"
            yield submodule if _file_of(submodule).is_file() else node.module


def _sources(modules: Iterable[str]) -> set[Path]:
    files = {_file_of(module) for module in modules}
    folders = {path.parent for path in files}
    return files | {path for folder in folders for path in folder.iterdir() if path.suffix in _DATA_SUFFIXES}


def _file_of(module: str) -> Path:
    path = _ROOT.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _is_ours(module: str) -> bool:
    return module == _PACKAGE or module.startswith(f"{_PACKAGE}.")
