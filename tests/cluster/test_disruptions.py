"""Pods and nodes go away; callers notice nothing, except while the only PostgreSQL restarts."""

import json
import time
from collections.abc import Callable

import pytest

from tests.support.cluster.load import Load, Request
from tests.support.cluster.release import Release

# Longer than a pod that ends keeps answering, so that failures after its end are counted too.
AFTERWARDS_SECONDS = 10


def test_when_a_replica_is_deleted_no_request_fails(release: Release, under_load: Load) -> None:
    _delete_one(release, "api")
    assert failures_of(under_load) == []


def test_when_mlflow_is_deleted_no_request_fails(release: Release, under_load: Load) -> None:
    _delete_one(release, "mlflow")
    assert failures_of(under_load) == []


def test_when_postgres_is_deleted_the_service_returns_by_itself_and_all_rows_are_there(
    release: Release, under_load: Load, measured: Callable[[str], None]
) -> None:
    restarts = _restarts(release)
    before = int(release.sql("SELECT count(*) FROM ledger_decisions"))
    deleted_at = time.time()
    _delete_one(release, "postgres")
    failures = failures_of(under_load)
    answered = sum(request.answered and request.due < deleted_at for request in under_load.requests)
    assert int(release.sql("SELECT count(*) FROM ledger_decisions")) >= max(before, answered)
    seconds = max(request.due + request.seconds for request in failures) - deleted_at if failures else 0.0
    measured(f"PostgreSQL deleted: last failure {seconds:.0f} s later, {len(failures)} requests failed")
    assert {request.status for request in failures} <= {503}
    assert _restarts(release) == restarts, "A replica was restarted, which does not help against a missing database."


def test_when_a_node_is_drained_the_budget_holds_and_no_request_fails(
    release: Release, under_load: Load, measured: Callable[[str], None]
) -> None:
    (postgres,) = release.pods("postgres")
    kept = postgres["spec"]["nodeName"]
    nodes = [node["metadata"]["name"] for node in json.loads(release.cluster("get", "nodes", "-o", "json"))["items"]]
    others = [name for name in nodes if name != kept]
    if not others:
        pytest.skip("a cluster of one node")
    # All replicas come to the other nodes, so that the budget has something to refuse.
    release.cluster("cordon", kept)
    try:
        for pod in _on(release, kept):
            release.kubectl("delete", "pod", pod)
            release.wait_until_ready("api")
    finally:
        release.cluster("uncordon", kept)
    drained = next(name for name in others if _on(release, name))
    before = len(_on(release, drained))
    started = time.monotonic()
    try:
        ready = _ready_after_each_eviction(release, drained)
    finally:
        release.cluster("uncordon", drained)
    measured(
        f"drain of a node with {before} of 3 replicas: {time.monotonic() - started:.0f} s, "
        f"ready after each eviction: {ready}"
    )
    assert _on(release, drained) == []
    release.wait_until_ready("api", "mlflow")
    assert len(ready) == before and min(ready) >= 2
    assert failures_of(under_load) == []


def _delete_one(release: Release, component: str) -> None:
    release.kubectl("delete", "pod", release.pods(component)[0]["metadata"]["name"])
    release.wait_until_ready(component)


def failures_of(load: Load) -> list[Request]:
    """The requests that failed, once those of a pod that ended would have."""
    time.sleep(AFTERWARDS_SECONDS)
    load.stop()
    return [request for request in load.requests if not request.answered]


def _restarts(release: Release) -> int:
    return sum(state["restartCount"] for pod in release.pods("api") for state in pod["status"]["containerStatuses"])


def _on(release: Release, node: str) -> list[str]:
    return [pod["metadata"]["name"] for pod in release.pods("api") if pod["spec"]["nodeName"] == node]


def _ready_after_each_eviction(release: Release, node: str) -> list[int]:
    """Drain a node; how many replicas were ready right after each eviction from it.

    A replica may also be unready because processors are short, which is no eviction and does not count.
    """
    remaining, counts = set(_on(release, node)), []
    with release.draining(node, f"app.kubernetes.io/instance={release.name}") as drain:
        while drain.poll() is None or remaining:
            pods = release.pods("api")
            evicted = remaining - {pod["metadata"]["name"] for pod in pods}
            if evicted:
                remaining -= evicted
                ready = sum(state["ready"] for pod in pods for state in pod["status"].get("containerStatuses", ()))
                counts += [ready] * len(evicted)
            assert drain.poll() in (None, 0), "The node was not drained."
            time.sleep(0.2)
    return counts
