"""The model in use: it follows its alias in the registry, without a restart and without a request that fails."""

from datetime import UTC, datetime

import numpy as np

from credit_scoring.api.metrics import MODEL_CHANGES, MODEL_VERSION, Metrics
from credit_scoring.core.logs import get_logger
from credit_scoring.decisions.service import DecisionService
from credit_scoring.model_registry.registry import ModelRegistry


class ModelWatcher:
    """Keeps the decisions on the version that an alias points to.

    Args:
        decisions: what decides; it goes on with the old version until the new one is loaded and warm.
    """

    def __init__(
        self, decisions: DecisionService, registry: ModelRegistry, alias: str, metrics: Metrics
    ) -> None:
        self._decisions = decisions
        self._registry = registry
        self._alias = alias
        self._metrics = metrics
        self._note_in_use()

    @property
    def since(self) -> datetime:
        """When the version in use was taken up."""
        return self._since

    def refresh(self) -> None:
        """Take up the version that the alias points to now; a version that cannot be used changes nothing.

        Raises:
            CreditScoringError: the registry does not answer, or the version is missing, damaged or of other features.
        """
        number = self._registry.number_of(self._alias)
        if number == self._decisions.registered.version:
            return
        try:
            registered = self._registry.load_version(number)
            # The first scoring of a model takes longer: nobody's request shall be the first.
            registered.scorer.probability(
                np.zeros((1, len(registered.scorer.description.feature_names)), dtype=np.float32)
            )
            self._decisions.use(registered)
        except Exception:
            self._metrics.count(MODEL_CHANGES, "failed")
            raise
        self._metrics.count(MODEL_CHANGES, "taken_up")
        self._note_in_use()
        get_logger("api").info("new champion", model_version=number, alias=self._alias)

    def _note_in_use(self) -> None:
        self._since = datetime.now(UTC)
        self._metrics.set(MODEL_VERSION, self._decisions.registered.version, "champion")
