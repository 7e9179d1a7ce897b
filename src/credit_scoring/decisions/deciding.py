"""Make one decision: features, probability, threshold, record; only then an answer."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from credit_scoring.core.errors import StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.decisions.ledger import DecisionRecord, Ledger
from credit_scoring.feature_store.online import OnlineStore, OnlineVersion
from credit_scoring.feature_store.serving import FeatureService
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer


class DecisionService:
    """Decides on applications with one registered Scorer.

    Args:
        features: the online store's vectors, in the order the Scorer was trained on.
    """

    def __init__(self, features: FeatureService, registered: RegisteredScorer, ledger: Ledger) -> None:
        self._features = features
        self.registered = registered
        self._ledger = ledger

    @property
    def feature_version(self) -> OnlineVersion:
        """The version whose history features are served."""
        return self._features.version

    def close(self) -> None:
        """Give back the database connections."""
        self._features.close()
        self._ledger.close()

    def decide(
        self, application: Mapping[str, float | int | str | None], client_id: int | None
    ) -> DecisionRecord:
        """Decide, record, and return the record.

        Args:
            application: raw application columns by name; absent ones are missing.
            client_id: whose history to use; None for a client never seen.

        Raises:
            StorageError: the decision could not be recorded, so it was not made.
        """
        served = self._features.features_of(application, client_id)
        scorer = self.registered.scorer
        probability = float(scorer.probability(served.values.reshape(1, -1))[0])
        record = DecisionRecord(
            decision_id=uuid.uuid4().hex,
            decided_at=datetime.now(UTC),
            client_id=client_id,
            application=dict(application),
            history_found=served.history_found,
            feature_version=served.version.number,
            feature_fingerprint=served.version.fingerprint,
            feature_date=served.version.created_at,
            model_name=self.registered.name,
            model_version=self.registered.version,
            model_hash=scorer.description.model_hash,
            source=scorer.description.source,
            threshold=scorer.description.threshold,
            probability=probability,
            decision=scorer.decide(probability),
        )
        self._ledger.record(record, served.values)
        return record


def open_decision_service(settings: Settings) -> DecisionService:
    """The service on the configured online store, registry and ledger.

    Raises:
        MissingArtefactError, ModelNotFoundError: nothing was published or registered yet.
        StorageError: the Scorer was trained on other features than the store serves.
    """
    storage = Storage.of(settings)
    features = FeatureService(OnlineStore(storage.database_url(settings.online_store_url, "online_store")))
    registered = ModelRegistry(settings).load(settings.model_alias)
    if registered.scorer.description.feature_names != features.feature_names:
        raise StorageError(
            f"{registered.name} version {registered.version} was trained on other features than are served.",
            "Run `credit-scoring train` on the published features.",
        )
    ledger = Ledger(storage.database_url(settings.ledger_url, "decisions"))
    return DecisionService(features, registered, ledger)
