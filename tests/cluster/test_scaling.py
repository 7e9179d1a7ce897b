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
CALM_SECONDS = 40


def test_replicas_go_from_3_to_10_under_load_and_back_and_no_request_fails(
    release: Release, measured: Callable[[str], None]
) -> None:
    samples: list[Sample] = []
    try:
        release.kubectl("delete", "events", "--all")
        release.upgrade(*SCALING)
        events = release.kubectl("get", "events", "--field-selector", "involvedObject.kind=HorizontalPodAutoscaler")
        assert "below Spec.MinReplicas" not in events, "The switch to the autoscaler ended replicas."
        with release.load(CALM_PER_SECOND) as load:
            # What the start of a replica costs makes the autoscaler add some, until they are calm.
            _sample(release, [], LIMIT_SECONDS, lambda sample: sample.replicas == sample.ready == 3)
            _sample(release, samples, CALM_SECONDS, lambda sample: False)
            assert samples[-1].replicas == 3
            started = time.time()
            load.change_rate(PER_SECOND)
            _sample(release, samples, LIMIT_SECONDS, lambda sample: sample.ready == 10)
            risen = time.time()
            _sample(release, samples, 30, lambda sample: False)
            load.change_rate(CALM_PER_SECOND)
            calmed = time.time()
            _sample(release, samples, LIMIT_SECONDS, lambda sample: sample.replicas == 3)
            fallen = time.time()
            time.sleep(10)
        begin = samples[0].time
        record(RESULTS, samples, [request for request in load.requests if request.due >= begin])
        failures = [request for request in load.requests if not request.answered]
        measured(
            f"autoscaler at {PER_SECOND:.0f} requests/s: 10 replicas ready after {risen - started:.0f} s, "
            f"3 again {fallen - calmed:.0f} s after the load ended; {summary(load.requests)}"
        )
        assert max(sample.ready for sample in samples) == 10
        assert samples[-1].replicas == 3
        assert failures == []
    finally:
        # The number of replicas is the autoscaler's, until someone takes it.
        release.upgrade(options=("--force-conflicts",))


def _sample(release: Release, samples: list[Sample], seconds: float, enough: Callable[[Sample], bool]) -> None:
    """Take samples for some seconds, or until one suffices."""
    deadline = time.time() + seconds
    while time.time() < deadline:
        samples.append(sampled(release))
        if enough(samples[-1]):
            return
        time.sleep(1)
