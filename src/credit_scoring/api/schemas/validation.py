"""Validation errors of pydantic as problems that name each field, what was given and what is allowed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from credit_scoring.api.schemas.problems import INVALID, FieldProblem, ProblemError
from credit_scoring.core.quoting import SHOWN_CHARACTERS
from credit_scoring.data_contracts.accepted_values import allowed_values
from credit_scoring.data_contracts.application import APPLICATION_TEST

MAX_FIELDS = 50
_ALLOWED: Final = {column.name: allowed_values(column) for column in APPLICATION_TEST.columns}


def invalid_request(errors: Iterable[Mapping[str, Any]]) -> ProblemError:
    """The problem of a request whose body or parameters are invalid.

    Args:
        errors: of pydantic, located by FastAPI: ("body", "AMT_CREDIT"), ("path", "client_id").
    """
    by_pointer: dict[str, FieldProblem] = {}
    for error in errors:
        field = _body_field(error) if error["loc"][0] == "body" else _parameter(error)
        by_pointer.setdefault(field.pointer, field)
    return invalid(list(by_pointer.values()))


def invalid(fields: Sequence[FieldProblem]) -> ProblemError:
    """The problem of a request with these invalid fields."""
    names = ", ".join(field.pointer for field in fields[:3])
    more = f" and {len(fields) - 3} more" if len(fields) > 3 else ""
    return ProblemError(INVALID, f"Not allowed: {names}{more}. Nothing was done.", fields[:MAX_FIELDS])


def shortened(value: object) -> str:
    """A value as JSON shows it, in printable ASCII and cut off; an object or list only by its type."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    if isinstance(value, int) and abs(value) > 10**SHOWN_CHARACTERS:
        return f"a whole number beyond 1e{SHOWN_CHARACTERS}"
    text = ascii(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."


def escaped(part: int | str) -> str:
    """Part of a JSON pointer, in printable ASCII and cut off."""
    text = str(part).encode("ascii", "backslashreplace").decode()[:SHOWN_CHARACTERS]
    return "".join(letter if letter.isprintable() else "?" for letter in text).replace("~", "~0").replace("/", "~1")


def _parameter(error: Mapping[str, Any]) -> FieldProblem:
    return FieldProblem(pointer=escaped(error["loc"][-1]), given=shortened(error.get("input")), allowed=error["msg"])


def _body_field(error: Mapping[str, Any]) -> FieldProblem:
    location = _without_branches(error["loc"][1:])
    return FieldProblem(
        pointer="#" + "".join(f"/{escaped(part)}" for part in location),
        given="nothing" if error["type"] == "missing" and location else shortened(error["input"]),
        allowed=_allowed(location, error),
    )


def _without_branches(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The location up to the column: for a union pydantic appends the type it tried."""
    end = next((index for index, part in enumerate(location) if part in _ALLOWED), None)
    return location if end is None else location[: end + 1]


def _allowed(location: tuple[int | str, ...], error: Mapping[str, Any]) -> str:
    name = location[-1] if location else None
    if error["type"] == "extra_forbidden":
        return "no such field; the fields are those of the documentation"
    return _ALLOWED.get(str(name), str(error["msg"]))
