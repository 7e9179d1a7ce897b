"""Who may ask for what: a valid key with the scope, and not too often."""

import math
from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader

from credit_scoring.api.keys import Scope
from credit_scoring.api.problems import NO_KEY, NOT_ALLOWED, TOO_MANY, ProblemError
from credit_scoring.api.serving import serving_of

WITHOUT_KEY: Final = "without-key"
"""The caller where nobody is asked for a key."""

_header = APIKeyHeader(
    name="X-API-Key",
    auto_error=False,
    description="Made by `credit-scoring keys create`; none is asked for in dev.",
)


def _required(scope: Scope) -> Callable[..., Awaitable[str]]:
    async def caller(request: Request, key_text: Annotated[str | None, Security(_header)]) -> str:
        serving = serving_of(request)
        name = WITHOUT_KEY
        if serving.keys is not None:
            key = serving.keys.key_of(key_text) if key_text else None
            if key is None:
                raise ProblemError(
                    NO_KEY, "Send a valid key as X-API-Key.", headers={"WWW-Authenticate": "ApiKey"}
                )
            if not key.allows(scope):
                raise ProblemError(NOT_ALLOWED, f"Key {key.key_id} does not have the scope {scope}.")
            name = key.key_id
        request.state.notes["caller"] = name
        wait = serving.rate_limit.seconds_to_wait(name)
        if wait > 0:
            retry = {"Retry-After": str(math.ceil(wait))}
            raise ProblemError(TOO_MANY, f"Wait {wait:.1f} s before the next request.", headers=retry)
        serving.rate_limit.charge(name, 1)
        return name

    return caller


MayPredict = Annotated[str, Depends(_required(Scope.PREDICT))]
MayRead = Annotated[str, Depends(_required(Scope.READ))]
