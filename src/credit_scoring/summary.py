"""What a command says when it is done: what was read, what was written where, how long it took."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from credit_scoring.core.manifest import Manifest
from credit_scoring.decisions.ledger import DecisionRecord

_BYTES_PER_MEGABYTE = 1e6


def print_summary(manifests: Iterable[Manifest], data_directory: Path) -> None:
    """Run the steps behind an iterable and print one line each, on standard output."""
    table = Table(title=None, show_edge=False, pad_edge=False)
    for name in ("step", "read", "written", "result", "seconds"):
        table.add_column(name, justify="right" if name == "seconds" else "left", overflow="fold")
    total, sources = 0.0, set()
    for manifest in manifests:
        total += manifest.seconds
        sources.add(manifest.source)
        table.add_row(
            manifest.step,
            ", ".join(part.name for part in manifest.inputs),
            _written(manifest),
            "unchanged, nothing to do" if manifest.reused else _measures(manifest),
            "-" if manifest.reused else f"{manifest.seconds:.1f}",
        )
    console = Console()
    console.print(table)
    data = "Synthetic data: no figure above speaks of real clients. " if "synthetic" in sources else ""
    console.print(
        f"{data}Results are in {data_directory}. {total:.1f} s in all.", highlight=False, soft_wrap=True
    )


def print_decision(record: DecisionRecord) -> None:
    """Print one recorded decision."""
    console = Console()
    synthetic = " (model trained on synthetic data)" if record.source == "synthetic" else ""
    console.print(
        f"Client {record.client_id}: [bold]{record.decision.value}[/bold], probability of default "
        f"{record.probability:.4f}, threshold {record.threshold:.4f}{synthetic}; "
        f"decision {record.decision_id} is in the ledger.",
        highlight=False,
        soft_wrap=True,
    )


def _written(manifest: Manifest) -> str:
    folder = f"{manifest.step}/"
    size = sum(part.bytes or 0 for part in manifest.outputs) / _BYTES_PER_MEGABYTE
    rows = sum(part.rows or 0 for part in manifest.outputs)
    return f"{folder} {rows:,} rows, {size:,.1f} MB" if rows else f"{folder} {size:,.1f} MB"


def _measures(manifest: Manifest) -> str:
    return "\n".join(f"{name.replace('_', ' ')} {value}" for name, value in manifest.measures.items())
