"""What an autoscaler did: samples, and their picture (`make autoscaling-picture`)."""

import json
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from tests.support.cluster.load import Request
from tests.support.cluster.release import Release

BIN_SECONDS = 5
PICTURE = Path("docs/pictures/autoscaling.svg")


class Sample(NamedTuple):
    """The state of the service at one time.

    Attributes:
        time: seconds since 1970.
        replicas: that the autoscaler asks for.
        ready: replicas that receive requests.
        cores: processor time of all replicas per second.
    """

    time: float
    replicas: int
    ready: int
    cores: float


def sampled(release: Release) -> Sample:
    """A sample now; the processor time is that of metrics-server, some seconds old."""
    deployment = release.object("deployment", "api")
    selector = f"app.kubernetes.io/instance={release.name},app.kubernetes.io/component=api"
    usage = release.kubectl("top", "pods", "--selector", selector, "--no-headers")
    cores = sum(int(milli) for milli in re.findall(r" (\d+)m ", usage)) / 1000
    return Sample(time.time(), deployment["spec"]["replicas"], deployment["status"].get("readyReplicas", 0), cores)


def record(path: Path, samples: Sequence[Sample], requests: Sequence[Request]) -> None:
    """Write samples and requests."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [[request.due, request.seconds, request.answered] for request in requests]
    path.write_text(json.dumps({"samples": [list(sample) for sample in samples], "requests": rows}))


def draw(recorded: Path, picture: Path) -> None:
    """Draw load, replicas, processor time and latency over time, from a record."""
    content = json.loads(recorded.read_text())
    samples = np.array(content["samples"], dtype=float)
    requests = np.array(content["requests"], dtype=float)
    begin = samples[0, 0]
    bins = np.arange(0, requests[:, 0].max() - begin + BIN_SECONDS, BIN_SECONDS)
    position = np.digitize(requests[:, 0] - begin, bins) - 1
    figure, (load, replicas, cores, latency) = plt.subplots(4, 1, figsize=(9, 9), sharex=True, layout="constrained")
    counts = np.bincount(position[position >= 0], minlength=len(bins))
    load.step(bins, counts / BIN_SECONDS, where="post")
    load.set_ylabel("requests/s")
    failed = int((requests[:, 2] == 0).sum())
    load.set_title(f"{len(requests):,} requests through the Ingress, {failed} failed")
    replicas.step(samples[:, 0] - begin, samples[:, 1], where="post", label="wanted", linestyle="--")
    replicas.step(samples[:, 0] - begin, samples[:, 2], where="post", label="ready")
    replicas.set_ylim(0, 11)
    replicas.set_ylabel("replicas")
    replicas.legend(loc="upper right")
    cores.plot(samples[:, 0] - begin, samples[:, 3])
    cores.set_ylabel("cores, all replicas")
    for mark in (50, 95):
        values = [
            1000 * np.percentile(requests[position == number, 1], mark) if np.any(position == number) else np.nan
            for number in range(len(bins))
        ]
        latency.plot(bins, values, label=f"p{mark}")
    latency.set_yscale("log")
    latency.set_ylabel("latency, ms")
    latency.set_xlabel("seconds")
    latency.legend(loc="upper right")
    for axes in (load, replicas, cores, latency):
        axes.grid(alpha=0.3)
    figure.savefig(picture, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), PICTURE)
