"""Run the prediction service as one process; replicas share its load."""

import gc
import math
from collections.abc import Callable

import uvicorn

from credit_scoring.api.main import create_app
from credit_scoring.core.addresses import require_free_address
from credit_scoring.core.logs import forward_logs_of
from credit_scoring.core.settings import Settings
from credit_scoring.decisions.service import open_decision_service
from credit_scoring.model_registry.registry import ModelRegistry

_OBJECTS_BETWEEN_COLLECTIONS = 10_000


def run(settings: Settings, announce: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests in progress.

    Args:
        announce: called once everything is open, before the first request.

    Raises:
        SettingsError: the address cannot be bound.
        MissingArtefactError, ModelNotFoundError, StorageError: a component is missing; opened here because uvicorn
            would hide the reason behind its own messages.
    """
    require_free_address(
        settings.api.host,
        settings.api.port,
        "Choose a free address with --host and --port, or with CREDIT_API_HOST and CREDIT_API_PORT.",
    )
    decisions = open_decision_service(settings)
    try:
        if settings.environment == "production":
            ModelRegistry(settings).require_promoted(settings.registry.model_alias)
        announce()
    except BaseException:
        decisions.close()
        raise
    app = create_app(settings, decisions)
    # Exempt everything loaded so far from garbage collection, so that no request pays for a full collection.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    forward_logs_of("uvicorn")
    uvicorn.run(
        app,
        host=settings.api.host,
        port=settings.api.port,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        timeout_keep_alive=math.ceil(settings.api.body_timeout_seconds),
        # No code uses the client's address.
        proxy_headers=False,
        timeout_graceful_shutdown=settings.api.shutdown_timeout_seconds,
    )
