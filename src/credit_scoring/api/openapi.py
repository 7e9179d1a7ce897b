"""The description of the service: bodies that are read without the framework, and every problem as it is sent."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel

from credit_scoring.api.schemas.problems import (
    FORBIDDEN,
    INVALID,
    MEDIA_TYPE,
    SLOW,
    TOO_LARGE,
    TOO_MANY,
    UNAUTHORIZED,
    UNAVAILABLE,
    UNREADABLE,
    WRONG_TYPE,
    Problem,
    ProblemType,
)
from credit_scoring.api.security.auth import KEY_NEEDED
from credit_scoring.data_contracts.application_request import Application, Applications

DESCRIPTION = """\
Decides on requests for credit: how likely is default, and is it accepted? Every decision stands in the ledger before it
is answered, and can be made again from there.

A key goes into `X-API-Key`. Errors are problem details (RFC 9457); `type` names the kind.
"""
OF_A_KEY = (UNAUTHORIZED, FORBIDDEN, TOO_MANY, UNAVAILABLE)
OF_A_BODY = (UNREADABLE, SLOW, TOO_LARGE, WRONG_TYPE, INVALID, UNAVAILABLE)
_BODIES: tuple[type[BaseModel], ...] = (Application, Applications, Problem)
_REFERENCE = "#/components/schemas/{model}"


def read_by_route(model: type[BaseModel], *parameters: dict[str, Any]) -> dict[str, Any]:
    """What a route adds to its description if it reads key, body and parameters itself."""
    schema = {"$ref": _REFERENCE.format(model=model.__name__)}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return KEY_NEEDED | {"requestBody": body} | ({"parameters": list(parameters)} if parameters else {})


def parameter(
    name: str, place: Literal["query", "header"], meaning: str, allowed: Sequence[str] = ()
) -> dict[str, Any]:
    """A parameter that may be left out; the last of its allowed values stands for it then."""
    schema = {"type": "string"} | ({"enum": list(allowed), "default": allowed[-1]} if allowed else {})
    return {"name": name, "in": place, "required": False, "description": meaning, "schema": schema}


def problems(*kinds: ProblemType) -> dict[int | str, dict[str, Any]]:
    """The problems a route can answer, for its description."""
    schema = {"$ref": _REFERENCE.format(model=Problem.__name__)}
    return {
        kind.status: {"description": kind.title, "content": {MEDIA_TYPE: {"schema": schema}}}
        for kind in kinds
    }


def described(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The framework's description, completed; made once."""
    made_by_framework = app.openapi

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = made_by_framework()
            schemas = description.setdefault("components", {}).setdefault("schemas", {})
            for model in _BODIES:
                schema = model.model_json_schema(ref_template=_REFERENCE)
                schemas.update(schema.pop("$defs", {}))
                schemas[model.__name__] = schema
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            app.openapi_schema = description
        return app.openapi_schema

    return describe
