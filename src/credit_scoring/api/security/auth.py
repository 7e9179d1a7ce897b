"""Authorise a caller: a valid API key with the right scope, within its rate limit."""

import math
from typing import Final

from credit_scoring.api.schemas.problems import FORBIDDEN, TOO_MANY, UNAUTHORIZED, ProblemError
from credit_scoring.api.security.keys import KeyRing, Scope
from credit_scoring.api.security.rate_limit import RateLimit

WITHOUT_KEY: Final = "without-key"
"""Caller name in the ledger where no keys are required (dev)."""


def authenticate(keys: KeyRing | None, key_text: str | None, scope: Scope) -> str:
    """Name of the caller, as the ledger records it.

    Args:
        keys: None where no keys are required.
        key_text: value of the X-API-Key header.

    Raises:
        ProblemError: the key is missing or invalid (401), or lacks the scope (403).
    """
    if keys is None:
        return WITHOUT_KEY
    key = keys.key_of(key_text) if key_text else None
    if key is None:
        raise ProblemError(UNAUTHORIZED, "Send a valid key as X-API-Key.", headers={"WWW-Authenticate": "ApiKey"})
    if not key.allows(scope):
        raise ProblemError(FORBIDDEN, f"Key {key.key_id} does not have the scope {scope}.")
    return key.key_id


def charge(rate_limit: RateLimit, caller: str) -> None:
    """Charge one request to a caller; raises ProblemError (429) while the caller's budget is used up."""
    seconds = math.ceil(rate_limit.seconds_to_wait(caller))
    if seconds > 0:
        retry = {"Retry-After": str(seconds)}
        raise ProblemError(TOO_MANY, f"Wait {seconds} s before the next request.", headers=retry)
    rate_limit.charge(caller, 1)
