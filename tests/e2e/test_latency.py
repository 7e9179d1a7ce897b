"""The specification's limit on the latency of a decision."""

import statistics
import time

import httpx

CALLS = 200
P95_LIMIT_SECONDS = 0.2


def test_95_of_100_successive_decisions_are_answered_within_200_milliseconds(
    client: httpx.Client, applications: list[dict[str, object]]
) -> None:
    seconds = []
    for application in applications[:CALLS]:
        started = time.perf_counter()
        answer = client.post("/predict", json=application)
        seconds.append(time.perf_counter() - started)
        assert answer.status_code == 200
    assert len(seconds) == CALLS
    assert statistics.quantiles(seconds, n=20)[-1] < P95_LIMIT_SECONDS
