"""Features of one application at the moment of a decision: stored history plus what the application says."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.core.urls import sqlite_file
from credit_scoring.feature_engineering.application import (
    APPLICATION_FEATURES,
    ApplicationEvaluator,
    encode_requests,
)
from credit_scoring.feature_engineering.application.training_statistics import TrainingStatistics
from credit_scoring.feature_engineering.definition import STORED_TYPE
from credit_scoring.feature_store.online import OnlineStore, OnlineVersion, nothing_published


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
    """Builds feature vectors from the online store; the same functions as in batch, on one row.

    Which history features there are is the store's to say: what computes them in batch is not loaded here.
    """

    def __init__(self, store: OnlineStore) -> None:
        self.on_lookup: Callable[[float], None] = lambda seconds: None
        """Called with the seconds that each look-up of a history took, in the thread that looked it up."""
        self._store = store
        self._in_use = _in_use(store.current())
        self._history_names = self._in_use.version.history_features

    @property
    def version(self) -> OnlineVersion:
        """The feature version in use."""
        return self._in_use.version

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the served vector, in order."""
        return (*self._history_names, *(feature.name for feature in APPLICATION_FEATURES))

    def features_of(self, application: Mapping[str, object], client_id: int | None) -> ServedFeatures:
        """Feature vector of an application.

        Args:
            application: raw application columns by name; absent ones are missing.
            client_id: whose history to look up; None for a client never seen.
        """
        return self.features_of_many([application], [client_id])[0]

    def features_of_many(
        self, applications: Sequence[Mapping[str, object]], client_ids: Sequence[int | None]
    ) -> list[ServedFeatures]:
        """Feature vectors of several applications, computed together and of one version; the same bits as alone."""
        started = time.perf_counter()
        in_use, stored = self._looked_up(client_ids)
        self.on_lookup(time.perf_counter() - started)
        history = np.stack([in_use.nobody if one is None else one for one in stored])
        values = in_use.joined(applications, history)
        return [
            ServedFeatures(row, in_use.version, one is not None)
            for row, one in zip(values, stored, strict=True)
        ]

    def _looked_up(self, client_ids: Sequence[int | None]) -> tuple["_InUse", list[np.ndarray | None]]:
        in_use = self._in_use
        wanted = sorted({one for one in client_ids if one is not None})
        if not wanted:
            return in_use, [None] * len(client_ids)
        fingerprint, found = self._store.read_many(wanted)
        # A new version was loaded: its rows must meet its own statistics, however often it moves meanwhile.
        while fingerprint != in_use.version.fingerprint:
            self._in_use = in_use = self._succeeding(_in_use(self._store.current()))
            fingerprint, found = self._store.read_many(wanted)
        return in_use, [None if one is None else found.get(one) for one in client_ids]

    def _succeeding(self, in_use: "_InUse") -> "_InUse":
        if in_use.version.history_features != self._history_names:
            raise StorageError(
                f"The online store now holds {len(in_use.version.history_features)} history features, this service "
                f"was started on {len(self._history_names)}.",
                "Train on the new features and start the service again, or `credit-scoring features use` "
                "the version before.",
            )
        return in_use

    def history_of(self, client_id: int) -> tuple[OnlineVersion, np.ndarray | None]:
        """What the store holds of a client: float32 history features (features,), None for one it does not know."""
        in_use, (stored,) = self._looked_up([client_id])
        return in_use.version, stored

    def recomputed(
        self, applications: Sequence[Mapping[str, object]], recorded: np.ndarray, fingerprint: str
    ) -> np.ndarray | None:
        """Vectors (applications, features) of applications with the history of a recorded vector.

        None when the store no longer knows the statistics of that feature version, or this program reads other
        history features than it had.

        Args:
            recorded: float32 (features,) of a decision; its history part is kept.
        """
        in_use = self._in_use
        if in_use.version.fingerprint != fingerprint:
            description = self._store.description_of(fingerprint)
            if description is None:
                return None
            try:
                in_use = _in_use(description)
            except StorageError:
                return None
        past = recorded[: len(in_use.version.history_features)]
        return in_use.joined(applications, np.tile(past, (len(applications), 1)))

    def require_reachable(self) -> None:
        """Ask the store whether it answers; raises StorageError or MissingArtefactError when it does not."""
        self._store.current()

    def close(self) -> None:
        """Give back the store's connections."""
        self._store.close()


def open_feature_service(settings: Settings) -> FeatureService:
    """The service on the configured online store.

    Raises:
        MissingArtefactError: nothing was published there. A file that is not there is not begun either: whoever puts
            it back would find another in its place.
        StorageError: the store cannot be reached, or another release of this program loaded it.
    """
    url = Storage.of(settings).database_url(settings.features.online_store_url, "online_store")
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise nothing_published()
    return FeatureService(OnlineStore(url))


@dataclass(frozen=True)
class _InUse:
    """A version and what follows from it, exchanged together: requests are answered by several threads."""

    version: OnlineVersion
    plan: ApplicationEvaluator
    nobody: np.ndarray

    def joined(self, applications: Sequence[Mapping[str, object]], history: np.ndarray) -> np.ndarray:
        """Whole vectors (applications, features) from stored histories (applications, history features)."""
        own = self.plan.compute(encode_requests(applications), history)
        return np.concatenate([history, own], axis=1)


def _in_use(version: OnlineVersion) -> _InUse:
    population = TrainingStatistics.model_validate_json(version.population)
    try:
        plan = ApplicationEvaluator(version.history_features, population)
    except ValueError as error:
        raise StorageError(
            f"The online store lacks history features that this program reads: {error}.",
            "Run `credit-scoring pipeline` with this program version to publish its features.",
        ) from error
    return _InUse(version, plan, np.array(version.without_history, dtype=STORED_TYPE))
