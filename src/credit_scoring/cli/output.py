"""What a command prints at its end: what each step read and wrote, and how long it took."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from credit_scoring.core.manifest import Manifest

BYTES_PER_MEGABYTE = 1e6
_WIDTH_WITHOUT_TERMINAL = 120
_SHOWN_MEASURES = 4
_SMALLEST_SHOWN = 0.05
_SHOWN_INPUTS = 2
_HASHES = ("_fingerprint", "_hash")


def print_summary(manifests: Iterable[Manifest], data_directory: Path) -> None:
    """Print one line per step that ran, on standard output."""
    table = Table("step", "read", "written", "result", show_edge=False, pad_edge=False)
    table.add_column("seconds", justify="right")
    seconds, synthetic = 0.0, False
    for manifest in manifests:
        seconds += manifest.seconds
        synthetic = synthetic or manifest.source == "synthetic"
        inputs = [part.path if part.name == "source" else part.name for part in manifest.inputs]
        read = ", ".join(inputs) if len(inputs) <= _SHOWN_INPUTS else f"{len(inputs)} tables"
        measures = [(name, value) for name, value in manifest.measures.items() if not name.endswith(_HASHES)]
        result = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in measures[:_SHOWN_MEASURES])
        table.add_row(
            manifest.step,
            read,
            _written(manifest),
            "unchanged, nothing to do" if manifest.reused else result,
            "-" if manifest.reused else f"{manifest.seconds:.1f}",
        )
    console = console_of_results()
    console.print(table)
    warning = "Synthetic data: no figure above describes real clients. " if synthetic else ""
    console.print(f"{warning}Results are in {data_directory}; {seconds:.1f} s of computing.")


def console_of_results() -> Console:
    """Standard output, wide enough for tables where there is no terminal; brackets in names are no markup."""
    return Console(width=None if Console().is_terminal else _WIDTH_WITHOUT_TERMINAL, highlight=False, markup=False)


def print_table(columns: Iterable[str], rows: Sequence[Iterable[str]], if_empty: str) -> None:
    """Print rows, or a sentence that says where they were looked for, and what to do."""
    table = Table(*columns, show_edge=False)
    for row in rows:
        table.add_row(*row)
    console_of_results().print(table if rows else if_empty, soft_wrap=not rows)


def print_result(values: Mapping[str, object]) -> None:
    """Print what a scheduler needs to know as the only line of its kind: ``{"result": {...}}``."""
    typer.echo(json.dumps({"result": values}, default=str))


def _written(manifest: Manifest) -> str:
    rows = sum(part.rows or 0 for part in manifest.outputs)
    size = sum(part.bytes or 0 for part in manifest.outputs) / BYTES_PER_MEGABYTE
    parts = [f"{rows:,} rows"] if rows else []
    # A step that publishes elsewhere leaves only a note in its own folder.
    parts += [f"{size:,.1f} MB"] if size >= _SMALLEST_SHOWN or not parts else []
    return f"{manifest.step}/: {', '.join(parts)}"
