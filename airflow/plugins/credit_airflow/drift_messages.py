"""The message about a drift alarm."""

from collections.abc import Mapping
from typing import Any

from credit_airflow.notifications import Message


def drift_message(drift: Mapping[str, Any], performance: Mapping[str, Any] | None, report: str) -> Message:
    """What moved, and where the report will be.

    Args:
        drift: result of ``credit-scoring drift``.
        performance: result of ``credit-scoring performance``.
        report: address of the report; empty: none is known.
    """
    lines = [
        f"Comparison of {drift['current']} with {drift['baseline']}: {drift['verdict']}.",
        f"{drift['decisions']} applications; {drift['drifted']} of {drift['features']} features have drifted "
        f"(score {drift['score']:.2f}).",
    ]
    if drift["findings"]:
        lines.append(f"Exceeded limits: {', '.join(drift['findings'])}.")
    if performance and performance.get("measured_cost") is not None:
        measured, expected = performance["measured_cost"], performance["expected_cost"]
        lines.append(f"Cost per client where the outcome is known: {measured:.4f}; expected {expected:.4f}.")
    lines.append(f"Report: {report}" if report else "Report: `credit-scoring reports --step drift` lists its files.")
    lines.append(
        "docs/runbooks/drift_alarm.md says what to do. A training is started, but never a promotion to production."
    )
    return Message(f"Credit scoring: drift {drift['verdict']}", "\n".join(lines))
