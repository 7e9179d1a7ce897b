"""What the routes share: the service's state, the authorised caller, checks of the request, timeouts.

The dependencies are coroutines: FastAPI runs plain functions in a thread pool, which costs more than the work itself.
"""

import asyncio
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader

from credit_scoring.api.lifespan import ServiceState
from credit_scoring.api.request_body import require_json
from credit_scoring.api.schemas import problems
from credit_scoring.api.schemas.problems import FieldProblem, ProblemError
from credit_scoring.api.schemas.validation import escaped, invalid, shortened
from credit_scoring.api.security.keys import KeyRing, Scope

Result = TypeVar("Result")

_WITHOUT_KEY = "without-key"
"""Caller name in the ledger where no keys are required (dev)."""
_KEY_HEADER = APIKeyHeader(
    name="X-API-Key", auto_error=False, description="Created by `credit-scoring keys create`; not required in dev."
)


async def _state(request: Request) -> ServiceState:
    state: ServiceState = request.app.state.service
    return state


State = Annotated[ServiceState, Depends(_state)]


def authenticate(keys: KeyRing | None, key_text: str | None, scope: Scope) -> str:
    """Name of the caller, as the ledger records it.

    Args:
        keys: None where no keys are required.
        key_text: value of the X-API-Key header.

    Raises:
        ProblemError: the key is missing or invalid (401), or lacks the scope (403).
    """
    if keys is None:
        return _WITHOUT_KEY
    key = keys.key_of(key_text) if key_text else None
    if key is None:
        raise ProblemError(
            problems.UNAUTHORIZED, "Send a valid key as X-API-Key.", headers={"WWW-Authenticate": "ApiKey"}
        )
    if not key.allows(scope):
        raise ProblemError(problems.FORBIDDEN, f"Key {key.key_id} does not have the scope {scope}.")
    return key.key_id


class _Caller:
    """Authorises a request and charges it to the rate limit of its key."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def __call__(self, request: Request, state: State, key: Annotated[str | None, Security(_KEY_HEADER)]) -> str:
        caller = authenticate(state.keys, key, self._scope)
        request.state.notes["caller"] = caller
        seconds = math.ceil(state.rate_limit.seconds_to_wait(caller))
        if seconds > 0:
            retry = {"Retry-After": str(seconds)}
            raise ProblemError(problems.TOO_MANY, f"Wait {seconds} s before the next request.", headers=retry)
        state.rate_limit.charge(caller, 1)
        return caller


MAY_PREDICT = Depends(_Caller(Scope.PREDICT))
MAY_REPORT = Depends(_Caller(Scope.REPORT))
MayPredict = Annotated[str, MAY_PREDICT]
MayRead = Annotated[str, Depends(_Caller(Scope.READ))]
MayReport = Annotated[str, MAY_REPORT]


class KnownParameters:
    """Rejects query parameters that a path would ignore: unknown or repeated ones; a route lists it after its key.

    Args:
        allowed: values of each parameter.
    """

    def __init__(self, **allowed: Sequence[str]) -> None:
        self._allowed = allowed

    async def __call__(self, request: Request) -> None:
        """Raises ProblemError (422) naming the parameters."""
        given = request.query_params.multi_items()
        times = Counter(name for name, _ in given)
        if wrong := [
            FieldProblem(pointer=escaped(name), given=shortened(value), allowed=self._rule(name))
            for name, value in given
            if times[name] > 1 or value not in self._allowed.get(name, ())
        ]:
            raise invalid(wrong)

    def _rule(self, name: str) -> str:
        if name in self._allowed:
            return f"one of {', '.join(self._allowed[name])}"
        return f"no such parameter; there is {', '.join(self._allowed) or 'none'}"


async def json_body(request: Request) -> None:
    """Raise ProblemError (415, 400) where a body is not declared as JSON or empty; a route lists it after its key."""
    require_json(request)
    if not await request.body():
        raise ProblemError(problems.UNREADABLE, "The body is empty.")


async def in_thread(threads: Executor, work: Callable[[], Result], seconds: float) -> Result:
    """Result of blocking work; raises ProblemError (503) after the timeout, while the work runs to its end."""
    return await within(asyncio.get_running_loop().run_in_executor(threads, work), seconds)


async def within(awaited: Awaitable[Result], seconds: float) -> Result:
    """Result of an awaitable; raises ProblemError (503) after the timeout."""
    try:
        async with asyncio.timeout(seconds):
            return await awaited
    except TimeoutError:
        raise ProblemError(problems.UNAVAILABLE, f"There was no answer within {seconds:g} s. Retry later.") from None
