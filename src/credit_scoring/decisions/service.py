"""Makes decisions: features, probability, threshold, record; the answer comes last."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import lru_cache, partial

import numpy as np
from pydantic import JsonValue

from credit_scoring.core.settings import Settings
from credit_scoring.core.supervised_thread import SupervisedThread
from credit_scoring.data_contracts.application_request import RawColumns
from credit_scoring.decisions.decision_record import DecisionRecord, Entry
from credit_scoring.decisions.decision_request import DecisionRequest, entries_of
from credit_scoring.decisions.outcome_reports import OutcomeReport, Problem
from credit_scoring.decisions.outcomes import Recorded
from credit_scoring.decisions.recorder import Recorder, open_recorder
from credit_scoring.decisions.replay import Replay, replay
from credit_scoring.feature_store.online import OnlineVersion
from credit_scoring.feature_store.serving import FeatureService, ServedFeatures, open_feature_service
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer
from credit_scoring.scoring.explanation_types import Answer, Explain, Recompute
from credit_scoring.scoring.scorer import Scorer

_CACHED_OLD_MODELS = 4


ScoringObserver = Callable[[Scorer, np.ndarray, np.ndarray, float], None]
"""Called with Scorer, float32 features (n, features), probabilities (n,) and seconds of a scoring.

