"""An upgrade from the first chart that installs, and the way back."""

import io
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.test_disruptions import failures_of
from tests.support.cluster.load import summary
from tests.support.cluster.release import Release, new_name
from tests.support.containers import ROOT

FIRST_COMMIT = "d6a3b008bf"
SMALL = ("api.replicas=2", "backup.enabled=false", "ingress.host=previous.localhost")


@pytest.fixture(scope="module")
def first_chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart as git has it."""
    folder = tmp_path_factory.mktemp("first")
    archive = subprocess.run(["git", "archive", FIRST_COMMIT, "helm"], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as content:
        content.extractall(folder, filter="data")
    return folder / "helm"


@pytest.fixture(scope="module")
def previous(first_chart: Path) -> Iterator[Release]:
    """A release of that chart, in a namespace of its own."""
    installed = Release(new_name("previous"), host="previous.localhost")
    installed.create_namespace()
    try:
        installed.install(*SMALL, chart=first_chart)
        yield installed
    finally:
        installed.remove()


def test_an_upgrade_from_the_first_chart_and_a_rollback_fail_no_request(
    previous: Release, measured: Callable[[str], None]
) -> None:
    with previous.load(20) as load:
        decisions = int(previous.sql("SELECT count(*) FROM ledger_decisions"))
        previous.upgrade(*SMALL)
        previous.helm("rollback", previous.name, "1", "--wait", "--timeout", "10m", timeout_seconds=630)
        failures = failures_of(load)
    assert int(previous.sql("SELECT count(*) FROM ledger_decisions")) >= decisions + len(load.requests) - len(failures)
    measured(f"upgrade from the first chart and rollback: {summary(load.requests)}")
    assert failures == []
