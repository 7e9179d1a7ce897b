"""`credit-scoring reports`: where all results are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from credit_scoring.cli.options import start
from credit_scoring.core.atomic_files import clear_read_errors, write_atomically
from credit_scoring.core.storage import RUN_AGAIN, Storage
from credit_scoring.scoring.artefact_names import RUNS

app = typer.Typer()

_FOR_READERS = {".csv", ".html", ".md", ".pdf", ".png"}
"""Endings of the files that people read; other files are for the next step."""


@app.command()
def reports(
    collect: Annotated[
        Path | None, typer.Option(help="Copy them into a folder, as STEP/NAME.", show_default=False)
    ] = None,
    step: Annotated[str | None, typer.Option(help="Only those of this step.", show_default="all")] = None,
) -> None:
    """List the reports, tables and pictures of the current results."""
    storage = Storage.of(start())
    found = [each for each in _result_files(storage) if step in (None, each[0])]
    if not found:
        who = "No step" if step is None else f"No step {step!r}"
        typer.echo(f"{who} has written a report in {storage.root}. Run `credit-scoring pipeline --source PATH`.")
    for writer, name, path in found:
        if collect is not None:
            with clear_read_errors(path, RUN_AGAIN):
                content = path.read_bytes()
            path = collect / writer / name
            write_atomically(path, content)
        typer.echo(f"{writer:<10}{path}")


def _result_files(storage: Storage) -> Iterator[tuple[str, Path, Path]]:
    """Step, name below the folder of its version, and path of each result that people read."""
    for manifest, folder in storage.current_versions():
        for part in manifest.outputs:
            if part.path == RUNS:  # these files are in MLflow, one folder per model
                continue
            below = folder / part.path
            for path in sorted(below.rglob("*")) if below.is_dir() else [below]:
                if path.suffix in _FOR_READERS:
                    yield manifest.step, path.relative_to(folder), path
