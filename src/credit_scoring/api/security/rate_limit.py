"""Rate limit: a token bucket per API key, in this process only.

The limit over all replicas is the proxy's; sharing this one would put a network call before every decision.
"""

import time
from collections.abc import Callable


class RateLimit:
    """Tokens per caller, refilled steadily; one token is one application.

    A request is allowed while its caller has a token and is charged afterwards, so a batch may leave a debt that
    later requests wait for.

    Args:
        per_second: refill rate.
        burst: maximum number of tokens.
        now: monotonic clock in seconds.
    """

    def __init__(self, per_second: float, burst: float, now: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._now = now
        self._balances: dict[str, tuple[float, float]] = {}

    def seconds_to_wait(self, caller: str) -> float:
        """Seconds until the caller's next request is allowed; 0 if it is now."""
        tokens = self._tokens(caller)
        return 0.0 if tokens >= 1 else (1 - tokens) / self._per_second

    def charge(self, caller: str, applications: int) -> None:
        """Charge applications to a caller."""
        self._balances[caller] = (self._tokens(caller) - applications, self._now())

    def _tokens(self, caller: str) -> float:
        tokens, since = self._balances.get(caller, (self._burst, self._now()))
        return min(self._burst, tokens + (self._now() - since) * self._per_second)
