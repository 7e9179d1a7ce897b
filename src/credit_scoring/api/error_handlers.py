"""Which response each exception becomes."""

from typing import Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from credit_scoring.api.schemas.problems import PROBLEM_TYPES, UNAVAILABLE, UNREADABLE, ProblemError
from credit_scoring.api.schemas.validation import invalid_request
from credit_scoring.core.errors import CreditScoringError
from credit_scoring.core.logs import get_logger

_BY_STATUS: Final = {one.status: one for one in PROBLEM_TYPES}


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return error.response()


async def _unavailable(request: Request, error: Exception) -> Response:
    """A component that the service needs is unavailable."""
    get_logger("api").error("cannot answer", request_id=request.state.request_id, reason=str(error))
    return ProblemError(UNAVAILABLE, str(error)).response()


async def _http_error(_: Request, error: Exception) -> Response:
    """An error that the framework raises: unknown path, wrong method."""
    assert isinstance(error, HTTPException)
    problem_type = _BY_STATUS.get(error.status_code, UNREADABLE)
    return ProblemError(problem_type, f"{problem_type.title}.", headers=error.headers).response()


async def _invalid_request(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return invalid_request(error.errors()).response()


HANDLERS: Final = {
    ProblemError: _problem,
    CreditScoringError: _unavailable,
    HTTPException: _http_error,
    RequestValidationError: _invalid_request,
}
