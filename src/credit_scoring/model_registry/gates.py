"""The gates between Staging and Production: each looks at the evidence and gives one verdict, with its reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from credit_scoring.core.settings import Settings
from credit_scoring.evaluation.calibration_error import calibration_error, calibration_error_by_chance
from credit_scoring.evaluation.client_costs import client_costs
from credit_scoring.evaluation.confidence_intervals import (
    Interval,
    auc_difference,
    auc_interval,
    mean_interval,
)
from credit_scoring.model_registry.gate_result import FAIRNESS_GATE, Verdict
from credit_scoring.scoring.scorer import ScorerDescription


@dataclass(frozen=True)
class OutOfFold:
    """Predictions of clients a model was not fitted on, sorted by client.

    Attributes:
        client_ids, default, probability: (n,); 1 for a default; calibrated probabilities.
    """

    client_ids: np.ndarray
    default: np.ndarray
    probability: np.ndarray

    def has_same_clients(self, other: "OutOfFold") -> bool:
        """Whether both speak of the same clients with the same outcome, so that they can be compared pair by pair."""
        return np.array_equal(self.client_ids, other.client_ids) and np.array_equal(
            self.default, other.default
        )


@dataclass(frozen=True)
class Contender:
    """A version and how it did out of fold."""

    number: int
    description: ScorerDescription
    out_of_fold: OutOfFold

    def costs(self, missed_default_cost: float) -> np.ndarray:
        """What its decision about each client costs (n,)."""
        refused = self.out_of_fold.probability >= self.description.threshold
        return client_costs(refused, self.out_of_fold.default, missed_default_cost)


@dataclass(frozen=True)
class Evidence:
    """All that gates may look at.

    Attributes:
        champion: the version in production, if there is one.
        served_features: what the service computes, in order; or the reason why it computes none.
        single_row_milliseconds: median time of the candidate for one application.
        allow_synthetic: whether a model that learned from generated clients may go into production.
    """

    candidate: Contender
    champion: Contender | None
    served_features: tuple[str, ...] | str
    single_row_milliseconds: float
    allow_synthetic: bool
    settings: Settings


Gate = Callable[[Evidence], Verdict]


def judge(evidence: Evidence) -> list[Verdict]:
    """The verdicts of all gates of this program."""
    return [gate(evidence) for gate in GATES]


def audited(reported: Sequence[Verdict], settings: Settings) -> Verdict | None:
    """The refusal of a version whose decisions were not audited by group at the limit that is set; None if they were.

    It cannot be waived: only what was measured can be overruled.
    """
    found = next((verdict for verdict in reported if verdict.gate == FAIRNESS_GATE), None)
    limit = settings.promotion.min_acceptance_ratio
    if found is None:
        says = "decisions were never audited by group; run `credit-scoring explain` first"
    elif found.limit != limit:
        says = f"audited at the limit {found.limit}, now {limit} is set; run `credit-scoring explain` again"
    else:
        return None
    return Verdict(gate=FAIRNESS_GATE, passed=False, says=says, limit=limit)


def not_synthetic(evidence: Evidence) -> Verdict:
    """Real clients are decided on by what was learned from real clients."""
    source, champion = evidence.candidate.description.source, evidence.champion
    if source == "synthetic" and champion is not None and champion.description.source == "real":
        says = f"the data is synthetic, and version {champion.number} in production learned from real clients"
        return Verdict(gate="not_synthetic", passed=False, says=says)
    if source == "synthetic" and not evidence.allow_synthetic:
        says = "the data is synthetic; for a demonstration add --allow-synthetic"
        return Verdict(gate="not_synthetic", passed=False, says=says)
    allowed = ", which was allowed" if source == "synthetic" else ""
    return Verdict(gate="not_synthetic", passed=True, says=f"the data is {source}{allowed}")


def better_than_chance(evidence: Evidence) -> Verdict:
    """Ranking beats a coin, and deciding beats accepting or refusing everybody."""
    out_of_fold = evidence.candidate.out_of_fold
    missed_default_cost = evidence.settings.cost.missed_default
    auc = auc_interval(out_of_fold.probability, out_of_fold.default)
    cost = float(evidence.candidate.costs(missed_default_cost).mean())
    rate = float(out_of_fold.default.mean())
    trivial = min(rate * missed_default_cost, 1.0 - rate)
    says = (
        f"AUC {auc} against 0.5, cost per client {cost:.4f} against {trivial:.4f} of one answer for everybody"
    )
    return Verdict(gate="better_than_chance", passed=auc.low > 0.5 and cost < trivial, says=says)


def auc_not_worse(evidence: Evidence) -> Verdict:
    """The ranking is not worse than the champion's, beyond noise (DeLong's interval)."""
    candidate, champion = evidence.candidate, evidence.champion
    if (without := _nothing_to_compare(evidence)) is not None or champion is None:
        return Verdict(gate="auc_not_worse", passed=True, says=without or "")
    mine, theirs = candidate.out_of_fold, champion.out_of_fold
    if mine.has_same_clients(theirs):
        difference = auc_difference(mine.probability, theirs.probability, mine.default)
    else:
        difference = _independent_difference(
            auc_interval(mine.probability, mine.default), auc_interval(theirs.probability, theirs.default)
        )
    says = f"AUC minus that of version {champion.number}: {difference}, {_how_compared(mine, theirs)}"
    return Verdict(gate="auc_not_worse", passed=difference.high >= 0, says=says)


def cost_not_worse(evidence: Evidence) -> Verdict:
    """Mistakes do not cost more than the champion's, beyond noise (bootstrap interval)."""
    candidate, champion = evidence.candidate, evidence.champion
    if (without := _nothing_to_compare(evidence)) is not None or champion is None:
        return Verdict(gate="cost_not_worse", passed=True, says=without or "")
    missed_default_cost = evidence.settings.cost.missed_default
    mine, theirs = candidate.costs(missed_default_cost), champion.costs(missed_default_cost)
    if candidate.out_of_fold.has_same_clients(champion.out_of_fold):
        difference = mean_interval(mine - theirs)
    else:
        difference = _independent_difference(mean_interval(mine), mean_interval(theirs))
    how = _how_compared(candidate.out_of_fold, champion.out_of_fold)
    says = f"cost per client minus that of version {champion.number}: {difference}, {how}"
    return Verdict(gate="cost_not_worse", passed=difference.low <= 0, says=says)


