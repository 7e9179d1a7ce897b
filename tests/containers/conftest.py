"""Images and a running platform, once for all tests of this folder."""

import os
import re
from collections.abc import Iterator

import pytest

from tests.support.containers import output_of
from tests.support.platform import Platform


@pytest.fixture(scope="session", autouse=True)
def compressed_megabytes() -> Iterator[dict[str, int]]:
    """All images, built from this checkout, with their compressed sizes."""
    printed = output_of("scripts/containers/build_images.sh", timeout_seconds=900)
    print(printed)
    yield {name: int(size) for name, size in re.findall(r"^(credit-scoring-\S+) +\d+ +(\d+)", printed, re.MULTILINE)}
    if os.environ.get("CI"):
        # Each build without cache leaves gigabytes; on a developer's machine they may belong to other projects.
        output_of("docker", "builder", "prune", "--force", "--keep-storage", "6GB")


@pytest.fixture(scope="session")
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform after its first start, with all profiles; all logs are printed if a test failed."""
    running = Platform(tmp_path_factory.mktemp("platform"))
    failed_before = request.session.testsfailed
    try:
        running.up("airflow")
        yield running
    finally:
        if request.session.testsfailed > failed_before or os.environ.get("SHOW_LOGS"):
            print(running.logs("40"))
        running.remove()
