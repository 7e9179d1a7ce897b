"""Feature vectors at decision time: a client's stored history features, then the application features."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from credit_scoring.core.errors import CreditScoringError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.urls import missing_file
from credit_scoring.feature_engineering.application import APPLICATION_FEATURES, ApplicationEvaluator
from credit_scoring.feature_engineering.application.encoding import encode_requests
from credit_scoring.feature_engineering.application.training_statistics import TrainingStatistics
from credit_scoring.feature_engineering.definition import STORED_TYPE
from credit_scoring.feature_store.online import SCHEMA, OnlineStore, OnlineVersion, nothing_published

_NO_CLIENT = 0


@dataclass(frozen=True)
class ServedFeatures:
    """The feature vector of one application.

    Attributes:
        values: float32 (features,), in catalogue order.
        version: feature version of the history.
        history_found: False if the store has no row for the client; the features are then those without history.
    """

    values: np.ndarray
    version: OnlineVersion
    history_found: bool


class FeatureService:
    """Builds feature vectors from the online store, with the functions of the batch on one row.

    The store lists its history features, so the code that computes them in batch is not imported here.
    """

    def __init__(self, store: OnlineStore) -> None:
        self.on_lookup: Callable[[float], None] = lambda seconds: None
        """Called with the seconds of each history look-up, in the thread that made it."""
        self._store = store
        self._served = _ServedVersion(store.current())
        self._history_names = self._served.version.history_features
        self._unavailable: CreditScoringError | None = None

    @property
    def version(self) -> OnlineVersion:
        """The feature version that is served."""
        return self._served.version

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the served vector, in order."""
        return (*self._history_names, *(feature.name for feature in APPLICATION_FEATURES))

    def features_of(self, application: Mapping[str, object], client_id: int | None) -> ServedFeatures:
        """Feature vector of one application.

        Args:
            application: raw application columns by name; absent ones are missing.
            client_id: client whose history is used; None for a new client.
        """
        return self.features_of_many([application], [client_id])[0]

    def features_of_many(
        self, applications: Sequence[Mapping[str, object]], client_ids: Sequence[int | None]
    ) -> list[ServedFeatures]:
        """Feature vectors of several applications, of one version; bit for bit as if computed one by one."""
        started = time.perf_counter()
        served, stored = self._look_up(client_ids)
        self.on_lookup(time.perf_counter() - started)
        history = np.stack([served.without_history if row is None else row for row in stored])
        values = served.vectors(applications, history)
        return [
            ServedFeatures(vector, served.version, row is not None) for vector, row in zip(values, stored, strict=True)
        ]

    def _look_up(self, client_ids: Sequence[int | None]) -> tuple["_ServedVersion", list[np.ndarray | None]]:
        """The rows of clients, None where the store has none, and the version that all of them belong to."""
        served = self._served
        known = sorted({client_id for client_id in client_ids if client_id is not None})
        if not known:
            return served, [None] * len(client_ids)
        if self._unavailable is not None:
            raise self._unavailable.again()
        fingerprint, found = self._read(known)
        # A new version was loaded. Its rows need its own statistics, however often the version changes meanwhile.
        while fingerprint != served.version.fingerprint:
            self._served = served = self._compatible(_ServedVersion(self._store.current()))
            fingerprint, found = self._read(known)
        return served, [None if client_id is None else found.get(client_id) for client_id in client_ids]

    def _read(self, client_ids: Sequence[int]) -> tuple[str, dict[int, np.ndarray]]:
        try:
            return self._store.read(client_ids)
        except CreditScoringError as error:
            self._unavailable = error
            raise

    def _compatible(self, served: "_ServedVersion") -> "_ServedVersion":
        if served.version.history_features != self._history_names:
            raise StorageError(
                f"The online store now holds {len(served.version.history_features)} history features, this service "
                f"was started with {len(self._history_names)}.",
                "Train on the new features and restart the service, or return to the previous version with "
                "`credit-scoring features use`.",
            )
        return served

    def history_of(self, client_id: int) -> tuple[OnlineVersion, np.ndarray | None]:
        """A client's float32 history features (features,), None for an unknown client, and their version."""
        served, (stored,) = self._look_up([client_id])
        return served.version, stored

    def recomputed(
        self, applications: Sequence[Mapping[str, object]], recorded: np.ndarray, fingerprint: str
    ) -> np.ndarray | None:
        """Vectors (applications, features) of applications with the history of a recorded vector.

        None if the store no longer describes that feature version, or if its history features have changed since.

        Args:
            recorded: float32 vector (features,) of a decision, whose history part is used.
            fingerprint: of the feature version of that decision.
        """
        served = self._served
        if served.version.fingerprint != fingerprint:
            description = self._store.description_of(fingerprint)
            if description is None:
                return None
            try:
                served = _ServedVersion(description)
            except StorageError:
                return None
        past = recorded[: len(served.version.history_features)]
        return served.vectors(applications, np.tile(past, (len(applications), 1)))

    @property
    def unavailable_reason(self) -> str | None:
        """Why look-ups fail; None if they do not."""
        return None if self._unavailable is None else str(self._unavailable)

    def check(self) -> None:
        """Ask the store as a decision does.

        A failed store is retried only here; otherwise each decision would wait for it in turn.

        Raises:
            StorageError, MissingArtefactError: it cannot serve.
        """
        self._read([_NO_CLIENT])
        self._unavailable = None

    def close(self) -> None:
        """Close the store's connections."""
        self._store.close()


def open_feature_service(settings: Settings) -> FeatureService:
    """The service on the configured online store.

    Raises:
        MissingArtefactError: nothing is published there. A missing SQLite file is not created, so that it can be
            restored.
        StorageError: the store cannot be reached, or another release of this program loaded it.
    """
    url = SCHEMA.url(settings)
    if file := missing_file(url):
        raise nothing_published(f"There is no online store at {file}.")
    return FeatureService(OnlineStore(url, settings.api.look_up_seconds))


class _ServedVersion:
    """A version and everything derived from it, replaced as one object: several threads read it.

    Raises:
        StorageError: the version lacks history features that application features need.
    """

    def __init__(self, version: OnlineVersion) -> None:
        self.version = version
        self.without_history = np.array(version.without_history, dtype=STORED_TYPE)
        statistics = TrainingStatistics.model_validate_json(version.population)
        try:
            self._plan = ApplicationEvaluator(version.history_features, statistics)
        except ValueError as error:
            raise StorageError(
                f"The online store lacks history features that this program reads: {error}.",
                "Run `credit-scoring pipeline` with this program version to publish its features.",
            ) from error

    def vectors(self, applications: Sequence[Mapping[str, object]], history: np.ndarray) -> np.ndarray:
        """Complete vectors (applications, features) from histories (applications, history features)."""
        own = self._plan.compute(encode_requests(applications), history)
        return np.concatenate([history, own], axis=1)
