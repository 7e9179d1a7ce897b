"""What callers saw during all tests."""

from collections.abc import Callable

from tests.support.cluster.load import Load, summary


def test_at_least_99_percent_of_the_requests_of_the_whole_run_were_answered(
    watched: Load, measured: Callable[[str], None]
) -> None:
    requests = list(watched.requests)
    availability = sum(request.answered for request in requests) / len(requests)
    measured(f"whole run: {availability:.2%} of the requests were answered; {summary(requests)}")
    assert availability >= 0.99
