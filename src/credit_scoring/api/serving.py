"""What a running service consists of; routes reach it through their request."""

from concurrent.futures import Executor
from dataclasses import dataclass

from fastapi import Request

from credit_scoring.api.keys import KeyRing
from credit_scoring.api.metrics import Metrics
from credit_scoring.api.rate_limit import RateLimit
from credit_scoring.core.settings import Settings
from credit_scoring.decisions.deciding import DecisionService


@dataclass(frozen=True)
class Serving:
    """The parts of a running service.

    Attributes:
        keys: None where nobody is asked for one.
        threads: where decisions are made, so that the event loop goes on taking requests.
    """

    settings: Settings
    decisions: DecisionService
    metrics: Metrics
    keys: KeyRing | None
    rate_limit: RateLimit
    threads: Executor


def serving_of(request: Request) -> Serving:
    """The service that a request came to."""
    serving: Serving = request.app.state.serving
    return serving
