"""Images and a running platform, once for all tests of this folder."""

import os
from collections.abc import Iterator

import pytest

from tests.support.containers import output_of
from tests.support.platform import Platform


@pytest.fixture(scope="session", autouse=True)
def images() -> Iterator[None]:
    """All images, built from this checkout."""
    print(output_of("scripts/containers/build_images.sh", timeout_seconds=900))
    yield
    if os.environ.get("CI"):
        # Each build without cache leaves gigabytes; on a developer's machine they may belong to other projects.
        output_of("docker", "builder", "prune", "--force", "--keep-storage", "6GB")


@pytest.fixture(scope="session")
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform after its first start, with monitoring and logs; all logs are printed if a test failed."""
    running = Platform(tmp_path_factory.mktemp("platform"))
    failed_before = request.session.testsfailed
    try:
        running.up()
        yield running
    finally:
        if request.session.testsfailed > failed_before or os.environ.get("SHOW_LOGS"):
            print(running.logs("40"))
        running.remove()
