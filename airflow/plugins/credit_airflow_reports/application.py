"""The application that the api-server mounts."""

from pathlib import Path

from airflow.api_fastapi.core_api.security import get_user
from credit_airflow.settings import read_settings
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse


def create_application() -> FastAPI:
    """The files below ``[credit] report_directory``, for users of Airflow; 404 for anything else."""
    application = FastAPI(title="Drift reports", openapi_url=None, dependencies=[Depends(get_user)])

    @application.get("/{path:path}")
    def report(path: str) -> FileResponse:
        directory = read_settings().report_directory
        folder = Path(directory).resolve()
        file = (folder / path).resolve()
        if not directory or not file.is_relative_to(folder) or not file.is_file():
            raise HTTPException(404, "There is no such report. The task `report` of credit_drift publishes it.")
        return FileResponse(file)

    return application
