"""What a command says when it is done: what was read, what was written where, how long it took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from credit_scoring.core.manifest import DataSource, Manifest
    from credit_scoring.decisions.record import DecisionRecord
    from credit_scoring.feature_store.offline import FeatureVersion
    from credit_scoring.feature_store.versions import VersionDifference
    from credit_scoring.synthetic_data.comparison import Comparison


_BYTES_PER_MEGABYTE = 1e6
_WIDTH_WITHOUT_TERMINAL = 120
_SHOWN_MEASURES = 4
_SMALLEST_SHOWN = 0.05
_SHOWN_INPUTS = 2
_HASHES = ("_fingerprint", "_hash")


def print_summary(manifests: Iterable[Manifest], data_directory: Path) -> None:
    """Run the steps behind an iterable and print one line each, on standard output."""
    table = Table("step", "read", "written", "result", show_edge=False, pad_edge=False)
    table.add_column("seconds", justify="right")
    seconds, synthetic = 0.0, False
    for manifest in manifests:
        seconds += manifest.seconds
        synthetic = synthetic or manifest.source == "synthetic"
        table.add_row(
            manifest.step,
            _read(manifest),
            _written(manifest),
            "unchanged, nothing to do" if manifest.reused else _result(manifest),
            "-" if manifest.reused else f"{manifest.seconds:.1f}",
        )
    console = console_of_results()
    console.print(table)
    warning = "Synthetic data: no figure above speaks of real clients. " if synthetic else ""
    console.print(f"{warning}Results are in {data_directory}; {seconds:.1f} s of computing.", highlight=False)


def print_synthetic_tables(written: Manifest, folder: Path) -> None:
    """Print the size of the synthetic tables and the AUC that a perfect model would have on them."""
    table = Table("table", show_edge=False, pad_edge=False)
    table.add_column("rows", justify="right")
    table.add_column("MB", justify="right")
    for part in written.outputs:
        table.add_row(part.name, f"{part.rows or 0:,}", f"{(part.bytes or 0) / _BYTES_PER_MEGABYTE:,.1f}")
    console = console_of_results()
    console.print(table)
    measures = written.measures
    console.print(
        f"{measures['clients']:,} synthetic clients (seed {measures['seed']}) are in {folder}; "
        f"{written.seconds:.1f} s. Default rate {measures['default_rate']:.2%}; a model that knew every true "
        f"probability would reach an AUC of {measures['auc_of_a_perfect_model']:.3f}.",
        highlight=False,
    )


def print_comparison(comparison: Comparison, page: Path) -> None:
    """Print how many measures of the synthetic tables are within tolerance, and the path of the report."""
    outside = [gap for gap in comparison.gaps if not gap.is_within]
    console = console_of_results()
    for gap in outside:
        console.print(
            f"{gap.table}, {gap.column or 'the whole table'}: {gap.measure} {gap.found:,.6g} instead of "
            f"{gap.published:,.6g}, {gap.relative:.2f} times the tolerance",
            highlight=False,
        )
    within = len(comparison.gaps) - len(outside)
    console.print(
        f"{within} of {len(comparison.gaps)} measures lie within their tolerance; AUC of a perfect model "
        f"{comparison.ceiling_auc:.3f} (synthetic). {page}",
        highlight=False,
        soft_wrap=True,
    )


def print_reports(reports: Mapping[str, Iterable[Path]]) -> None:
    """Print where the reports of each step are."""
    console = console_of_results()
    if not any(reports.values()):
        console.print("No step has written a report yet. Run `credit-scoring pipeline --source PATH`.")
    for step, paths in reports.items():
        for path in paths:
            console.print(f"{step:<10}{path}", highlight=False, soft_wrap=True)


def print_feature_versions(
    versions: Sequence[FeatureVersion], sizes: Mapping[int, int], tags: Mapping[str, int]
) -> None:
    """Print one line per published feature version, with its size in bytes and its tags."""
    if not versions:
        console_of_results().print("No version is published yet. Run `credit-scoring features publish`.")
        return
    table = Table(
        "version",
        "date",
        "rows",
        "features",
        "MB",
        "content",
        "source",
        "data",
        "code",
        "tags",
        show_edge=False,
    )
    for version in versions:
        table.add_row(
            str(version.number),
            f"{version.created_at:%Y-%m-%d %H:%M}",
            f"{version.rows:,}",
            str(version.features),
            f"{sizes[version.number] / _BYTES_PER_MEGABYTE:,.1f}",
            version.content_hash,
            version.source_fingerprint,
            version.source,
            version.code_version,
            ", ".join(name for name, number in tags.items() if number == version.number),
        )
    console_of_results().print(table)


def print_version_difference(difference: VersionDifference) -> None:
    """Print what appeared, vanished and moved."""
    console = console_of_results()
    for title, names in (("appeared", difference.appeared), ("vanished", difference.vanished)):
        console.print(
            f"{len(names)} features {title}{': ' if names else ''}{', '.join(names)}", highlight=False
        )
    console.print(f"{len(difference.moved)} of {difference.compared} features moved", highlight=False)
    for name, index in difference.moved.items():
        console.print(f"  {name}  stability index {index:.3f}", highlight=False)


def print_written(path: Path, rows: int, columns: int, source: DataSource) -> None:
    """Print what a file holds."""
    synthetic = " synthetic" if source == "synthetic" else ""
    console_of_results().print(
        f"{path}: {rows:,}{synthetic} rows, {columns} columns", highlight=False, soft_wrap=True
    )


def print_decision(record: DecisionRecord) -> None:
    """Print one recorded decision."""
    console = console_of_results()
    synthetic = " (model trained on synthetic data)" if record.source == "synthetic" else ""
    console.print(
        f"Client {record.client_id}: [bold]{record.decision.value}[/bold], probability of default "
        f"{record.probability:.4f}, threshold {record.threshold:.4f}{synthetic}; "
        f"decision {record.decision_id} is in the ledger.",
        highlight=False,
        soft_wrap=True,
    )


def print_tuning(study: str, trials: int, best_cost: float, best: Mapping[str, object]) -> None:
    """Print what a study has found so far."""
    console = console_of_results()
    console.print(
        f"Study {study}: {trials} trials, lowest cost per client {best_cost:.4f} with",
        highlight=False,
        soft_wrap=True,
    )
    for name, value in best.items():
        console.print(f"  {name} {value}", highlight=False)


def console_of_results() -> Console:
    """Standard output, wide enough for tables where there is no terminal."""
    console = Console(soft_wrap=False)
    return console if console.is_terminal else Console(width=_WIDTH_WITHOUT_TERMINAL)


def _read(manifest: Manifest) -> str:
    names = [part.path if part.name == "source" else part.name for part in manifest.inputs]
    return ", ".join(names) if len(names) <= _SHOWN_INPUTS else f"{len(names)} tables"


def _written(manifest: Manifest) -> str:
    rows = sum(part.rows or 0 for part in manifest.outputs)
    size = sum(part.bytes or 0 for part in manifest.outputs) / _BYTES_PER_MEGABYTE
    told = [f"{rows:,} rows"] if rows else []
    # A step that publishes elsewhere leaves only a note in its own folder.
    told += [f"{size:,.1f} MB"] if size >= _SMALLEST_SHOWN or not told else []
    return f"{manifest.step}/: {', '.join(told)}"


def _result(manifest: Manifest) -> str:
    told = [(name, value) for name, value in manifest.measures.items() if not name.endswith(_HASHES)]
    shown = told[:_SHOWN_MEASURES]
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in shown)
