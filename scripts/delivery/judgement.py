"""Prometheus as the judge of a version: are the criteria of monitoring/description/canary.py met?"""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass

from monitoring.description.canary import CRITERIA, Criterion
from scripts.delivery.programs import output_of
from scripts.delivery.release import DeliveryError


@dataclass(frozen=True)
class Prometheus:
    """A Prometheus server.

    Attributes:
        address: http(s) URL, or NAMESPACE/SERVICE:PORT, which is read through the cluster's API server.
    """

    address: str

    def value_of(self, query: str) -> float | None:
        """The first sample of an instant query; None if there is none."""
        path = "/api/v1/query?" + urllib.parse.urlencode({"query": query})
        if self.address.startswith(("http://", "https://")):
            with urllib.request.urlopen(self.address.rstrip("/") + path, timeout=30) as answer:  # nosec B310
                text = answer.read().decode()
        else:
            namespace, _, service = self.address.partition("/")
            text = output_of(
                "kubectl", "get", "--raw", f"/api/v1/namespaces/{namespace}/services/{service}/proxy{path}"
            )
        result = json.loads(text)["data"]["result"]
        return float(result[0]["value"][1]) if result else None


@dataclass(frozen=True)
class Verdict:
    """What the criteria say at one moment.

    Attributes:
        values: by name of the criterion; None without a sample.
        failed: criteria that are not met.
    """

    values: dict[str, float | None]
    failed: tuple[Criterion, ...]


def judge(
    prometheus: Prometheus, window: str, candidate: str, stable: str = "", criteria: Iterable[Criterion] = CRITERIA
) -> Verdict:
    """Measure every criterion once; without a stable version those that compare are left out.

    Args:
        window: as 5m.
        candidate, stable: matchers of the series of each version.
    """
    used = [one for one in criteria if stable or not one.compares]
    values = {one.name: prometheus.value_of(one.query(window, candidate, stable)) for one in used}
    return Verdict(values, tuple(one for one in used if not one.is_met(values[one.name])))


def watch(prometheus: Prometheus, candidate: str, minutes: float, interval_seconds: float = 60) -> Verdict:
    """Judge once in each interval, and raise at the second judgement that fails.

    A quiet environment is not a bad one: the number of decisions does not count here.

    Raises:
        DeliveryError: with the criteria that are not met.
    """
    criteria = [one for one in CRITERIA if one.minimum is None]
    failures = 0
    verdict = Verdict({}, ())
    for _ in range(max(2, round(minutes))):
        time.sleep(interval_seconds)
        verdict = judge(prometheus, "2m", candidate, criteria=criteria)
        print(" ".join(f"{name}={value}" for name, value in verdict.values.items()))
        failures += bool(verdict.failed)
        if failures > 1:
            names = ", ".join(f"{one.title}: {verdict.values[one.name]}" for one in verdict.failed)
            raise DeliveryError(f"Prometheus finds the release bad: {names}.")
    return verdict
