"""The gates between staging and production: each turns the evidence into one result, with its reason.

To add a gate, add one function with the decorator `@gate`; its name is the name of the gate.
"""

from collections.abc import Callable, Sequence
from functools import wraps

import numpy as np

from credit_scoring.core.settings import Settings
from credit_scoring.evaluation.confidence_intervals import Interval, auc_difference, auc_interval, mean_interval
from credit_scoring.evaluation.metrics import calibration_error, calibration_error_by_chance
from credit_scoring.model_registry.evidence import EvaluatedVersion, Evidence, OutOfFold
from credit_scoring.model_registry.gate_result import FAIRNESS_GATE, GateResult

Gate = Callable[[Evidence], GateResult]

GATES: dict[str, Gate] = {}
"""Every gate of this program by name, in the order of evaluation."""


def gate(evaluate: Callable[[Evidence], tuple[bool, str]]) -> Gate:
    """Register a function that returns whether its gate passes, and the message, as a gate of its name."""

    @wraps(evaluate)
    def evaluate_gate(evidence: Evidence) -> GateResult:
        passed, message = evaluate(evidence)
        return GateResult(gate=evaluate.__name__, passed=passed, message=message)

    GATES[evaluate.__name__] = evaluate_gate
    return evaluate_gate


def evaluate_gates(evidence: Evidence) -> list[GateResult]:
    """The results of all gates of this program."""
    return [evaluate(evidence) for evaluate in GATES.values()]


def missing_fairness_audit(reported: Sequence[GateResult], settings: Settings) -> GateResult | None:
    """The failed fairness gate of a version that was not audited at the current limit; None if it was.

    It cannot be waived: only a measured result can be overridden.
    """
    found = next((result for result in reported if result.gate == FAIRNESS_GATE), None)
    limit = settings.promotion.min_acceptance_ratio
    if found is None:
        message = "decisions were never audited by group; run `credit-scoring audit` first"
    elif found.limit != limit:
        message = f"audited at the limit {found.limit}, now {limit} is set; run `credit-scoring audit` again"
    else:
        return None
    return GateResult(gate=FAIRNESS_GATE, passed=False, message=message, limit=limit)


@gate
def not_synthetic(evidence: Evidence) -> tuple[bool, str]:
    """A model that decides on real clients is trained on real clients."""
    source, champion = evidence.candidate.description.source, evidence.champion
    if source == "synthetic" and champion is not None and champion.description.source == "real":
        return False, f"the data is synthetic, and version {champion.number} in production was trained on real clients"
    if source == "synthetic" and not evidence.allow_synthetic:
        return False, "the data is synthetic; for a demonstration add --allow-synthetic"
    return True, f"the data is {source}" + (", which was allowed" if source == "synthetic" else "")


@gate
def better_than_chance(evidence: Evidence) -> tuple[bool, str]:
    """The ranking beats chance, and the decisions cost less than accepting or refusing everyone."""
    out_of_fold = evidence.candidate.out_of_fold
    missed_default_cost = evidence.settings.cost.missed_default
    auc = auc_interval(out_of_fold.probability, out_of_fold.default)
    cost = float(evidence.candidate.costs(missed_default_cost).mean())
    rate = float(out_of_fold.default.mean())
    trivial = min(rate * missed_default_cost, 1.0 - rate)
    message = f"AUC {auc} against 0.5, cost per client {cost:.4f} against {trivial:.4f} for deciding alike on all"
    return auc.low > 0.5 and cost < trivial, message


@gate
def auc_not_worse(evidence: Evidence) -> tuple[bool, str]:
    """The ranking is not significantly worse than the champion's (DeLong's interval)."""
    if isinstance(champion := _comparable_champion(evidence), str):
        return True, champion
    own, other = evidence.candidate.out_of_fold, champion.out_of_fold
    if own.has_same_clients(other):
        difference = auc_difference(own.probability, other.probability, own.default)
    else:
        difference = _independent_difference(
            auc_interval(own.probability, own.default), auc_interval(other.probability, other.default)
        )
    message = f"AUC minus that of version {champion.number}: {difference}, {_how_compared(own, other)}"
    return difference.high >= 0, message


@gate
def cost_not_worse(evidence: Evidence) -> tuple[bool, str]:
    """Errors do not cost significantly more than the champion's (bootstrap interval)."""
    if isinstance(champion := _comparable_champion(evidence), str):
        return True, champion
    candidate, missed_default_cost = evidence.candidate, evidence.settings.cost.missed_default
    own, other = candidate.costs(missed_default_cost), champion.costs(missed_default_cost)
    if candidate.out_of_fold.has_same_clients(champion.out_of_fold):
        difference = mean_interval(own - other)
    else:
        difference = _independent_difference(mean_interval(own), mean_interval(other))
    how = _how_compared(candidate.out_of_fold, champion.out_of_fold)
    return (difference.low <= 0, f"cost per client minus that of version {champion.number}: {difference}, {how}")


@gate
def calibrated(evidence: Evidence) -> tuple[bool, str]:
    """A probability of 8 % means that 8 of 100 default."""
    out_of_fold = evidence.candidate.out_of_fold
    error = calibration_error(out_of_fold.probability, out_of_fold.default)
    chance = calibration_error_by_chance(out_of_fold.probability)
    limit = evidence.settings.promotion.max_calibration_error
    message = f"calibration error {error:.4f}, allowed {limit:.4f} plus {chance:.4f} explained by chance"
    return error <= limit + chance, message


@gate
def features_served(evidence: Evidence) -> tuple[bool, str]:
    """The service computes exactly the features of the model."""
    return compare_features(evidence.candidate.description.feature_names, evidence.served_features)


def compare_features(required: tuple[str, ...], served: tuple[str, ...] | str) -> tuple[bool, str]:
    """Whether the required features are served in the same order, and the message; a text says why none are served."""
    if isinstance(served, str):
        return False, served
    missing = [name for name in required if name not in set(served)]
    if missing:
        message = f"{len(missing)} of {len(required)} features are not served, the first is {missing[0]}"
    elif required != served:
        message = f"needs {len(required)} features, the service gives {len(served)} or another order"
    else:
        message = f"all {len(required)} features are served"
    return required == served, message


@gate
def fast_enough(evidence: Evidence) -> tuple[bool, str]:
    """Scoring one application fits the service's time budget."""
    limit = evidence.settings.promotion.max_latency_milliseconds
    message = f"one application takes {evidence.single_row_milliseconds:.2f} ms, allowed {limit:g} ms"
    return evidence.single_row_milliseconds <= limit, message


def _comparable_champion(evidence: Evidence) -> EvaluatedVersion | str:
    """The version to compare with, or the reason why there is none."""
    champion = evidence.champion
    if champion is None:
        return "no version is in production yet"
    if champion.description.source != evidence.candidate.description.source:
        # `not_synthetic` fails a synthetic candidate here, so the candidate is the real one.
        return f"version {champion.number} in production was trained on {champion.description.source} clients"
    return champion


def _independent_difference(own: Interval, other: Interval) -> Interval:
    """Difference of two estimates from different clients; half widths add up in quadrature."""
    estimate = own.value - other.value
    below = np.hypot(own.value - own.low, other.high - other.value)
    above = np.hypot(own.high - own.value, other.value - other.low)
    return Interval(estimate, float(estimate - below), float(estimate + above))


def _how_compared(own: OutOfFold, other: OutOfFold) -> str:
    if own.has_same_clients(other):
        return f"on the same {len(own.default):,} clients"
    return f"on {len(own.default):,} clients and {len(other.default):,} others"
