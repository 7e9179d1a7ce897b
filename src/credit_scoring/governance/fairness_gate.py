"""What the audit by group says to a promotion."""

from credit_scoring.evaluation.fairness import FairnessAudit
from credit_scoring.explain.texts.groups import worst_of
from credit_scoring.model_registry.gate_result import FAIRNESS_GATE, GateResult


def fairness_verdict(audit: FairnessAudit, least_ratio: float) -> GateResult:
    """Whether the group that is accepted least often reaches a share of the one that is accepted most often.

    Args:
        least_ratio: 0.8 for the four-fifths rule.
    """
    worst = audit.worst()
    if worst is None:
        return GateResult(
            gate=FAIRNESS_GATE,
            passed=False,
            message="no group has enough clients to be judged, so nothing is known",
            limit=least_ratio,
        )
    attribute, group = worst
    passed = group.acceptance_ratio.value >= least_ratio
    return GateResult(
        gate=FAIRNESS_GATE,
        passed=passed,
        message=f"{worst_of('en', attribute, group.group)}, accepted {group.acceptance_ratio.value:.3f} times as often "
        f"as the group accepted most often ({'reaches' if passed else 'below'} the limit {least_ratio})",
        limit=least_ratio,
    )
