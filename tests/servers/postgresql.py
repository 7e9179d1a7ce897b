"""A real PostgreSQL server for tests, on loopback and in a temporary folder, ended with the block."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_START_SECONDS = 60
_USER_WHEN_ROOT = "postgres"


@contextmanager
def running_postgresql() -> Iterator[str]:
    """Start a server and yield the SQLAlchemy URL of its database."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="credit-postgresql-"))
    # The server refuses to run as root, so it gets a folder and a user of its own.
    account = pwd.getpwnam(_USER_WHEN_ROOT) if os.geteuid() == 0 else None
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    user = account.pw_name if account else None
    port = _free_port()
    try:
        initdb = [str(binaries / "initdb"), "-D", "data", "-U", "credit", "--auth=trust", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, user=user, cwd=folder)
        options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
        server = subprocess.Popen(
            [str(binaries / "postgres"), "-D", "data", *options],
            user=user,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until_ready(binaries, port)
            yield f"postgresql+psycopg://credit@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path is None:
        raise RuntimeError("PostgreSQL is not installed; `make install` installs it where apt-get is there.")
    return Path(on_path).parent


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_until_ready(binaries: Path, port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        ready = subprocess.run(
            [binaries / "pg_isready", "-h", "127.0.0.1", "-p", str(port)], capture_output=True, check=False
        )
        if ready.returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start within {_START_SECONDS} s.")
