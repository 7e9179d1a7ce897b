"""The autoscaler follows the load from 3 to 10 replicas and back, and no request fails."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.cluster.load import summary
from tests.support.cluster.release import Release
from tests.support.cluster.scaling import Sample, record, sampled

# The product's stabilisation of five minutes would make this test ten minutes longer, and show nothing else.
SCALING = (
    *("api.autoscaling.enabled=true", "api.resources.requests.cpu=40m"),
    *("api.autoscaling.scaleDown.stabilizationSeconds=60", "api.autoscaling.scaleDown.periodSeconds=15"),
)
PER_SECOND = float(os.environ.get("SCALING_PER_SECOND", "100"))
CALM_PER_SECOND = 5.0
RESULTS = Path(os.environ.get("SCALING_RESULTS", "dist/scaling.json"))
LIMIT_SECONDS = 420


def test_replicas_go_from_3_to_10_under_load_and_back_and_no_request_fails(
    release: Release, measured: Callable[[str], None]
) -> None:
    release.upgrade(*SCALING)
    samples: list[Sample] = []
    try:
        with release.load(CALM_PER_SECOND) as load:
            started = time.time()
            _sample(release, samples, 40, lambda sample: False)
            assert samples[-1].replicas == 3
            load.change_rate(PER_SECOND)
            _sample(release, samples, LIMIT_SECONDS, lambda sample: sample.ready == 10)
            risen = time.time()
            _sample(release, samples, 30, lambda sample: False)
            load.change_rate(CALM_PER_SECOND)
            calmed = time.time()
            _sample(release, samples, LIMIT_SECONDS, lambda sample: sample.replicas == 3)
            fallen = time.time()
            time.sleep(10)
        record(RESULTS, samples, load.requests)
        failures = [request for request in load.requests if not request.answered]
        measured(
            f"autoscaler at {PER_SECOND:.0f} requests/s: 10 replicas ready after {risen - started - 40:.0f} s, "
            f"3 again {fallen - calmed:.0f} s after the load ended; {summary(load.requests)}"
        )
        assert max(sample.ready for sample in samples) == 10
        assert samples[-1].replicas == 3
        assert failures == []
    finally:
        release.upgrade()


def _sample(release: Release, samples: list[Sample], seconds: float, enough: Callable[[Sample], bool]) -> None:
    """Take samples for some seconds, or until one suffices."""
    deadline = time.time() + seconds
    while time.time() < deadline:
        samples.append(sampled(release))
        if enough(samples[-1]):
            return
        time.sleep(1)
