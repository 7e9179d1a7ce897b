"""Assemble the prediction service."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from credit_scoring import __version__
from credit_scoring.api.openapi import described
from credit_scoring.api.problems import HANDLERS
from credit_scoring.api.routes import router
from credit_scoring.core.errors import SettingsError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings, load_settings
from credit_scoring.decisions.deciding import open_decision_service


def create_app(settings: Settings | None = None) -> FastAPI:
    """The service on the given settings, or on those of the environment.

    A missing model or feature version stops it at start, with the command that makes one.
    """
    chosen = settings if settings is not None else load_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.decisions = open_decision_service(chosen)
        get_logger("api").info("ready", model_version=app.state.decisions.registered.version)
        yield
        app.state.decisions.close()

    app = FastAPI(title="Credit scoring", version=__version__, lifespan=lifespan)
    app.include_router(router)
    for error, answer in HANDLERS.items():
        app.add_exception_handler(error, answer)
    app.openapi = described(app)  # type: ignore[method-assign]
    return app


def require_startable(settings: Settings) -> None:
    """Find out before the server starts whether it could answer; it would hide the reason in its own messages.

    Raises:
        SettingsError: the address or port cannot be had.
        MissingArtefactError, ModelNotFoundError, StorageError: something the service needs is not there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.api_host, settings.api_port))
        except OSError as error:
            raise SettingsError(
                f"Cannot listen on {settings.api_host}:{settings.api_port} ({error.strerror}).",
                "Set CREDIT_API_HOST and CREDIT_API_PORT to a free address of this machine.",
            ) from error
    open_decision_service(settings).close()