def calibrated(evidence: Evidence) -> Verdict:
    """A probability of 8 % means that 8 of 100 default."""
    out_of_fold = evidence.candidate.out_of_fold
    error = calibration_error(out_of_fold.probability, out_of_fold.default)
    chance = calibration_error_by_chance(out_of_fold.probability)
    limit = evidence.settings.promotion.max_calibration_error
    says = f"calibration error {error:.4f}, allowed {limit:.4f} and {chance:.4f} that chance explains"
    return Verdict(gate="calibrated", passed=error <= limit + chance, says=says)


def features_served(evidence: Evidence) -> Verdict:
    """The service computes every feature the model needs."""
    return compare_features(evidence.candidate.description.feature_names, evidence.served_features)


def compare_features(needed: tuple[str, ...], served: tuple[str, ...] | str) -> Verdict:
    """Whether what is served is what is needed, in the same order; a text says why nothing is served."""
    if isinstance(served, str):
        return Verdict(gate="features_served", passed=False, says=served)
    missing = [name for name in needed if name not in set(served)]
    if missing:
        says = f"{len(missing)} of {len(needed)} features are not served, the first is {missing[0]}"
    elif needed != served:
        says = f"needs {len(needed)} features, the service gives {len(served)} or another order"
    else:
        says = f"all {len(needed)} features are served"
    return Verdict(gate="features_served", passed=needed == served, says=says)


def fast_enough(evidence: Evidence) -> Verdict:
    """One application is scored in the time the service can spend on it."""
    limit = evidence.settings.promotion.max_latency_milliseconds
    says = f"one application takes {evidence.single_row_milliseconds:.2f} ms, allowed {limit:g} ms"
    return Verdict(gate="fast_enough", passed=evidence.single_row_milliseconds <= limit, says=says)


GATES: tuple[Gate, ...] = (
    not_synthetic,
    better_than_chance,
    auc_not_worse,
    cost_not_worse,
    calibrated,
    features_served,
    fast_enough,
)
"""Every gate of this program; a gate is added by adding its function here."""


def _nothing_to_compare(evidence: Evidence) -> str | None:
    champion = evidence.champion
    if champion is None:
        return "no version is in production yet"
    if champion.description.source != evidence.candidate.description.source:
        # `not_synthetic` refuses a synthetic candidate here, so the candidate is the real one.
        return f"version {champion.number} in production learned from {champion.description.source} clients"
    return None


def _independent_difference(mine: Interval, theirs: Interval) -> Interval:
    """Difference of two estimates from different clients; the half widths add up like deviations."""
    estimate = mine.value - theirs.value
    below = np.hypot(mine.value - mine.low, theirs.high - theirs.value)
    above = np.hypot(mine.high - mine.value, theirs.value - theirs.low)
    return Interval(estimate, float(estimate - below), float(estimate + above))


def _how_compared(mine: OutOfFold, theirs: OutOfFold) -> str:
    if mine.has_same_clients(theirs):
        return f"on the same {len(mine.default):,} clients"
    return f"on {len(mine.default):,} clients and {len(theirs.default):,} others"
