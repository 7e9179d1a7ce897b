"""A real PostgreSQL server for tests, on loopback and in a temporary folder."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from credit_scoring.cli.database import SCHEMAS
from credit_scoring.core.database import upgrade_schema

_START_SECONDS = 60
_USER_WHEN_ROOT = "postgres"


class PostgresqlServer:
    """A server that can be killed and started again on the same data and port.

    Args:
        upgraded: whether its database has the tables of every component.
    """

    def __init__(self, folder: Path, upgraded: bool = True) -> None:
        self._upgraded = upgraded
        self._binaries = _binaries()
        self._folder = folder
        # PostgreSQL does not run as root, so root starts it as another user that owns the folder.
        account = pwd.getpwnam(_USER_WHEN_ROOT) if os.geteuid() == 0 else None
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        self._user = account.pw_name if account else None
        self._port = _free_port()
        initdb = [str(self._binaries / "initdb"), "-D", "data", "-U", "credit", "--auth=trust", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, user=self._user, cwd=folder)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """SQLAlchemy URL of its database."""
        return f"postgresql+psycopg://credit@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it and wait until it accepts connections."""
        options = ["-h", "127.0.0.1", "-p", str(self._port), "-k", str(self._folder), "-c", "fsync=off"]
        self._process = subprocess.Popen(
            [str(self._binaries / "postgres"), "-D", "data", *options],
            user=self._user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _wait_until_ready(self._binaries, self._port)
        if self._upgraded:
            upgrade_all(self.url)

    def kill(self) -> None:
        """Kill it and all its processes, as a power cut would."""
        self._signal_all(signal.SIGKILL)
        self._ended()

    def freeze(self) -> None:
        """Stop its processes: connections stay open, and no statement is answered."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """Continue its processes."""
        self._signal_all(signal.SIGCONT)

    def stop(self) -> None:
        """Shut it down if it runs."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._ended()

    def _signal_all(self, number: signal.Signals) -> None:
        # Each backend process leads its own session, so a process group would not include it.
        for process in [*_children_of(self._running.pid), self._running.pid]:
            with suppress(ProcessLookupError):
                os.kill(process, number)

    @property
    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "the server is not running"
        return self._process

    def _ended(self) -> None:
        self._running.wait(timeout=30)
        self._process = None


def upgrade_all(url: str) -> None:
    """Give a database the tables of every component, as `credit-scoring database upgrade` does."""
    for schema in SCHEMAS:
        upgrade_schema(url, schema)


@contextmanager
def postgresql_server(upgraded: bool = True) -> Iterator[PostgresqlServer]:
    """A running server, shut down after the block."""
    folder = Path(tempfile.mkdtemp(prefix="credit-postgresql-"))
    try:
        server = PostgresqlServer(folder, upgraded)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_postgresql(upgraded: bool = True) -> Iterator[str]:
    """The SQLAlchemy URL of a running server's database."""
    with postgresql_server(upgraded) as server:
        yield server.url


def _children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path is None:
        raise RuntimeError("PostgreSQL is not installed; `make install` installs it with apt-get.")
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
