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
        self._in_use = _usable(store.current())

    @property
    def version(self) -> OnlineVersion:
        """The feature version in use."""
        return self._in_use.version

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
        in_use, stored = (self._in_use, None) if client_id is None else self._looked_up(client_id)
        history = history_of_nobody() if stored is None else stored
        values = _joined(application, history, in_use.population)
        return ServedFeatures(values, in_use.version, history_found=stored is not None)

    def _looked_up(self, client_id: int) -> tuple["_InUse", np.ndarray | None]:
        in_use = self._in_use
        fingerprint, stored = self._store.read(client_id)
        # A new version was loaded: its rows must meet its own statistics, however often it moves meanwhile.
        while fingerprint != in_use.version.fingerprint:
            self._in_use = in_use = _usable(self._store.current())
            fingerprint, stored = self._store.read(client_id)
        return in_use, stored

    def history_of(self, client_id: int) -> tuple[OnlineVersion, np.ndarray | None]:
        """What the store holds of a client: float32 history features (features,), None for one it does not know."""
        in_use, stored = self._looked_up(client_id)
        return in_use.version, stored

    def recomputed(
        self, application: Mapping[str, object], recorded: np.ndarray, fingerprint: str
    ) -> np.ndarray | None:
        """A recorded vector with its application features computed again.

        None when another feature version is served: its population statistics are others.

        Args:
            recorded: float32 (features,) of that decision; its history part is kept.
        """
        in_use = self._in_use
        if in_use.version.fingerprint != fingerprint:
            return None
        return _joined(application, recorded[: len(HISTORY_FEATURES)], in_use.population)

    def require_reachable(self) -> None:
        """Ask the store whether it answers; raises StorageError or MissingArtefactError when it does not."""
        self._store.current()

    def close(self) -> None:
        """Give back the store's connections."""
        self._store.close()


@dataclass(frozen=True)
class _InUse:
    """A version and its statistics, exchanged together: requests are answered by several threads."""

    version: OnlineVersion
    population: Population


def _joined(application: Mapping[str, object], history: np.ndarray, population: Population) -> np.ndarray:
    own = compute_application_features(encode_application(application), history.reshape(1, -1), population)
    return np.concatenate([history, own[0]])


def _usable(version: OnlineVersion) -> _InUse:
    expected = tuple(feature.name for feature in HISTORY_FEATURES)
    if version.history_features != expected:
        raise StorageError(
            f"The online store holds {len(version.history_features)} history features, "
            f"this program knows {len(expected)}.",
            "Run `credit-scoring pipeline` with this program version to publish its features.",
        )
    return _InUse(version, Population.model_validate_json(version.population))
