"""Follow the champion's alias in the registry without a restart and without failing requests."""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from credit_scoring.api.metrics import Metrics
from credit_scoring.core.logs import get_logger
from credit_scoring.decisions.service import DecisionService
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer


class ModelWatcher:
    """Keeps the decision service on the model version that an alias points to.

    Args:
        decisions: continues with the previous version until the new one is loaded and warm.

    Attributes:
        since: when the current version was activated.
        deployment: what the alias was found to point to last; None before it was read.
    """

    def __init__(
        self,
        decisions: DecisionService,
        registry: ModelRegistry,
        alias: str,
        metrics: Metrics,
        on_activated: Callable[[RegisteredScorer], None] = lambda registered: None,
    ) -> None:
        self._decisions = decisions
        self._registry = registry
        self._alias = alias
        self._metrics = metrics
        self._on_activated = on_activated
        self.deployment = decisions.registered.deployment
        self._note_activation()

    def refresh(self) -> None:
        """Activate the version that the alias points to; after an error the previous version stays active.

        Raises:
            CreditScoringError: the registry does not answer, or the version is missing, damaged or does not fit the
                served features.
        """
        self.deployment = deployment = self._registry.deployment(self._alias)
        number = deployment.version
        if number == self._decisions.registered.version:
            return
        try:
            registered = self._registry.load_version(number)
            # A model's first scoring is slow; no request should pay for it.
            registered.scorer.probability(
                np.zeros((1, len(registered.scorer.description.feature_names)), dtype=np.float32)
            )
            self._decisions.use(registered)
        except Exception:
            self._metrics.model_changes.labels("failed").inc()
            raise
        self._metrics.model_changes.labels("activated").inc()
        self._note_activation()
        get_logger("api").info("new champion", model_version=number, alias=self._alias)
        self._on_activated(registered)

    def _note_activation(self) -> None:
        self.since = datetime.now(UTC)
        self._metrics.model_version.labels("champion").set(self._decisions.registered.version)
