"""Servers of tests as processes of their own: started, waited for, and ended with all that they started."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

_START_SECONDS = 120
_END_SECONDS = 20


def free_port() -> int:
    """A port of this machine that is free at the moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str],
    ready_url: str,
    log: Path,
    variables: Mapping[str, str] | None = None,
    user: int | None = None,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a server and wait until an address of it answers; it is ended with the block.

    Args:
        ready_url: of HTTP, or tcp://HOST:PORT for a server that only has to accept connections.
        log: file for what it prints.
        variables: of its environment, besides those of this process.
        user: id of the user it runs as; None for that of this process.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(variables or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
        )
    try:
        _wait_until_ready(process, ready_url, log)
        yield process
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]", how: int = signal.SIGTERM) -> None:
    """End a server and the workers it started."""
    if process.poll() is None:
        os.killpg(process.pid, how)
    try:
        process.wait(timeout=_END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=_END_SECONDS)


def _wait_until_ready(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode}: {log.read_text()[-2000:]}")
        try:
            with _opened(url):
                return
        except OSError:  # URLError is one
            time.sleep(0.1)
    raise RuntimeError(f"{url} did not answer within {_START_SECONDS} s: {log.read_text()[-2000:]}")


def _opened(url: str) -> AbstractContextManager[object]:
    address = urlsplit(url)
    if address.scheme == "tcp":
        return socket.create_connection((address.hostname, address.port), timeout=5)
    opened: AbstractContextManager[object] = urllib.request.urlopen(url, timeout=5)
    return opened
