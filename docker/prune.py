"""Removes from an environment what no program in an image uses: tests, headers, and packages that were not asked for.

Usage: prune.py ENVIRONMENT [CATBOOST]; CATBOOST is 1 where the image shall carry CatBoost.
"""

import shutil
import sys
from pathlib import Path

UNUSED_FOLDERS = {"tests", "test", "include", "__pycache__"}
UNUSED_ENDINGS = {".pxd", ".pyx", ".a", ".h", ".hpp"}
OPTIONAL = ("catboost", "catboost-*.dist-info", "graphviz", "graphviz-*.dist-info")


def main() -> None:
    """Remove, and print how much."""
    packages = next(Path(sys.argv[1]).glob("lib/python3*/site-packages"))
    before = size_of(packages)
    if sys.argv[2:] == ["0"]:
        for pattern in OPTIONAL:
            for found in packages.glob(pattern):
                shutil.rmtree(found)
    for found in sorted(packages.rglob("*"), key=lambda path: len(path.parts)):
        if found.is_dir() and found.name in UNUSED_FOLDERS:
            shutil.rmtree(found)
        elif found.is_file() and found.suffix in UNUSED_ENDINGS:
            found.unlink()
    print(f"removed {(before - size_of(packages)) / 1e6:.0f} MB of {before / 1e6:.0f} MB")


def size_of(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
