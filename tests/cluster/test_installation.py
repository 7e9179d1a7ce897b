"""The installed release answers, refuses, and passes the tests of its chart."""

import json
from pathlib import Path

import pytest

from tests.support.cluster.release import Release
from tests.support.containers import output_of


def test_all_pods_are_ready_and_none_was_restarted(release: Release) -> None:
    pods = [pod for component in ("api", "mlflow", "postgres") for pod in release.pods(component)]
    states = [state for pod in pods for state in pod["status"]["containerStatuses"]]
    assert len(pods) == 5
    assert all(state["ready"] for state in states)
    assert not any(state["restartCount"] for state in states)


def test_replicas_are_spread_over_the_nodes(release: Release) -> None:
    nodes = json.loads(release.cluster("get", "nodes", "--output", "json"))["items"]
    used = {pod["spec"]["nodeName"] for pod in release.pods("api")}
    assert len(used) == min(len(nodes), 3)


def test_the_tests_of_the_chart_pass(release: Release) -> None:
    output = release.helm("test", release.name, "--logs", "--timeout", "5m", timeout_seconds=330)
    assert output.count("Phase:          Succeeded") == 3, output


def test_the_test_of_denied_connections_fails_without_network_policies(release: Release) -> None:
    saved = json.loads(release.kubectl("get", "networkpolicies", "--output", "json"))["items"]
    release.kubectl("delete", "networkpolicies", "--all")
    try:
        with pytest.raises(AssertionError, match="can be reached"):
            release.helm(
                *("test", release.name, "--logs", "--timeout", "3m"),
                *("--filter", f"name={release.name}-denied-test"),
                timeout_seconds=200,
            )
    finally:
        for policy in saved:
            policy["metadata"] = {name: policy["metadata"][name] for name in ("name", "labels", "annotations")}
        release.apply(*saved)


def test_the_smoke_test_passes_through_the_ingress(release: Release, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(release.key)
    output = output_of("credit-scoring", "smoke", release.address, "--key-file", key)
    assert "failed" not in output.lower()


@pytest.mark.parametrize("path", ["/metrics", "/health/ready", "/health/live"])
def test_what_needs_no_key_is_not_published(release: Release, path: str) -> None:
    with release.client() as client:
        assert client.get(path).status_code == 404


def test_a_request_without_a_key_is_refused_by_the_service(release: Release) -> None:
    with release.client() as client:
        assert client.post("/predict", headers={"X-API-Key": ""}, json={}).status_code == 401
