"""Gathers the evidence for the gates: files of the tracked runs, the served features and a timing."""

import json
import statistics
import time
from pathlib import Path

import numpy as np
import polars as pl
from pydantic import ValidationError

from credit_scoring.core.errors import CreditScoringError, PromotionRefusedError
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_store.serving import open_feature_service
from credit_scoring.model_registry.evidence import EvaluatedVersion, Evidence, OutOfFold
from credit_scoring.model_registry.gate_result import GATE_REPORTS, GateResult
from credit_scoring.model_registry.registry import ModelRegistry, VersionSummary
from credit_scoring.scoring.artefact_names import OUT_OF_FOLD_FILE
from credit_scoring.scoring.scorer import Scorer

_TIMED_ROWS, _WARM_UP_ROWS = 100, 10


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
    return [_reported(file) for file in sorted(folder.glob("*.json"))]


def _reported(file: Path) -> GateResult:
    try:
        return GateResult.model_validate_json(file.read_bytes())
    except (ValidationError, json.JSONDecodeError) as error:
        raise PromotionRefusedError(
            f"The gate report {GATE_REPORTS}/{file.name} of the run cannot be read ({error}).",
            "Run the step that writes it again.",
        ) from error


def _evaluated_version(registry: ModelRegistry, version: VersionSummary, scorer: Scorer) -> EvaluatedVersion:
    path = registry.artefact(version.run_id, OUT_OF_FOLD_FILE)
    if path is None:
        raise PromotionRefusedError(
            f"Run {version.run_id} of version {version.number} has no {OUT_OF_FOLD_FILE}.",
            "Train again with `credit-scoring train --force`.",
        )
    rows = pl.read_parquet(path, columns=[CLIENT, "TARGET", "probability"]).sort(CLIENT)
    out_of_fold = OutOfFold(rows[CLIENT].to_numpy(), rows["TARGET"].to_numpy(), rows["probability"].to_numpy())
    return EvaluatedVersion(version.number, scorer.description, out_of_fold)


def served_features(settings: Settings) -> tuple[str, ...] | str:
    """The features that the service computes, in order; or the reason why it cannot."""
    try:
        service = open_feature_service(settings)
    except CreditScoringError as error:
        return str(error)
    try:
        return service.feature_names
    finally:
        service.close()


def _single_row_milliseconds(scorer: Scorer) -> float:
    random = np.random.default_rng(0)
    shape = (_WARM_UP_ROWS + _TIMED_ROWS, len(scorer.description.feature_names))
    seconds = []
    for row in random.normal(size=shape).astype(np.float32):
        started = time.perf_counter()
        scorer.probability(row.reshape(1, -1))
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[_WARM_UP_ROWS:]) * 1e3
