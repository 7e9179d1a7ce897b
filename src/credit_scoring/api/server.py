"""Run the prediction service: one process, or several that share address, measures and databases."""

import gc
import math
import socket
import tempfile
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from credit_scoring.core.errors import SettingsError
from credit_scoring.core.logs import configure_logs, forward_logs_of
from credit_scoring.core.settings import Settings, load_settings, share_metrics_in
from credit_scoring.decisions.service import open_decision_service
from credit_scoring.model_registry.registry import ModelRegistry

_OBJECTS_BETWEEN_COLLECTIONS = 10_000
_SERVER = "uvicorn"

# Measures are loaded by what counts with them, after the folder that the workers share is known.


def run(settings: Settings, announce: Callable[[], None]) -> None:
    """Serve until the process is told to end, then finish the requests in flight.

    Args:
        announce: called once nothing seems to stand in the way.

    Raises:
        SettingsError: the address or port cannot be had.
        MissingArtefactError, ModelNotFoundError, StorageError: something the service needs is not there. The server
            would hide the reason in its own messages, so it is found out before.
    """
    _require_free_address(settings)
    decisions = open_decision_service(settings)
    try:
        if settings.environment == "production":
            ModelRegistry(settings).require_promoted(settings.registry.model_alias)
        announce()
    except BaseException:
        decisions.close()
        raise
    if settings.api.workers == 1:
        from credit_scoring.api.main import create_app

        app = create_app(settings, decisions)
        _leave_out_of_collections()
        _serve(settings, app)
        return
    decisions.close()
    with tempfile.TemporaryDirectory(prefix="credit-metrics-") as folder:
        share_metrics_in(folder)
        _serve(settings, f"{__name__}:create_worker")


def create_worker() -> FastAPI:
    """The service as one of several processes, on the settings of the environment."""
    from credit_scoring.api.main import create_app

    settings = load_settings()
    configure_logs(settings)
    forward_logs_of(_SERVER)
    app = create_app(settings)
    _leave_out_of_collections()
    return app


def _leave_out_of_collections() -> None:
    """Keep the collector from what stays for ever: it would go through all of it in the middle of a request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


def _serve(settings: Settings, app: FastAPI | str) -> None:
    from credit_scoring.api.connection import Connection

    forward_logs_of(_SERVER)
    uvicorn.run(
        app,
        factory=isinstance(app, str),
        workers=settings.api.workers,
        host=settings.api.host,
        port=settings.api.port,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        http=Connection,
        ws="none",
        # For this long a connection may be silent, and a head may take.
        timeout_keep_alive=math.ceil(settings.api.body_timeout_seconds),
        # The address it speaks of is not asked for.
        proxy_headers=False,
        timeout_graceful_shutdown=settings.api.shutdown_timeout_seconds,
    )


def _require_free_address(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.api.host, settings.api.port))
        except OSError as error:
            raise SettingsError(
                f"Cannot listen on {settings.api.host}:{settings.api.port} ({error.strerror}).",
                "Set CREDIT_API_HOST and CREDIT_API_PORT to a free address of this machine.",
            ) from error
