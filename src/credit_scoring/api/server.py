"""Run the prediction service as one process; replicas share its load."""

import gc
import os
import signal
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from threading import Timer
from types import FrameType

import uvicorn
from fastapi import FastAPI

from credit_scoring.api.main import create_app
from credit_scoring.api.security.keys import open_key_ring
from credit_scoring.core.addresses import require_free_address
from credit_scoring.core.errors import StorageError
from credit_scoring.core.logs import forward_logs_of, get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.core.settings.defaults import ApiSettings
from credit_scoring.decisions.service import open_decision_service
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.model_registry.served_copy import load_to_serve

_OBJECTS_BETWEEN_COLLECTIONS = 10_000
_EXIT_CODE_OF_SIGNAL = 128


class Server(uvicorn.Server):
    """Ends in steps: readiness fails, the socket closes after the drain period, and what still hangs is abandoned."""

    def __init__(self, app: FastAPI, api: ApiSettings) -> None:
        self._app = app
        self._api = api
        self._is_ending = False
        super().__init__(
            uvicorn.Config(
                app,
                host=api.host,
                port=api.port,
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                ws="none",
                timeout_keep_alive=api.keep_alive_seconds,
                # No code uses the client's address.
                proxy_headers=False,
                # The rest of the time is for recording what was decided.
                timeout_graceful_shutdown=max(1, 4 * api.shutdown_timeout_seconds // 5),
            )
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end; a second signal ends the drain period."""
        drain = self._api.drain_seconds if sig == signal.SIGTERM and not self._is_ending else 0.0
        if not self._is_ending:
            self._is_ending = True
            self._app.state.ending.set()
            _later(drain + self._api.shutdown_timeout_seconds, self._abandon, sig)
        if drain:
            _later(drain, super().handle_exit, sig, frame)
        else:
            super().handle_exit(sig, frame)

    def _abandon(self, sig: int) -> None:
        # Every answered decision is durable; a client that is still waiting repeats its request.
        get_logger("api").error("did not end in time", seconds=self._api.shutdown_timeout_seconds)
        os._exit(_EXIT_CODE_OF_SIGNAL + sig)


def _later(seconds: float, call: Callable[..., object], *arguments: object) -> None:
    timer = Timer(seconds, call, arguments)
    timer.daemon = True
    timer.start()


def run(settings: Settings, announce: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests in progress.

    Args:
        announce: called once everything is open, before the first request.

    Raises:
        SettingsError: the address cannot be bound.
        MissingArtefactError, ModelNotFoundError, StorageError: a component is missing or unavailable; opened here
            because uvicorn would hide the reason behind its own messages.
    """
    require_free_address(
        settings.api.host,
        settings.api.port,
        "Choose a free address with --host and --port, or with CREDIT_API_HOST and CREDIT_API_PORT.",
    )
    with ExitStack() as opened:
        registered = load_to_serve(settings, ModelRegistry(settings))
        decisions = opened.enter_context(closing(open_decision_service(settings, registered=registered)))
        keys = open_key_ring(settings)
        if keys is not None:
            opened.enter_context(closing(keys))
        announce()
        server = Server(create_app(settings, decisions, keys=keys), settings.api)
        # The app closes them.
        opened.pop_all()
    # Exempt everything loaded so far from garbage collection, so that no request pays for a full collection.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    forward_logs_of("uvicorn")
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise StorageError("The service did not start.", "The log lines above name the reason.")
