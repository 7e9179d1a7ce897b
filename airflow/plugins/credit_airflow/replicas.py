"""Which model version each replica of the service uses."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

_TIMEOUT_SECONDS = 5.0


class Replica(NamedTuple):
    """What one replica answered.

    Attributes:
        version: the model version that it uses; None if it did not say.
        problem: why it did not say; empty if it did.
        refuses_key: it answered, but refused the API key: waiting does not help.
    """

    address: str
    version: int | None
    problem: str = ""
    refuses_key: bool = False

    def __str__(self) -> str:
        return f"{self.address}: {self.problem or f'version {self.version}'}"


def addresses_of(url: str) -> list[str]:
    """The address of every replica behind a service's name, as DNS gives them; empty if the name is unknown."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        return []
    return sorted({str(address[0]) for *_, address in found})


def ask_replicas(url: str, key: str) -> list[Replica]:
    """Ask every replica of a service for its model version.

    Args:
        url: ``http://NAME:PORT``; with https only the name itself is asked, because a certificate belongs to a name.
        key: API key with the scope read.
    """
    parts = urlsplit(url)
    if parts.scheme == "https":
        return [_ask(url, {"X-API-Key": key}, parts.netloc)]
    addresses = addresses_of(url)
    if not addresses:
        return [Replica(str(parts.hostname), None, "the name has no address: no replica runs")]
    port = parts.port or 80
    headers = {"X-API-Key": key, "Host": parts.netloc}
    bracketed = [f"[{address}]" if ":" in address else address for address in addresses]
    return [_ask(f"http://{address}:{port}", headers, f"{address}:{port}") for address in bracketed]


def _ask(url: str, headers: Mapping[str, str], name: str) -> Replica:
    try:
        answer = httpx.get(f"{url}/model-info", headers=dict(headers), timeout=_TIMEOUT_SECONDS)
        answer.raise_for_status()
        return Replica(name, int(answer.json()["model_version"]))
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        return Replica(name, None, f"HTTP status {status}", refuses_key=status in (401, 403))
    except (httpx.HTTPError, ValueError, KeyError) as error:
        return Replica(name, None, f"{type(error).__name__}: {error}")


def read_key(file: str) -> str:
    """The API key in a file.

    Raises:
        OSError: it cannot be read.
    """
    return Path(file).read_text(encoding="utf-8").strip()
