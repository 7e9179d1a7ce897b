"""Features of one application at the moment of a decision: stored history plus what the application says."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from credit_scoring.core.errors import StorageError
from credit_scoring.feature_engineering.application import compute_application_features, encode_application
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_engineering.history import HISTORY_FEATURES, history_of_nobody
from credit_scoring.feature_engineering.application.population import Population
from credit_scoring.feature_store.online import OnlineStore, OnlineVersion


@dataclass(frozen=True)
class ServedFeatures:
    """The feature vector of one application.

    Attributes:
        values: float32 (features,), in catalogue order.
        version: the feature version the history comes from.
        history_found: False for a client the store does not know; the history is then that of nobody.
    """

    values: np.ndarray
    version: OnlineVersion
    history_found: bool


class FeatureService:
    """Builds feature vectors from the online store; the same functions as in batch, on one row."""

    def __init__(self, store: OnlineStore) -> None:
        self._store = store
        self._use(store.current())

    @property
    def version(self) -> OnlineVersion:
        """The feature version in use."""
        return self._version

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the served vector, in order."""
        return feature_names()

    def features_of(self, application: Mapping[str, object], client_id: int | None) -> ServedFeatures:
        """Feature vector of an application.

        Args:
            application: raw application columns by name; absent ones are missing.
            client_id: whose history to look up; None for a client never seen.
        """
        stored = None
        if client_id is not None:
            fingerprint, stored = self._store.read(client_id)
            if fingerprint != self._version.fingerprint:
                self._use(self._store.current())
        history = history_of_nobody() if stored is None else stored
        own = compute_application_features(
            encode_application(application), history.reshape(1, -1), self._population
        )
        values = np.concatenate([history, own[0]])
        return ServedFeatures(values, self._version, history_found=stored is not None)

    def close(self) -> None:
        """Give back the store's connections."""
        self._store.close()

    def _use(self, version: OnlineVersion) -> None:
        expected = tuple(feature.name for feature in HISTORY_FEATURES)
        if version.history_features != expected:
            raise StorageError(
                f"The online store holds {len(version.history_features)} history features, "
                f"this program knows {len(expected)}.",
                "Run `credit-scoring pipeline` with this program version to publish its features.",
            )
        self._version = version
        self._population = Population.model_validate_json(version.population)
