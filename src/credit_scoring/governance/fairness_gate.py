"""The gate that the audit by group adds to a promotion."""

from credit_scoring.evaluation.fairness import FairnessAudit
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.model_registry.gate_result import FAIRNESS_GATE, GateResult


def fairness_result(audit: FairnessAudit, min_acceptance_ratio: float) -> GateResult:
    """Whether every judged group is accepted often enough beside the group accepted most often.

    Args:
        min_acceptance_ratio: lowest ratio of acceptance rates that passes; 0.8 is the four-fifths rule.
    """
    worst = audit.worst()
    if worst is None:
        passed = False
        message = "no attribute has two groups with enough clients to be compared, so nothing is known"
    else:
        english = LANGUAGES["en"]
        ratio = worst.acceptance_ratio.value
        passed = ratio >= min_acceptance_ratio
        unknown = ", ".join(english.attributes[attribute] for attribute in audit.not_judged())
        message = (
            f"{english.group_of(worst.attribute, worst.group)}, accepted {ratio:.3f} times as often as the group "
            f"accepted most often ({'reaches' if passed else 'below'} the limit {min_acceptance_ratio})"
        ) + (f"; too few clients to compare: {unknown}" if unknown else "")
    return GateResult(gate=FAIRNESS_GATE, passed=passed, message=message, limit=min_acceptance_ratio)
