"""Problem details (RFC 9457): what went wrong, for programs and for people; never a stack trace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException

from credit_scoring.core.errors import CreditScoringError
from credit_scoring.core.logs import get_logger
from credit_scoring.data_contracts.accepted_values import allowed_values
from credit_scoring.data_contracts.application import APPLICATION_TEST

MEDIA_TYPE: Final = "application/problem+json"
_LONGEST_GIVEN = 60
_MOST_FIELDS = 50


@dataclass(frozen=True)
class ProblemType:
    """One kind of problem.

    Attributes:
        name: last part of the type's URN, and the stable name that programs may rely on.
        meaning: what it says to a caller and what to do, for the documents.
    """

    name: str
    status: int
    title: str
    meaning: str


INVALID = ProblemType(
    "invalid-request",
    422,
    "The request breaks a rule",
    "`errors` names each field, what was given and what is allowed. Correct the request.",
)
UNREADABLE = ProblemType(
    "unreadable-request", 400, "The request cannot be read", "It is no HTTP, or its body no JSON in UTF-8."
)
UNAUTHORIZED = ProblemType(
    "unauthorized", 401, "A valid API key is needed", "Send a key that is not revoked as `X-API-Key`."
)
FORBIDDEN = ProblemType("forbidden", 403, "The API key may not do this", "Use a key with the scope it names.")
NOT_FOUND = ProblemType("not-found", 404, "There is no such thing", "Check the path or the id.")
WRONG_METHOD = ProblemType(
    "wrong-method", 405, "The path does not know this method", "`Allow` lists the methods."
)
GONE = ProblemType("gone", 410, "It was erased", "The person it speaks of asked for it; it is gone for ever.")
SLOW = ProblemType("slow-request", 408, "The request did not arrive in time", "Send head and body at once.")
TOO_LARGE = ProblemType("too-large", 413, "The request is too large", "Split it; the limit is named.")
HEAD_TOO_LARGE = ProblemType(
    "head-too-large", 431, "Request line and headers are too large", "Shorten them; the connection is closed."
)
WRONG_TYPE = ProblemType(
    "wrong-media-type", 415, "The body must be JSON", "Send `Content-Type: application/json`, uncompressed."
)
TOO_MANY = ProblemType(
    "too-many-requests", 429, "Too many requests with this key", "Wait `Retry-After` seconds."
)
INTERNAL_ERROR = ProblemType(
    "internal-error", 500, "The service failed", "A defect of the service; report the request id."
)
UNAVAILABLE = ProblemType(
    "unavailable",
    503,
    "The service cannot answer now",
    "`detail` names the part that is away. Nothing was answered; ask again later.",
)
PROBLEM_TYPES: Final = (
    UNREADABLE,
    UNAUTHORIZED,
    FORBIDDEN,
    NOT_FOUND,
    WRONG_METHOD,
    SLOW,
    GONE,
    TOO_LARGE,
    WRONG_TYPE,
    INVALID,
    TOO_MANY,
    HEAD_TOO_LARGE,
    INTERNAL_ERROR,
    UNAVAILABLE,
)
_BY_STATUS = {kind.status: kind for kind in PROBLEM_TYPES}


class FieldProblem(BaseModel):
    """One field that is wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pointer: str = Field(description="Where it stands, as JSON pointer; or the name of a parameter.")
    given: str = Field(description="What was sent, shortened.")
    allowed: str = Field(description="What may be sent.")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str = Field(description="Stable name of the kind of problem, as URN.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="HTTP status.")
    detail: str = Field(description="What is wrong this time, and what to do.")
    errors: list[FieldProblem] | None = Field(default=None, description="The fields that are wrong.")


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(
        self,
        kind: ProblemType,
        detail: str,
        errors: Sequence[FieldProblem] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind, detail, errors, headers)
        self.kind = kind
        self.problem = Problem(
            type=f"urn:credit-scoring:problem:{kind.name}",
            title=kind.title,
            status=kind.status,
            detail=detail,
            errors=None if errors is None else list(errors),
        )
        self.headers = headers

    def response(self) -> Response:
        """The answer that says so."""
        return Response(
            self.problem.model_dump_json(exclude_none=True),
            status_code=self.kind.status,
            media_type=MEDIA_TYPE,
            headers=dict(self.headers or {}),
        )


def refused(error: ValidationError) -> ProblemError:
    """The problem of a body that does not fit its model."""
    found = error.errors(include_url=False, include_context=False)
    if found[0]["type"] == "json_invalid":
        return ProblemError(UNREADABLE, f"The body is no valid JSON in UTF-8. {found[0]['msg']}.")
    by_pointer: dict[str, FieldProblem] = {}
    for problem in found:
        location = _without_branches(problem["loc"])
        pointer = "#" + "".join(f"/{escaped(part)}" for part in location)
        by_pointer.setdefault(
            pointer,
            FieldProblem(
                pointer=pointer,
                given="nothing" if problem["type"] == "missing" else shortened(problem["input"]),
                allowed=_allowed(location, problem),
            ),
        )
    return invalid(by_pointer.values())


def invalid(errors: Iterable[FieldProblem]) -> ProblemError:
    """The problem of a request in which some fields are wrong."""
    listed = list(errors)
    names = ", ".join(error.pointer for error in listed[:3])
    more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
    return ProblemError(INVALID, f"Not allowed: {names}{more}. Nothing was done.", listed[:_MOST_FIELDS])


def shortened(value: object) -> str:
    """A value as JSON would show it, in printable ASCII and cut off; a list or object only by its kind."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    if isinstance(value, int) and abs(value) > 10**_LONGEST_GIVEN:
        return f"a whole number beyond 1e{_LONGEST_GIVEN}"
    text = ascii(value)
    return text if len(text) <= _LONGEST_GIVEN else f"{text[:_LONGEST_GIVEN]}..."


def _without_branches(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Up to the field: pydantic goes on with the name of the type that it tried."""
    end = next((place for place, part in enumerate(location) if part in _ALLOWED), None)
    return location if end is None else location[: end + 1]


def escaped(part: int | str) -> str:
    """Part of a pointer, in printable ASCII and cut off."""
    text = str(part).encode("ascii", "backslashreplace").decode()[:_LONGEST_GIVEN]
    return (
        "".join(letter if letter.isprintable() else "?" for letter in text)
        .replace("~", "~0")
        .replace("/", "~1")
    )


_ALLOWED = {column.name: allowed_values(column) for column in APPLICATION_TEST.columns}


def _allowed(location: tuple[int | str, ...], problem: Mapping[str, Any]) -> str:
    name = location[-1] if location else None
    if problem["type"] == "extra_forbidden":
        return "no such field; the fields are those of the documentation"
    return _ALLOWED.get(str(name), str(problem["msg"]))


async def answer_problem(_: Request, error: Exception) -> Response:
    """Exception handler of problems that the service found itself."""
    assert isinstance(error, ProblemError)
    return error.response()


async def answer_unavailable(request: Request, error: Exception) -> Response:
    """A part the service needs is away: say so, decide nothing."""
    get_logger("api").error("cannot answer", request_id=request.state.request_id, reason=str(error))
    return ProblemError(UNAVAILABLE, str(error)).response()


async def answer_http(_: Request, error: Exception) -> Response:
    """What the framework refuses: unknown paths, wrong methods."""
    assert isinstance(error, HTTPException)
    kind = _BY_STATUS.get(error.status_code, UNREADABLE)
    return ProblemError(kind, f"{kind.title}.", headers=error.headers).response()


async def answer_invalid_parameters(_: Request, error: Exception) -> Response:
    """A parameter of the path or the query that is not allowed."""
    assert isinstance(error, RequestValidationError)
    return invalid(
        FieldProblem(
            pointer=escaped(problem["loc"][-1]),
            given=shortened(problem.get("input")),
            allowed=problem["msg"],
        )
        for problem in error.errors()
    ).response()


HANDLERS: Final = {
    ProblemError: answer_problem,
    CreditScoringError: answer_unavailable,
    HTTPException: answer_http,
    RequestValidationError: answer_invalid_parameters,
}
"""Which answer an exception becomes."""
