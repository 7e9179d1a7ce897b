"""A canary with a real Traefik that splits the traffic and a real Prometheus as its judge."""

import time
from pathlib import Path

import pytest

from monitoring.description.canary import CRITERIA, Criterion, Plan
from scripts.delivery.canary import Outcome, run_canary
from scripts.delivery.judgement import Prometheus, judge
from tests.support.waiting import until
from tests.workflows.versions import Split, Version, split_traffic

WINDOW_SECONDS = 8
PLAN = Plan(weights=(50, 80), window_seconds=WINDOW_SECONDS, measurements=2, interval_seconds=1, failure_limit=1)


def canary(split: Split) -> Outcome:
    """Run the plan."""
    prometheus = Prometheus(split.prometheus)

    def series(version: str) -> str:
        return f'job="credit-api", version="{version}"'

    return run_canary(
        PLAN, split.set_weight, lambda: judge(prometheus, f"{WINDOW_SECONDS}s", series("candidate"), series("stable"))
    )


def loses_all_traffic(version: Version) -> None:
    """Wait until Traefik has read its file and requests in progress are answered: a second without one."""

    def is_quiet() -> bool:
        before = version.answered
        time.sleep(1)
        return version.answered == before

    until(is_quiet)


def test_a_good_version_gets_its_share_of_the_traffic_and_is_promoted(tmp_path: Path) -> None:
    with split_traffic(Version(), tmp_path) as split:
        assert canary(split) == Outcome(True, (50, 80, 100))
        loses_all_traffic(split.stable)
        before = split.stable.answered, split.candidate.answered
        until(lambda: split.candidate.answered >= before[1] + 50)
        assert split.stable.answered == before[0] > 0, "all traffic is the new version's"


@pytest.mark.parametrize(
    ("bad", "criterion"),
    [
        (Version(error_share=0.2), "errors"),
        (Version(seconds=0.8), "latency"),
        (Version(refused_share=0.9), "refusals"),
        (Version(spooled=3), "spool"),
    ],
    ids=["errors", "slow", "other decisions", "spool"],
)
def test_a_bad_version_is_aborted_at_its_first_weight_and_loses_all_traffic(
    bad: Version, criterion: str, tmp_path: Path
) -> None:
    with split_traffic(bad, tmp_path) as split:
        outcome = canary(split)
        loses_all_traffic(bad)
        before = bad.answered, split.stable.answered
        until(lambda: split.stable.answered >= before[1] + 50)
        assert bad.answered == before[0] > 0, "no request reaches it any more"
    assert not outcome.promoted and outcome.weights == (50, 0)
    assert criterion in outcome.failed


def test_a_version_that_is_not_measured_is_never_promoted(tmp_path: Path) -> None:
    with split_traffic(Version(), tmp_path) as split:
        prometheus = Prometheus(split.prometheus)
        verdict = judge(prometheus, "8s", 'job="credit-api", version="absent"', 'job="credit-api", version="stable"')
    assert [one.name for one in verdict.failed] == ["decisions"]


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda one: one.name)
def test_conditions_for_argo_are_safe_on_empty_answers(criterion: Criterion) -> None:
    guards = ("len(result) > 0 && !isNaN", "len(result) == 0 || isNaN")
    assert criterion.condition.startswith(guards[criterion.minimum is None])
    for empty in (None, float("nan")):
        assert criterion.is_met(empty) is (criterion.minimum is None)
