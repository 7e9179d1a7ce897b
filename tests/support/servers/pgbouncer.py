"""PgBouncer for tests: a transaction pooler in front of a PostgreSQL server, on loopback and ended with the block."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.servers.processes import free_port, running

_PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_USER_WHEN_ROOT = "postgres"

needs_pgbouncer = pytest.mark.skipif(
    _PGBOUNCER is None and not os.environ.get("CI"),
    reason="PgBouncer is not installed; scripts/install_servers.sh installs it",
)
"""Skips a test without PgBouncer; where CI is set, the test runs and fails instead of passing unnoticed."""

# The settings of the package, but for addresses and the way clients prove who they are.
_CONFIGURATION = """\
[databases]
* = host={server.host} port={server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {server_connections}
"""


@contextmanager
def running_pgbouncer(server_url: str, server_connections: int) -> Iterator[str]:
    """Start a pooler with so many connections to a server; yields the URL that leads through it."""
    assert _PGBOUNCER is not None, "PgBouncer is not installed; scripts/install_servers.sh installs it"
    server, port = sa.make_url(server_url), free_port()
    folder = Path(tempfile.mkdtemp(prefix="credit-pgbouncer-"))
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        _CONFIGURATION.format(server=server, port=port, folder=folder, server_connections=server_connections)
    )
    (folder / "users").write_text(f'"{server.username}" ""\n')
    user = None
    if os.geteuid() == 0:  # PgBouncer does not run as root
        account = pwd.getpwnam(_USER_WHEN_ROOT)
        os.chown(folder, account.pw_uid, account.pw_gid)
        user = account.pw_uid
    try:
        with running([_PGBOUNCER, str(configuration)], f"tcp://127.0.0.1:{port}", folder / "log", user=user):
            yield server.set(port=port).render_as_string(hide_password=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
