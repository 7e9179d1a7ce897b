"""The reverse proxy of `docker/proxy` for tests: nginx, unprivileged, on loopback, ended with the block."""

import os
import pwd
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.support.servers.certificates import write_certificate
from tests.support.servers.processes import free_port, running

TEMPLATE = Path(__file__).parents[3] / "docker" / "proxy" / "nginx.conf.template"
_NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_USER_WHEN_ROOT = "nobody"


class Proxy(NamedTuple):
    """A running proxy; the certificate is that of its TLS address."""

    url: str
    tls_url: str
    certificate: Path


@contextmanager
def running_proxy(
    urls: Sequence[str], *, timeout_seconds: int = 10, requests_per_second: int = 10_000, burst: int = 1_000
) -> Iterator[Proxy]:
    """Start the proxy in front of some replicas and yield its addresses."""
    assert _NGINX is not None, "nginx is not installed; scripts/install_servers.sh installs it"
    folder = Path(tempfile.mkdtemp(prefix="credit-proxy-"))
    port, tls_port = free_port(), free_port()
    certificate, key = write_certificate(folder)
    values = {
        "PROXY_PORT": f"127.0.0.1:{port}",
        "PROXY_TLS_PORT": f"127.0.0.1:{tls_port}",
        "PROXY_CERTIFICATE": str(certificate),
        "PROXY_CERTIFICATE_KEY": str(key),
        "PROXY_RESOLVER": "",
        "PROXY_SERVERS": " ".join(f"server {urlsplit(url).netloc};" for url in urls),
        "PROXY_DIRECTORY": str(folder),
        "PROXY_LOG": str(folder / "rejected"),
        "PROXY_TIMEOUT_SECONDS": str(timeout_seconds),
        "PROXY_REQUESTS_PER_SECOND": str(requests_per_second),
        "PROXY_BURST": str(burst),
    }
    configuration = folder / "nginx.conf"
    configuration.write_text(_substituted(TEMPLATE.read_text(), values))
    user = None
    if os.geteuid() == 0:
        account = pwd.getpwnam(_USER_WHEN_ROOT)
        os.chown(folder, account.pw_uid, account.pw_gid)
        user = account.pw_uid
    try:
        command = [_NGINX, "-c", str(configuration), "-e", "stderr"]
        with running(command, f"http://127.0.0.1:{port}/proxy-health", folder / "log", user=user):
            yield Proxy(f"http://127.0.0.1:{port}", f"https://127.0.0.1:{tls_port}", certificate)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _substituted(template: str, values: dict[str, str]) -> str:
    """Replace ${PROXY_...} as `envsubst` does, and leave nginx's own $variables alone."""
    return re.sub(r"\$\{(PROXY_[A-Z_]+)\}", lambda found: values[found[1]], template)
