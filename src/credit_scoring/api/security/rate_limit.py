"""How much one caller may ask for: a bucket of tokens per API key."""

import time
from collections.abc import Callable


class RateLimit:
    """Tokens per caller, filled up steadily; one token is one application.

    A request is let in while its caller has any token left and is charged afterwards, so a batch may leave a debt
    that is waited off: nobody has to guess how many applications fit.

    Args:
        per_second: tokens that come in.
        burst: tokens that a caller who rests can save up.
        now: seconds on a clock that never goes back.
    """

    def __init__(self, per_second: float, burst: float, now: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._now = now
        self._balances: dict[str, tuple[float, float]] = {}

    def seconds_to_wait(self, caller: str) -> float:
        """0 if the caller may ask now."""
        tokens = self._tokens(caller)
        return 0.0 if tokens >= 1 else (1 - tokens) / self._per_second

    def charge(self, caller: str, applications: int) -> None:
        """Take tokens away."""
        self._balances[caller] = (self._tokens(caller) - applications, self._now())

    def _tokens(self, caller: str) -> float:
        tokens, since = self._balances.get(caller, (self._burst, self._now()))
        return min(self._burst, tokens + (self._now() - since) * self._per_second)
