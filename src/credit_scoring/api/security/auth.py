"""Who may ask for what: a valid key with the scope, and not too often."""

import math
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader

from credit_scoring.api.schemas.problems import FORBIDDEN, TOO_MANY, UNAUTHORIZED, ProblemError
from credit_scoring.api.security.keys import Scope
from credit_scoring.api.state import state_of

WITHOUT_KEY: Final = "without-key"
"""The caller where nobody is asked for a key."""

_KEY_HEADER: Final = "X-API-Key"
_header = APIKeyHeader(
    name=_KEY_HEADER,
    auto_error=False,
    description="Made by `credit-scoring keys create`; none is asked for in dev.",
)


def caller_of(request: Request, scope: Scope) -> str:
    """Who asks, as the ledger names them; the request is charged to them.

    Raises:
        ProblemError: there is no valid key, or it lacks the scope, or it was used too often.
    """
    serving = state_of(request)
    name = WITHOUT_KEY
    if serving.keys is not None:
        text = request.headers.get(_KEY_HEADER)
        key = serving.keys.key_of(text) if text else None
        if key is None:
            raise ProblemError(
                UNAUTHORIZED, "Send a valid key as X-API-Key.", headers={"WWW-Authenticate": "ApiKey"}
            )
        if not key.allows(scope):
            raise ProblemError(FORBIDDEN, f"Key {key.key_id} does not have the scope {scope}.")
        name = key.key_id
    request.state.notes["caller"] = name
    wait = serving.rate_limit.seconds_to_wait(name)
    if wait > 0:
        retry = {"Retry-After": str(math.ceil(wait))}
        raise ProblemError(TOO_MANY, f"Wait {math.ceil(wait)} s before the next request.", headers=retry)
    serving.rate_limit.charge(name, 1)
    return name


async def _reader(request: Request, _: Annotated[str | None, Security(_header)]) -> str:
    return caller_of(request, Scope.READ)


MayRead = Annotated[str, Depends(_reader)]

KEY_NEEDED: Final[dict[str, Any]] = {"security": [{_header.scheme_name: []}]}
"""What a route adds to its description if it asks for the caller itself."""
