"""The programs under test, and which versions they are."""

import os

import pytest

from tests.monitoring.programs import IMAGES, Programs, debian_programs, image_programs


@pytest.fixture(scope="session", params=("debian", "images"))
def programs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Programs:
    """The programs of each origin; those of the images only where an engine has them."""
    if request.param == "debian":
        return debian_programs()
    found = image_programs(tmp_path_factory.mktemp("programs"))
    if found is None:
        pytest.skip("not run: no container engine has the images of Prometheus and Alertmanager")
    return found


@pytest.fixture(scope="session")
def live_programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    """The programs of the live test: those of the images if LIVE_PROGRAMS=images, else Debian's."""
    if os.environ.get("LIVE_PROGRAMS") == "images":
        found = image_programs(tmp_path_factory.mktemp("programs"))
        assert found is not None, "no container engine has the images of Prometheus and Alertmanager"
        return found
    return debian_programs()


def pytest_report_header() -> str:
    """The versions, so that a report says what was tested."""
    return f"Prometheus and Alertmanager: Debian's {debian_programs().versions}; images {', '.join(IMAGES)}"
