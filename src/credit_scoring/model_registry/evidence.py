"""The evidence that the gates evaluate: files of the tracked runs, the served features and a timing."""

import json
import statistics
import time
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import polars as pl
from pydantic import ValidationError

from credit_scoring.core.errors import CreditScoringError, PromotionRefusedError
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.evaluation.business_cost import client_costs
from credit_scoring.feature_store.serving import open_feature_service
from credit_scoring.model_registry.gate_result import GATE_REPORTS, GateResult
from credit_scoring.model_registry.registry import ModelRegistry, VersionSummary
from credit_scoring.scoring.artefact_names import OUT_OF_FOLD_FILE
from credit_scoring.scoring.scorer import Scorer, ScorerDescription

_TIMED_ROWS, _WARM_UP_ROWS = 100, 10


@dataclass(frozen=True)
class OutOfFold:
    """Predictions for clients that the model was not fitted on, sorted by client.

    Attributes:
        client_ids, default, probability: (n,); 1 for a default; calibrated probabilities.
    """

    client_ids: np.ndarray
    default: np.ndarray
    probability: np.ndarray

    def has_same_clients(self, other: "OutOfFold") -> bool:
        """Whether both have the same clients and outcomes, so that a paired comparison is possible."""
        return np.array_equal(self.client_ids, other.client_ids) and np.array_equal(self.default, other.default)


@dataclass(frozen=True)
class EvaluatedVersion:
    """A version and its out-of-fold predictions."""

    number: int
    description: ScorerDescription
    out_of_fold: OutOfFold

    def costs(self, missed_default_cost: float) -> np.ndarray:
        """Business cost of its decision on each client (n,)."""
        refused = self.out_of_fold.probability >= self.description.threshold
        return client_costs(refused, self.out_of_fold.default, missed_default_cost)


@dataclass(frozen=True)
class Evidence:
    """The input of every gate.

    Attributes:
        champion: the version in production, if there is one.
        served_features: the features that the service computes, in order; or the reason why it computes none.
        single_row_milliseconds: median time of the candidate for one application.
        allow_synthetic: whether a model trained on synthetic clients may be promoted.
    """

    candidate: EvaluatedVersion
    champion: EvaluatedVersion | None
    served_features: tuple[str, ...] | str
    single_row_milliseconds: float
    allow_synthetic: bool
    settings: Settings


def gather_evidence(
    settings: Settings,
    registry: ModelRegistry,
    candidate: VersionSummary,
    champion: VersionSummary | None,
    allow_synthetic: bool,
) -> Evidence:
    """Everything the gates need.

    Raises:
        PromotionRefusedError: a version has no out-of-fold predictions, so it cannot be evaluated.
        StorageError: the registry does not answer, or files of a version are damaged.
    """
    scorer = registry.load_version(candidate.number).scorer
    return Evidence(
        candidate=_evaluated_version(registry, candidate, scorer),
        champion=(
            None
            if champion is None
            else _evaluated_version(registry, champion, registry.load_version(champion.number).scorer)
        ),
        served_features=served_features(settings),
        single_row_milliseconds=_single_row_milliseconds(scorer),
        allow_synthetic=allow_synthetic,
        settings=settings,
    )


def reported_gate_results(registry: ModelRegistry, version: VersionSummary) -> list[GateResult]:
    """Gate results that other steps stored among the run's files, sorted by file name.

    Raises:
        PromotionRefusedError: a file is not a valid gate result.
    """
    folder = registry.artefact(version.run_id, GATE_REPORTS)
    if folder is None:
        return []
    results = []
    for file in sorted(folder.glob("*.json")):
        try:
            results.append(GateResult.model_validate_json(file.read_bytes()))
        except (ValidationError, json.JSONDecodeError) as error:
            raise PromotionRefusedError(
                f"The gate report {GATE_REPORTS}/{file.name} of the run cannot be read ({error}).",
                "Run the step that writes it again.",
            ) from error
    return results


def _evaluated_version(registry: ModelRegistry, version: VersionSummary, scorer: Scorer) -> EvaluatedVersion:
    path = registry.artefact(version.run_id, OUT_OF_FOLD_FILE)
    if path is None:
        raise PromotionRefusedError(
            f"Run {version.run_id} of version {version.number} has no {OUT_OF_FOLD_FILE}.",
            "Train again with `credit-scoring train --force`.",
        )
    rows = pl.read_parquet(path, columns=[CLIENT, "TARGET", "probability"], glob=False).sort(CLIENT)
    out_of_fold = OutOfFold(rows[CLIENT].to_numpy(), rows["TARGET"].to_numpy(), rows["probability"].to_numpy())
    return EvaluatedVersion(version.number, scorer.description, out_of_fold)


def served_features(settings: Settings) -> tuple[str, ...] | str:
    """The features that the service computes, in order; or the reason why it cannot."""
    try:
        service = open_feature_service(settings)
    except CreditScoringError as error:
        return str(error)
    with closing(service):
        return service.feature_names


def _single_row_milliseconds(scorer: Scorer) -> float:
    random = np.random.default_rng(0)
    shape = (_WARM_UP_ROWS + _TIMED_ROWS, len(scorer.description.feature_names))
    seconds = []
    for row in random.normal(size=shape).astype(np.float32):
        started = time.perf_counter()
        scorer.probability(row.reshape(1, -1))
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[_WARM_UP_ROWS:]) * 1e3
