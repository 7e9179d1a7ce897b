"""The result that a command prints with ``--json``: one line, ``{"result": {...}}``, among whatever else it prints."""

import json
from collections.abc import Iterable
from typing import Any


def result_in(line: str) -> dict[str, Any] | None:
    """The result in a line; None if the line is anything else."""
    if not line.startswith('{"result"'):
        return None
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return None
    result = found.get("result") if isinstance(found, dict) and len(found) == 1 else None
    return result if isinstance(result, dict) else None


def last_result(lines: Iterable[str]) -> dict[str, Any] | None:
    """The result in the last line that holds one."""
    results = [result for line in lines if (result := result_in(line)) is not None]
    return results[-1] if results else None
