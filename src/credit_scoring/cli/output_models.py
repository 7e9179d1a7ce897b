"""What the model commands print: versions, verdicts of gates, and what was put into production."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markdown import Markdown
from rich.markup import escape
from rich.table import Table

from credit_scoring.cli.output import console_of_results

if TYPE_CHECKING:
    from credit_scoring.batch_scoring.score_file import ScoredFile
    from credit_scoring.model_registry.gate_result import Verdict
    from credit_scoring.model_registry.promotion_log import Move
    from credit_scoring.model_registry.registry import VersionSummary

_COLUMNS = {
    "auc": "AUC",
    "cost_per_client": "cost per client",
    "family": "family",
    "feature_version": "features",
    "source": "data",
    "trained_at": "trained",
}


def print_versions(versions: Sequence[VersionSummary]) -> None:
    """Print one line per registered version."""
    table = Table("version", "alias", "stage", *_COLUMNS.values(), show_edge=False)
    for version in versions:
        figures = (_shown(name, version.tags.get(name, "")) for name in _COLUMNS)
        table.add_row(str(version.number), ", ".join(version.aliases), version.stage, *figures)
    console = console_of_results()
    console.print(table)
    if any(version.tags.get("source") == "synthetic" for version in versions):
        console.print("Figures of synthetic data say nothing about real clients.", highlight=False)


def print_version(version: VersionSummary) -> None:
    """Print everything the registry says of a version."""
    console = console_of_results()
    aliases = ", ".join(version.aliases) or "no alias"
    console.print(f"Version {version.number} ({aliases}, stage {version.stage}), run {version.run_id}\n")
    console.print(Markdown(version.card))
    console.print()
    for name, value in sorted(version.tags.items()):
        console.print(f"{name:<22}{value}", highlight=False, markup=False)


def print_move(move: Move) -> None:
    """Print what every gate said and what is in production now."""
    console = console_of_results()
    for verdict in move.verdicts:
        console.print(_told(verdict), highlight=False, markup=False, soft_wrap=True)
    before = "" if move.from_version is None else f" instead of version {move.from_version}"
    console.print(
        f"Version {move.to_version} is in production{before} ({move.kind} {move.number} by {move.by}: {move.why}).",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


def print_history(moves: Sequence[Move]) -> None:
    """Print one line per promotion and rollback."""
    table = Table("date (UTC)", "what", "from", "to", "by", "why", "waived", show_edge=False)
    for move in moves:
        waived = ", ".join(f"{verdict.gate}: {verdict.waiver}" for verdict in move.verdicts if verdict.waiver)
        before = "-" if move.from_version is None else str(move.from_version)
        told = (move.kind, before, str(move.to_version), move.by, move.why, waived)
        table.add_row(f"{move.at:%Y-%m-%d %H:%M}", *(escape(text) for text in told))
    console_of_results().print(table)


def print_scored_file(scored: ScoredFile) -> None:
    """Print where the scores are and how many were accepted."""
    synthetic = ", trained on synthetic data" if scored.source == "synthetic" else ""
    share = scored.accepted / max(scored.rows, 1)
    console_of_results().print(
        f"{scored.path}: {scored.rows:,} applications, {share:.1%} accepted by model version "
        f"{scored.model_version}{synthetic}. They are scores, not decisions: nothing is in the ledger.",
        highlight=False,
        soft_wrap=True,
    )


def _told(verdict: Verdict) -> str:
    mark = "passed" if verdict.passed else "waived"
    reason = f" (waived: {verdict.waiver})" if verdict.waiver else ""
    return f"{mark:<8}{verdict.gate:<20}{verdict.says}{reason}"


def _shown(name: str, value: str) -> str:
    return value[:16].replace("T", " ") if name == "trained_at" else value
