"""Helm's release of the platform in one namespace; Helm 3 and 4."""

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from scripts.delivery.environments import RELEASE_NAME
from scripts.delivery.programs import ProgramError, output_of
from scripts.delivery.release import Chart


class Revision(NamedTuple):
    """One line of `helm history`.

    Attributes:
        status: as deployed, superseded, failed.
    """

    number: int
    status: str
    description: str

    @property
    def content(self) -> int:
        """The revision whose content this one has: another one after a rollback, also of Helm's own."""
        rolled_back = re.fullmatch(r"Rollback to (\d+)", self.description)
        return self.number if rolled_back is None else int(rolled_back.group(1))


@contextmanager
def chart_folder(chart: Chart) -> Iterator[Path]:
    """The chart with its values files, fetched by digest if it lies in a registry."""
    if not chart.source.startswith("oci://"):
        yield Path(chart.source)
        return
    with tempfile.TemporaryDirectory(prefix="credit-chart-") as folder:
        output_of("helm", "pull", f"{chart.source}@{chart.digest}", "--untar", "--untardir", folder)
        yield Path(folder) / RELEASE_NAME


class Helm:
    """Helm's commands on one namespace."""

    def __init__(self, namespace: str, timeout_seconds: int) -> None:
        self._namespace = namespace
        self._timeout = f"{timeout_seconds}s"
        # Waiting ends before this, with a message of Helm's own.
        self._program_timeout = timeout_seconds * 2 + 120

    def _run(self, *arguments: str) -> str:
        return output_of("helm", *arguments, "--namespace", self._namespace, timeout_seconds=self._program_timeout)

    def upgrade(self, chart: Path, values_files: Sequence[Path], description: str) -> None:
        """Install or upgrade and wait until everything is ready; Helm undoes what fails."""
        major = output_of("helm", "version", "--template", "{{.Version}}").strip().removeprefix("v").split(".")[0]
        undo = "--atomic" if major == "3" else "--rollback-on-failure"
        values = [argument for path in values_files for argument in ("--values", str(path))]
        self._run(
            *("upgrade", RELEASE_NAME, str(chart), "--install", "--create-namespace", undo, "--wait"),
            *("--timeout", self._timeout, "--description", description, *values),
        )

    def history(self) -> list[Revision]:
        """Revisions, oldest first; empty before the first installation."""
        try:
            found = json.loads(self._run("history", RELEASE_NAME, "--max", "50", "--output", "json"))
        except ProgramError as error:
            if "release: not found" in str(error):
                return []
            raise
        revisions = [Revision(one["revision"], one["status"], one.get("description", "")) for one in found]
        return sorted(revisions)

    def current(self) -> Revision | None:
        """The revision that runs; None before the first installation."""
        return next((one for one in reversed(self.history()) if one.status == "deployed"), None)

    def rollback(self, revision: int) -> None:
        """Make a new revision with the content of an earlier one, and wait until it is ready."""
        self._run("rollback", RELEASE_NAME, str(revision), "--wait", "--timeout", self._timeout)

    def smoke_test(self) -> str:
        """Run the chart's tests, which are `credit-scoring smoke` inside the cluster; returns their output."""
        return self._run("test", RELEASE_NAME, "--logs", "--timeout", self._timeout)
