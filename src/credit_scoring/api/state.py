"""The components of a running service; routes get them as a dependency."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from credit_scoring.api.background.batcher import Batcher
from credit_scoring.api.instrumentation import BeginDecisions
from credit_scoring.api.metrics import Metrics
from credit_scoring.api.readiness import Readiness
from credit_scoring.api.security.keys import KeyRing
from credit_scoring.api.security.rate_limit import RateLimit
from credit_scoring.core.settings import Settings
from credit_scoring.core.supervised_thread import SupervisedThread
from credit_scoring.decisions.service import DecisionService


@dataclass(frozen=True)
class ServiceState:
    """Components of a running service.

    Attributes:
        keys: None where no keys are required (dev).
        begin_decisions: `DecisionService.begin_decisions`, with its time measured.
        batcher: groups concurrent applications into one decision call.
        threads: for all other blocking work, so that the event loop stays free.
        supervised_threads: background threads without which the service is not alive.
        batch_thread: one batch at a time, so that batches do not delay single applications.
        in_use_since: when the current model version was activated.
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
    supervised_threads: Sequence[SupervisedThread]
    batch_thread: Executor
    in_use_since: Callable[[], datetime]
