"""Removes from an environment the files that no program in an image uses.

Usage: prune.py ENVIRONMENT [PATTERN ...]; patterns are relative to site-packages.
"""

import shutil
import sys
from pathlib import Path

UNUSED_FOLDERS = {"include", "sboms", "__pycache__"}
UNUSED_ENDINGS = {".a", ".h", ".hpp", ".map", ".pxd", ".pyi", ".pyx"}


def main() -> None:
    """Remove, and print how much."""
    packages = next(Path(sys.argv[1]).glob("lib/python3*/site-packages"))
    before = size_of(packages)
    for pattern in sys.argv[2:]:
        found = list(packages.glob(pattern))
        if not found:
            sys.exit(f"prune.py: nothing matches {pattern!r}; correct scripts/containers/images.py.")
        for path in found:
            remove(path)
    for path in list(packages.rglob("*")):
        if is_unused(path):
            remove(path)
    # Manual pages, and what Jupyter alone reads.
    if not (packages / "jupyterlab").exists():
        shutil.rmtree(packages.parents[2] / "share", ignore_errors=True)
    print(f"removed {(before - size_of(packages)) / 1e6:.0f} MB of {before / 1e6:.0f} MB")


def is_unused(path: Path) -> bool:
    """Whether a path is a library's own tests or needed by compilers and type checkers only."""
    if not path.is_dir():
        return path.suffix in UNUSED_ENDINGS
    # Not every package of this name contains tests: evidently.legacy.tests is part of the library.
    return path.name in UNUSED_FOLDERS or (path.name in {"test", "tests"} and any(path.rglob("test_*.py")))


def remove(path: Path) -> None:
    """Remove a file or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)  # it was in a folder that is gone


def size_of(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
