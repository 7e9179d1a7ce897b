"""Problem details (RFC 9457): what went wrong, for programs and for people; never a stack trace."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from fastapi import Response
from pydantic import Field
from starlette.exceptions import HTTPException

from credit_scoring.api.schemas import Answer

MEDIA_TYPE: Final = "application/problem+json"


class ProblemType(NamedTuple):
    """One type of problem.

    Attributes:
        name: last part of the type's URN; clients may rely on it.
        advice: what it means and what the caller can do, for the documentation.
    """

    name: str
    status: int
    title: str
    advice: str


INVALID = ProblemType(
    "invalid-request",
    422,
    "The request breaks a rule",
    "`errors` names each field, what was given and what is allowed. Correct the request.",
)
UNREADABLE = ProblemType(
    "unreadable-request",
    400,
    "The request cannot be read",
    "The request is not valid HTTP, or its body is not UTF-8 JSON.",
)
UNAUTHORIZED = ProblemType(
    "unauthorized", 401, "A valid API key is needed", "Send a key that is not revoked as `X-API-Key`."
)
FORBIDDEN = ProblemType(
    "forbidden", 403, "The API key lacks the scope", "Use a key with the scope that `detail` names."
)
NOT_FOUND = ProblemType("not-found", 404, "Not found", "Check the path or the id.")
WRONG_METHOD = ProblemType("wrong-method", 405, "The path does not support this method", "`Allow` lists the methods.")
GONE = ProblemType("gone", 410, "The data was erased", "It was permanently erased at the data subject's request.")
SLOW = ProblemType("slow-request", 408, "The request did not arrive in time", "Send the whole request at once.")
TOO_LARGE = ProblemType("too-large", 413, "The request is too large", "Split it; `detail` names the limit.")
WRONG_TYPE = ProblemType(
    "wrong-media-type", 415, "The body must be JSON", "Send `Content-Type: application/json`, uncompressed."
)
TOO_MANY = ProblemType("too-many-requests", 429, "Too many requests with this key", "Wait `Retry-After` seconds.")
INTERNAL_ERROR = ProblemType(
    "internal-error", 500, "Internal error", "Report the request id; the service logged the error under it."
)
UNAVAILABLE = ProblemType(
    "unavailable",
    503,
    "The service cannot answer now",
    "`detail` names the component that is unavailable. No answer was given; retry later.",
)
PROBLEM_TYPES: Final = (
    *(UNREADABLE, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, WRONG_METHOD, SLOW, GONE, TOO_LARGE),
    *(WRONG_TYPE, INVALID, TOO_MANY, INTERNAL_ERROR, UNAVAILABLE),
)
KEY_PROBLEMS: Final = (UNAUTHORIZED, FORBIDDEN, TOO_MANY, UNAVAILABLE)
"""Of every route that needs a key."""
BODY_PROBLEMS: Final = (UNREADABLE, SLOW, TOO_LARGE, WRONG_TYPE, INVALID, UNAVAILABLE)
"""Of every route that reads a body."""


class FieldProblem(Answer):
    """One invalid field."""

    pointer: str = Field(description="JSON pointer to the field, or the name of a parameter.")
    given: str = Field(description="What was sent, shortened.")
    allowed: str = Field(description="What may be sent.")


class Problem(Answer):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Stable URN of the problem type.")
    title: str = Field(description="Short name of the problem type.")
    status: int = Field(description="HTTP status.")
    detail: str = Field(description="What is wrong this time, and what to do.")
    errors: list[FieldProblem] | None = Field(default=None, description="The invalid fields.")


class ProblemError(HTTPException):
    """Ends a request with a problem; an HTTPException, so that FastAPI passes it through its body parsing."""

    def __init__(  # noqa: B042 - a problem is never pickled
        self,
        problem_type: ProblemType,
        detail: str,
        errors: Sequence[FieldProblem] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(problem_type.status, detail, headers)
        self.problem = Problem(
            type=f"urn:credit-scoring:problem:{problem_type.name}",
            title=problem_type.title,
            status=problem_type.status,
            detail=detail,
            errors=None if errors is None else list(errors),
        )

    def response(self) -> Response:
        """The HTTP response."""
        return Response(
            self.problem.model_dump_json(exclude_none=True),
            status_code=self.status_code,
            media_type=MEDIA_TYPE,
            headers=self.headers,
        )


def problem_responses(*types: ProblemType) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses of a route that can answer these problems; `main` adds the schema they refer to."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {one.status: {"description": one.title, "content": {MEDIA_TYPE: {"schema": schema}}} for one in types}
