"""The password of a database is changed while the service runs."""

import base64
import secrets
import time
from collections.abc import Callable

from tests.support.cluster.load import Load
from tests.support.cluster.release import Release


def test_a_changed_password_is_used_by_all_pods_after_an_upgrade(
    release: Release, under_load: Load, measured: Callable[[str], None]
) -> None:
    before = {pod["metadata"]["name"] for pod in release.pods("api")}
    old = _value(release, "credit_password")
    new = secrets.token_urlsafe(24)
    url = _value(release, "credit_url").replace(old, new)
    release.kubectl(
        *("patch", "secret", f"{release.name}-databases", "--type", "merge"),
        *("--patch", f'{{"stringData": {{"credit_password": "{new}", "credit_url": "{url}"}}}}'),
    )
    started = time.monotonic()
    release.upgrade()
    seconds = time.monotonic() - started
    assert before.isdisjoint(pod["metadata"]["name"] for pod in release.pods("api"))
    assert release.login_works("credit", new)
    assert not release.login_works("credit", old)
    time.sleep(10)
    under_load.stop()
    failed = sum(not request.answered for request in under_load.requests)
    measured(f"rotation of the password of `credit` by an upgrade: {seconds:.0f} s, {failed} requests failed")
    assert failed == 0


def _value(release: Release, key: str) -> str:
    return base64.b64decode(release.object("secret", "databases")["data"][key]).decode()
