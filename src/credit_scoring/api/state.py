"""What a running service consists of; routes reach it through their request."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from credit_scoring.api.background.batcher import Batcher
from credit_scoring.api.instrumentation import BeginDecisions
from credit_scoring.api.metrics import Metrics
from credit_scoring.api.readiness import Readiness
from credit_scoring.api.security.keys import KeyRing
from credit_scoring.api.security.rate_limit import RateLimit
from credit_scoring.core.settings import Settings
from credit_scoring.decisions.service import DecisionService


@dataclass(frozen=True)
class ServiceState:
    """The parts of a running service.

    Attributes:
        keys: None where nobody is asked for one.
        begin_decisions: how decisions are made; their time is measured.
        batcher: makes decisions, those that arrive close to each other together.
        threads: where everything else is done that may wait, so that the event loop goes on taking requests.
        batch_thread: one batch at a time, so that single applications need not wait for many.
        in_use_since: when the model in use was taken up.
    """

    settings: Settings
    decisions: DecisionService
    metrics: Metrics
    begin_decisions: BeginDecisions
    batcher: Batcher
    keys: KeyRing | None
    rate_limit: RateLimit
    readiness: Readiness
    threads: Executor
    batch_thread: Executor
    in_use_since: Callable[[], datetime]


def state_of(request: Request) -> ServiceState:
    """The service that a request came to."""
    serving: ServiceState = request.app.state.serving
    return serving
