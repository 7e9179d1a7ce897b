"""The decision logic of a canary, as Argo Rollouts executes it in a cluster, for any proxy that splits by weight."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from monitoring.description.canary import Plan
from scripts.delivery.judgement import Verdict


@dataclass(frozen=True)
class Outcome:
    """How a canary ended.

    Attributes:
        promoted: whether the candidate has all traffic; else it has none.
        weights: that it had, in percent, in order.
        failed: names of the criteria that aborted it.
    """

    promoted: bool
    weights: tuple[int, ...]
    failed: tuple[str, ...] = ()


def run_canary(plan: Plan, set_weight: Callable[[int], None], measure: Callable[[], Verdict]) -> Outcome:
    """Give the candidate more and more traffic while its criteria are met, and none as soon as they are not.

    Args:
        set_weight: gives the candidate this share of the traffic, in percent, and the stable version the rest.
        measure: judges the candidate now.
    """
    given: list[int] = []
    for weight in plan.weights:
        set_weight(weight)
        given.append(weight)
        time.sleep(plan.window_seconds)
        failures = 0
        for number in range(plan.measurements):
            if number:
                time.sleep(plan.interval_seconds)
            verdict = measure()
            failures += bool(verdict.failed)
            if failures > plan.failure_limit:
                set_weight(0)
                return Outcome(False, (*given, 0), tuple(one.name for one in verdict.failed))
    set_weight(100)
    return Outcome(True, (*given, 100))