Once per scoring that leads to a decision, in the deciding thread; not for explanations or replays.
"""


class DecisionService:
    """Decides on applications with one registered Scorer; every method may be called from any thread.

    Args:
        features: serves feature vectors in the order the Scorer was trained on.
        registered: the Scorer that decides.
        recorder: makes each decision durable before it is answered.
        registry: holds the model versions that replays need.
    """

    def __init__(
        self, features: FeatureService, registered: RegisteredScorer, recorder: Recorder, registry: ModelRegistry
    ) -> None:
        self._features = features
        self._recorder = recorder
        self.registered = registered
        self._on_scoring: ScoringObserver = lambda *_: None
        self._load_version = lru_cache(_CACHED_OLD_MODELS)(registry.load_version)

    @property
    def feature_version(self) -> OnlineVersion:
        """The version whose history features are served."""
        return self._features.version

    def use(self, registered: RegisteredScorer) -> None:
        """Use another Scorer from the next decision on.

        Raises:
            StorageError: it was trained on other features than are served; the current one stays in use.
        """
        registered.require_features(self._features.feature_names)
        self.registered = registered

    def observe(self, on_lookup: Callable[[float], None], on_scoring: ScoringObserver) -> None:
        """Report the seconds of every history look-up and every scoring that leads to a decision."""
        self._features.on_lookup = on_lookup
        self._on_scoring = on_scoring

    @property
    def threads(self) -> Sequence[SupervisedThread]:
        """Background threads that record decisions."""
        return self._recorder.threads

    def close(self) -> None:
        """Finish recording and close the database connections."""
        self._recorder.close()
        self._features.close()

    def make_decision(self, request: DecisionRequest, explain: Explain[JsonValue] | None = None) -> DecisionRecord:
        """Decide on one application; see `make_decisions`."""
        return self.make_decisions([request], explain)[0]

    def make_decisions(
        self, requests: Sequence[DecisionRequest], explain: Explain[JsonValue] | None = None
    ) -> list[DecisionRecord]:
        """Decide on several applications together, all or none, and wait until they are recorded.

        Args:
            explain: computes the reasons, which are recorded with each decision.

        Raises:
            StorageError: the decisions could not be recorded, so none was made.
            UnexplainableModelError: the model's family gives no reasons; no decision was made.
        """
        if not requests:
            return []
        records, recorded = self.begin_decisions(requests, explain)
        recorded.result()
        return records

    def begin_decisions(
        self, requests: Sequence[DecisionRequest], explain: Explain[JsonValue] | None = None
    ) -> tuple[list[DecisionRecord], Future[None]]:
        """Decide with one call of the model and start recording in one transaction, without waiting for the disk.

        The records must not be sent before the future is done.
        """
        served = self._features.features_of_many(
            [one.application for one in requests], [one.client_id for one in requests]
        )
        # Read once: another thread may replace the Scorer.
        registered = self.registered
        features = np.stack([one.values for one in served])
        started = time.perf_counter()
        probabilities = registered.scorer.probability(features)
        self._on_scoring(registered.scorer, features, probabilities, time.perf_counter() - started)
        reasons = [
            explain and explain(registered.scorer, one.application, vector.values, self._recompute(vector))
            for one, vector in zip(requests, served, strict=True)
        ]
        entries = entries_of(requests, served, registered, probabilities.tolist(), reasons)
        may_spool = all(one.decision_id is None for one in requests)
        return [entry.record for entry in entries], self._recorder.record(entries, may_spool)

    def explain(self, application: RawColumns, client_id: int | None, explain: Explain[Answer]) -> Answer:
        """Explain the decision that would be made; nothing is decided or recorded."""
        served = self._features.features_of(application, client_id)
        return explain(self.registered.scorer, application, served.values, self._recompute(served))

    def explain_recorded(self, decision_id: str, explain: Explain[Answer]) -> tuple[DecisionRecord, Answer]:
        """A recorded decision, and its explanation by the model that made it; raises like `replay`.

        Counterfactuals require that the online store still describes the recorded feature version.
        """
        entry = self._recorder.find(decision_id)
        scorer = self._model_of(entry.record).scorer
        recompute = self._recompute_as_recorded(entry, scorer)
        return entry.record, explain(scorer, entry.record.application, entry.features, recompute)

    def _recompute(self, of: ServedFeatures) -> Recompute:
        return partial(self._features.recomputed, recorded=of.values, fingerprint=of.version.fingerprint)

    def _recompute_as_recorded(self, entry: Entry, scorer: Scorer) -> Recompute:
        if scorer.description.feature_names != self._features.feature_names:
            return lambda applications: None  # the program has computed other features since then
        return partial(self._features.recomputed, recorded=entry.features, fingerprint=entry.record.feature_fingerprint)

    def _model_of(self, record: DecisionRecord) -> RegisteredScorer:
        registered = self.registered
        if registered.version == record.model_version:
            return registered
        return self._load_version(record.model_version)

    def find(self, decision_id: str) -> DecisionRecord:
        """A recorded decision.

        Raises:
            MissingArtefactError: no decision has this id.
            ErasedError: its personal data was erased.
            StorageError: the ledger is unavailable.
        """
        return self._recorder.find(decision_id).record

    def record_reports(self, reports: Sequence[OutcomeReport], by: str) -> Recorded | list[Problem]:
        """Record what became of decisions, as `outcome_reports.record_reports` does."""
        return self._recorder.record_reports(reports, by)

    def replay(self, decision_id: str) -> Replay:
        """Repeat a recorded decision with its recorded inputs and model version.

        Raises:
            MissingArtefactError, ErasedError, StorageError: like `find`.
            ModelNotFoundError: the registry no longer has that version.
        """
        entry = self._recorder.find(decision_id)
        scorer = self._model_of(entry.record).scorer
        recomputed = self._recompute_as_recorded(entry, scorer)([entry.record.application])
        return replay(entry, scorer, None if recomputed is None else recomputed[0])

    def history_of(self, client_id: int) -> tuple[OnlineVersion, dict[str, float | None] | None]:
        """The version in the online store, and a client's history features by name; None for an unknown client."""
        version, stored = self._features.history_of(client_id)
        if stored is None:
            return version, None
        values = [None if np.isnan(value) else float(value) for value in stored]
        return version, dict(zip(version.history_features, values, strict=True))

    def readiness(self) -> dict[str, str | None]:
        """Why a part did not work when it was last used, by part; None if it did. Waits for nothing.

        The ledger counts as working while the spool accepts decisions; see `ledger_unavailable_reason`.
        """
        return {"model": None, "store": self._features.unavailable_reason, "ledger": self._recorder.full_reason}

    def check_store(self) -> None:
        """Find out whether the online store works; raises like a decision on a known client."""
        self._features.check()

    @property
    def ledger_unavailable_reason(self) -> str | None:
        """Why decisions go to the spool instead of the ledger's database; None if they do not."""
        return self._recorder.unavailable_reason

    def spool_depth(self) -> int:
        """Number of decisions that wait for the ledger's database, those of dead processes on this folder included."""
        return self._recorder.depth


def open_decision_service(
    settings: Settings,
    only_recorded: bool = False,
    registered: RegisteredScorer | None = None,
    reads_only: bool = False,
) -> DecisionService:
    """The service on the configured online store, registry and ledger.

    Args:
        only_recorded: it will only read recorded decisions, which older programs may have made with other features.
        reads_only: it will record no decision, so it creates no ledger; implied by `only_recorded`.
        registered: the Scorer that decides; that of the configured alias if None.

    Raises:
        MissingArtefactError, ModelNotFoundError: nothing is published or registered yet.
        StorageError: the Scorer was trained on other features than the store serves.
    """
    features = open_feature_service(settings)
    registry = ModelRegistry(settings)
    registered = registered or registry.load(settings.registry.model_alias)
    if not only_recorded:
        registered.require_features(features.feature_names)
    return DecisionService(features, registered, open_recorder(settings, reads_only or only_recorded), registry)
