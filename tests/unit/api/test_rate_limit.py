"""The rate limit is a token bucket per caller."""

import pytest

from credit_scoring.api.security.rate_limit import RateLimit
from tests.unit.api.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limit(clock: Clock) -> RateLimit:
    return RateLimit(per_second=10, burst=20, now=clock)


def test_a_burst_is_allowed_and_then_the_steady_rate(limit: RateLimit, clock: Clock) -> None:
    for _ in range(20):
        assert limit.seconds_to_wait("a") == 0
        limit.charge("a", 1)
    assert limit.seconds_to_wait("a") == pytest.approx(0.1)
    clock.seconds += 0.1
    assert limit.seconds_to_wait("a") == 0


def test_a_batch_leaves_a_debt_that_later_requests_wait_for(limit: RateLimit, clock: Clock) -> None:
    limit.charge("a", 1000)
    assert limit.seconds_to_wait("a") == pytest.approx(98.1)
    clock.seconds += 98.2
    assert limit.seconds_to_wait("a") == 0


def test_callers_have_separate_budgets(limit: RateLimit) -> None:
    limit.charge("a", 1000)
    assert limit.seconds_to_wait("b") == 0


def test_a_budget_never_exceeds_a_burst(limit: RateLimit, clock: Clock) -> None:
    limit.charge("a", 1)
    clock.seconds += 1e6
    limit.charge("a", 20)
    assert limit.seconds_to_wait("a") == pytest.approx(0.1)
