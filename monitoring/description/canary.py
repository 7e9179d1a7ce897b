"""What a new version is judged by beside the present one: canaries, and the watch after a deployment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from monitoring.description import limits, measures

ERROR_SHARE: Final = 0.01
REFUSED_SHARE_DISTANCE: Final = 0.05
MINIMUM_DECISIONS: Final = 50


@dataclass(frozen=True)
class Criterion:
    """One query and its bound.

    Attributes:
        query: of window, matchers of the candidate's series, and those of the stable version's.
        minimum, maximum: bounds of its value, one of them.
        compares: whether the query needs a stable version beside the candidate.
    """

    name: str
    title: str
    query: Callable[[str, str, str], str]
    minimum: float | None = None
    maximum: float | None = None
    compares: bool = False

    def is_met(self, value: float | None) -> bool:
        """Whether a value passes; None is an empty answer.

        A maximum passes without a value, as in quiet periods; a minimum does not, so that a canary that is not
        measured at all is never promoted.
        """
        if value is None or value != value:
            return self.minimum is None
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)

    @property
    def condition(self) -> str:
        """The same in the language of Argo Rollouts, which fails on the index of an empty result."""
        if self.minimum is not None:
            return f"len(result) > 0 && !isNaN(result[0]) && result[0] >= {self.minimum:g}"
        return f"len(result) == 0 || isNaN(result[0]) || result[0] <= {self.maximum:g}"


def _decisions(window: str, candidate: str, stable: str) -> str:
    return f"sum (increase(credit_predictions_total{{{candidate}}}[{window}]))"


def _distance(window: str, candidate: str, stable: str) -> str:
    return f"abs(({measures.refused_share(window, candidate)}) - ({measures.refused_share(window, stable)}))"


CRITERIA: Final = (
    Criterion("decisions", "Decisions that the judgement rests on", _decisions, minimum=MINIMUM_DECISIONS),
    Criterion(
        "errors",
        "Share of server errors",
        lambda window, new, old: measures.error_share(window, new),
        maximum=ERROR_SHARE,
    ),
    Criterion(
        "latency",
        "95th percentile of a decision's time, in seconds",
        lambda window, new, old: measures.latency(0.95, window, new),
        maximum=limits.LATENCY_OBJECTIVE_SECONDS,
    ),
    Criterion(
        "refusals",
        "Distance of the share of refusals to the stable version's",
        _distance,
        maximum=REFUSED_SHARE_DISTANCE,
        compares=True,
    ),
    Criterion(
        "spool",
        "Decisions that wait for the ledger's database during the whole window",
        lambda window, new, old: measures.waiting_decisions(window, new),
        maximum=0,
    ),
)


@dataclass(frozen=True)
class Plan:
    """How a canary goes on.

    Attributes:
        weights: shares of the traffic in percent, one after the other; 100 follows by itself.
        window_seconds: of the queries; as long is waited after each change of the weight.
        measurements: at each weight.
        interval_seconds: between them.
        failure_limit: measurements at one weight that may fail.
    """

    weights: tuple[int, ...] = (10, 25, 50)
    window_seconds: int = 300
    measurements: int = 5
    interval_seconds: float = 60
    failure_limit: int = 1


PLAN: Final = Plan()
