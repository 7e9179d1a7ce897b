"""Rolling updates and rollbacks at fifty requests per second, of which none fails."""

from tests.cluster.test_disruptions import failures_of
from tests.support.cluster.load import Load
from tests.support.cluster.release import Release


def test_an_update_of_the_image_and_its_rollback_fail_no_request(release: Release, under_load: Load) -> None:
    revision = release.revision()
    before = _images(release)
    release.upgrade(f"api.image.tag={release.next_tag}")
    assert _images(release) != before
    release.helm("rollback", release.name, str(revision), "--wait", "--timeout", "10m", timeout_seconds=630)
    assert _images(release) == before
    assert failures_of(under_load) == []


def test_an_update_of_the_configuration_replaces_all_pods_and_fails_no_request(
    release: Release, under_load: Load
) -> None:
    before = {pod["metadata"]["name"] for pod in release.pods("api")}
    release.upgrade("logLevel=DEBUG")
    assert before.isdisjoint(pod["metadata"]["name"] for pod in release.pods("api"))
    release.upgrade()
    assert failures_of(under_load) == []


def _images(release: Release) -> set[str]:
    """Digests of the images that the replicas run."""
    return {state["imageID"] for pod in release.pods("api") for state in pod["status"]["containerStatuses"]}
