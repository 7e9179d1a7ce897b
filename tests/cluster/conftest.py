"""One release for all tests of this folder, watched from its installation to the end.

Each test leaves all pods ready. ``KUBECONFIG`` names the cluster, ``CLUSTER_INGRESS`` the address of its Ingress
controller; the images must be on its nodes (docs/KUBERNETES.md, Tests on a cluster).
"""

import os
import time
from collections.abc import Callable, Iterator

import pytest

from tests.support.cluster.load import Load, summary
from tests.support.cluster.release import Release, new_name
from tests.support.containers import ROOT

_ORDER = ("installation", "disruptions", "outage", "secrets", "updates", "airflow", "scaling", "previous", "whole_run")
_MEASURED = pytest.StashKey[list[str]]()
WATCHED_PER_SECOND = 5
MEASURED = ROOT / "dist" / "cluster-measured.txt"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What shows a broken installation comes first, what needs the whole run last."""
    items.sort(key=lambda item: _ORDER.index(item.path.stem.removeprefix("test_")))


def pytest_configure(config: pytest.Config) -> None:
    """Keep what tests measure."""
    config.stash[_MEASURED] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was measured."""
    terminalreporter.section("measured")
    for line in config.stash[_MEASURED]:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def measured(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Takes a line for the end of the run; the file has it at once, whatever ends the run."""
    MEASURED.parent.mkdir(exist_ok=True)
    MEASURED.write_text("")

    def take(line: str) -> None:
        pytestconfig.stash[_MEASURED].append(line)
        with MEASURED.open("a") as file:
            file.write(line + "\n")

    return take


@pytest.fixture(scope="session")
def release(measured: Callable[[str], None]) -> Iterator[Release]:
    """The chart, installed with a first model; removed in the end.

    ``CLUSTER_NAMESPACE`` names one that is there already, and stays, for single tests.
    """
    if existing := os.environ.get("CLUSTER_NAMESPACE"):
        found = Release(existing)
        found.publish_by_address()
        found.upgrade()
        yield found
        return
    installed = Release(new_name("release"))
    installed.create_namespace()
    try:
        started = time.monotonic()
        installed.install()
        measured(f"installation until all pods were ready, with a first model: {time.monotonic() - started:.0f} s")
        installed.publish_by_address()
        yield installed
    finally:
        installed.remove()


@pytest.fixture(scope="session")
def watched(release: Release) -> Iterator[Load]:
    """Requests through the Ingress during all tests."""
    with release.load(WATCHED_PER_SECOND) as load:
        yield load


@pytest.fixture(autouse=True)
def all_ready(release: Release, watched: Load, measured: Callable[[str], None]) -> Iterator[None]:
    """Every test begins and ends with all pods ready."""
    release.wait_until_ready("postgres", "mlflow", "api")
    assert watched.requests is not None
    yield
    release.wait_until_ready("postgres", "mlflow", "api")


@pytest.fixture
def under_load(release: Release, measured: Callable[[str], None], request: pytest.FixtureRequest) -> Iterator[Load]:
    """Fifty requests per second during the test."""
    with release.load(50) as load:
        time.sleep(2)
        yield load
    measured(f"{request.node.name}: {summary(load.requests)}")
