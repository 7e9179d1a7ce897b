"""FastAPI dependencies of the routes: the service's state, the authorised caller, checks of the request.

They are coroutines because FastAPI runs plain functions in a thread pool, which costs more than the work itself.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader

from credit_scoring.api.json_body import require_json
from credit_scoring.api.schemas.problems import UNREADABLE, FieldProblem, ProblemError
from credit_scoring.api.schemas.validation import escaped, invalid, shortened
from credit_scoring.api.security.auth import authenticate, charge
from credit_scoring.api.security.keys import Scope
from credit_scoring.api.state import ServiceState

_KEY_HEADER = APIKeyHeader(
    name="X-API-Key", auto_error=False, description="Created by `credit-scoring keys create`; not required in dev."
)


async def _state(request: Request) -> ServiceState:
    state: ServiceState = request.app.state.service
    return state


State = Annotated[ServiceState, Depends(_state)]


class _Caller:
    """Authorises a request and charges it to the rate limit of its key."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def __call__(self, request: Request, state: State, key: Annotated[str | None, Security(_KEY_HEADER)]) -> str:
        caller = authenticate(state.keys, key, self._scope)
        request.state.notes["caller"] = caller
        charge(state.rate_limit, caller)
        return caller


MayPredict = Annotated[str, Depends(_Caller(Scope.PREDICT))]
MayRead = Annotated[str, Depends(_Caller(Scope.READ))]


class KnownParameters:
    """Rejects query parameters that a path would ignore: unknown or repeated ones; checked after the key.

    Args:
        allowed: values of each parameter.
    """

    def __init__(self, **allowed: Sequence[str]) -> None:
        self._allowed = allowed

    async def __call__(self, request: Request, caller: MayPredict) -> None:
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


async def json_body(request: Request, caller: MayPredict) -> None:
    """Raise ProblemError (415, 400) where a body is not declared as JSON or empty; checked after the key."""
    require_json(request)
    if not await request.body():
        raise ProblemError(UNREADABLE, "The body is empty.")
