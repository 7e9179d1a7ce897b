"""The application that the api-server mounts."""

import logging

from credit_airflow_metrics.exposition import Exposition
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

_log = logging.getLogger(__name__)


def create_application() -> FastAPI:
    """One path, /metrics. 503 while the metadata database does not answer, so that Prometheus sees `up` at 0."""
    exposition = Exposition()
    application = FastAPI(title="State of Airflow for Prometheus", openapi_url=None)

    @application.get("/metrics")
    def metrics() -> Response:
        try:
            return Response(exposition.text(), media_type=CONTENT_TYPE_LATEST)
        except SQLAlchemyError as error:
            # Its message may hold the address of the database.
            _log.error("The metadata database cannot be read for metrics: %s", type(error).__name__)
            return Response("The metadata database does not answer.\n", status_code=503, media_type="text/plain")

    return application
