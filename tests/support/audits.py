"""Verdicts of the audit by group, for tests that are about something else."""

from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.gate_result import FAIRNESS_GATE, GateResult
from credit_scoring.model_registry.registry import ModelRegistry


def report_a_passed_audit(settings: Settings, reference: str = "staging") -> None:
    """Leave among the files of a version's run the verdict of an audit that found groups treated alike."""
    registry = ModelRegistry(settings)
    verdict = GateResult(
        gate=FAIRNESS_GATE,
        passed=True,
        message="gender, M: accepted 0.9 times as often as the group accepted most often",
        limit=settings.promotion.min_acceptance_ratio,
    )
    registry.report_gate_result(registry.summary(reference).run_id, verdict)
