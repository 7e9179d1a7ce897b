"""Stand-ins for helm and kubectl: programs on PATH that keep a small state and record how they were called."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROGRAM = f"""#!{sys.executable} -SE
import sys
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from tests.unit.delivery.cluster import main
main()
"""


class FakeCluster:
    """A folder with the programs and their state.

    Attributes:
        folder: to put in front of PATH.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._state = folder / "state.json"
        self.write({"calls": [], "revisions": [], "config_map": None, "bad": [], "version": "v4.3.1"})
        for name in ("helm", "kubectl"):
            (folder / name).write_text(PROGRAM)
            (folder / name).chmod(0o755)

    def write(self, state: dict[str, Any]) -> None:
        """Replace the state."""
        self._state.write_text(json.dumps(state))

    @property
    def state(self) -> dict[str, Any]:
        """The state: calls, revisions, config_map, version, and `bad`: which of upgrade, test and raw fail."""
        found: dict[str, Any] = json.loads(self._state.read_text())
        return found

    def set(self, **changed: Any) -> None:
        """Change parts of the state."""
        self.write({**self.state, **changed})

    def called(self, verb: str) -> list[list[str]]:
        """Arguments of every call of a verb, as "upgrade"."""
        return [call[2:] for call in self.state["calls"] if call[1] == verb]

    @property
    def running(self) -> str:
        """Description of the content that runs."""
        revisions = self.state["revisions"]
        current = next(one for one in reversed(revisions) if one["status"] == "deployed")
        return str(current["content"])

    def answer(self, program: str, arguments: list[str], stdin: Callable[[], str]) -> tuple[bool, str]:
        """What helm or kubectl prints, and whether it fails."""
        state = self.state
        state["calls"].append([program, *arguments])
        answer = _helm(state, arguments) if program == "helm" else _kubectl(state, arguments, stdin)
        self.write(state)
        return answer.startswith("ERROR "), answer.removeprefix("ERROR ")


def main() -> None:
    """Answer as helm or kubectl does."""
    path = Path(sys.argv[0])
    cluster = FakeCluster.__new__(FakeCluster)
    cluster.folder, cluster._state = path.parent, path.parent / "state.json"
    fails, text = cluster.answer(path.name, sys.argv[1:], sys.stdin.read)
    print(text, file=sys.stderr if fails else sys.stdout)
    sys.exit(fails)


def _add(state: dict[str, Any], status: str, description: str, content: str) -> None:
    if status == "deployed":
        for one in state["revisions"]:
            one["status"] = "superseded" if one["status"] == "deployed" else one["status"]
    number = len(state["revisions"]) + 1
    new = {"revision": number, "status": status, "description": description, "content": content}
    state["revisions"].append(new)


def _content(state: dict[str, Any], number: int) -> str:
    return str(next(one["content"] for one in state["revisions"] if one["revision"] == number))


def _helm(state: dict[str, Any], arguments: list[str]) -> str:
    match arguments[0]:
        case "version":
            return str(state["version"])
        case "history":
            return json.dumps(state["revisions"]) if state["revisions"] else "ERROR Error: release: not found"
        case "upgrade":
            values = [value for option, value in zip(arguments, arguments[1:], strict=False) if option == "--values"]
            state["values"] = json.loads(Path(values[-1]).read_text())
            content = arguments[arguments.index("--description") + 1]
            if "upgrade" not in state["bad"]:
                _add(state, "deployed", content, content)
                return "deployed"
            before = [one for one in state["revisions"] if one["status"] == "deployed"]
            _add(state, "failed", content, content)
            if before:
                _add(state, "deployed", f"Rollback to {before[-1]['revision']}", before[-1]["content"])
            return "ERROR Error: UPGRADE FAILED: context deadline exceeded"
        case "rollback":
            number = int(arguments[2])
            _add(state, "deployed", f"Rollback to {number}", _content(state, number))
            return "Rollback was a success!"
        case "test":
            current = next(one for one in reversed(state["revisions"]) if one["status"] == "deployed")
            if any(bad in current["content"] for bad in state["bad"]):
                return "ERROR failed  predict  The answer is no decision."
            return f"passed  health  Program 1.2.3, model version {state.get('model', 4)}, feature version 0."
    return f"ERROR unknown {arguments}"


def _kubectl(state: dict[str, Any], arguments: list[str], stdin: Callable[[], str]) -> str:
    match arguments[0]:
        case "get" if "configmap" in arguments:
            return "" if state["config_map"] is None else json.dumps(state["config_map"])
        case "apply":
            state["config_map"] = json.loads(stdin())
            return "configmap/credit-scoring-deployments serverside-applied"
        case "get":
            state["calls"][-1] += [os.environ.get("KUBECONFIG", "")]
            value = state.get("samples", {}).get(arguments[2].split("query=")[1][:20], "0")
            return json.dumps({"data": {"result": [{"value": [0, value]}]}})
    return f"ERROR unknown {arguments}"
