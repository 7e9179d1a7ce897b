"""Pictures of Airflow's pages, by a headless Chromium."""

import json
import shutil
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from tests.support.servers.processes import free_port, running

_CHROMIUM = "chromium"
_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"),
)
_PATIENCE_SECONDS = 120


class Browser:
    """One page of a browser.

    Args:
        connection: for the DevTools protocol of the page.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._number = 0

    def open(self, url: str, stored: Mapping[str, object], token: str) -> None:
        """Open an address of Airflow, logged in.

        Args:
            stored: what the page finds in its local storage.
            token: of the REST interface.
        """
        self._call("Network.setCookie", url=url, name="_token", value=token)
        for name, value in stored.items():
            source = f"localStorage.setItem({json.dumps(name)}, {json.dumps(json.dumps(value))})"
            self._call("Page.addScriptToEvaluateOnNewDocument", source=source)
        self._call("Page.navigate", url=url)

    def wait_for(self, expression: str) -> None:
        """Wait until an expression in JavaScript is true on the page."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self._call("Runtime.evaluate", expression=f"!!({expression})")["result"].get("value"):
            assert time.monotonic() < deadline, f"never true: {expression}"
            time.sleep(0.5)

    def draw(self, file: Path, width: int, height: int) -> None:
        """Write what the page shows as PNG.

        Args:
            width, height: of the window, in pixels.
        """
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", **size)
        time.sleep(3)  # Lines and boxes move to their places.
        file.write_bytes(b64decode(self._call("Page.captureScreenshot", format="png")["data"]))

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        self._connection.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._connection.recv(timeout=_PATIENCE_SECONDS))
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return dict(answer["result"])


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A browser with an empty page."""
    if shutil.which(_CHROMIUM) is None:
        raise RuntimeError("Chromium is not installed; install it with `apt-get install chromium`.")
    port = free_port()
    address = f"http://127.0.0.1:{port}/json"
    with tempfile.TemporaryDirectory(prefix="credit-chromium-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        command = [_CHROMIUM, *_OPTIONS, f"--remote-debugging-port={port}", f"--user-data-dir={folder / 'profile'}"]
        with running([*command, "about:blank"], f"{address}/version", folder / "log"):
            (page,) = [one for one in httpx.get(address).json() if one["type"] == "page"]
            with connect(page["webSocketDebuggerUrl"], max_size=None) as connection:
                yield Browser(connection)
