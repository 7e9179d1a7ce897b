"""The audit of a registered version on the out-of-fold predictions of its run, and the report to its promotion."""

import json
from typing import NamedTuple

import numpy as np
import polars as pl

from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.evaluation.fairness import AblationCost, FairnessAudit, audit
from credit_scoring.feature_store.offline import read_version
from credit_scoring.governance.ablation_cost import price_of_leaving_out
from credit_scoring.governance.audited_groups import AUDITED_FEATURES, audited_groups
from credit_scoring.governance.fairness_gate import fairness_result
from credit_scoring.model_registry.evidence import reported_gate_results
from credit_scoring.model_registry.registry import ModelRegistry, VersionSummary
from credit_scoring.scoring.artefact_names import ABLATION_FACTS_FILE, ABLATION_FILE, OUT_OF_FOLD_FILE
from credit_scoring.scoring.scorer import ScorerDescription


class _AuditedClients(NamedTuple):
    """The clients of a training: their predictions, and the group of each by attribute."""

    frame: pl.DataFrame
    groups: dict[str, np.ndarray]


def audit_of_version(
    settings: Settings, registry: ModelRegistry, run_id: str, description: ScorerDescription
) -> FairnessAudit | None:
    """Compare by group the out-of-fold decisions on all clients of a version's training.

    Args:
        run_id: the tracked run that made the version.

    Returns:
        None if the run has no predictions.
    """
    path = registry.artefact(run_id, OUT_OF_FOLD_FILE)
    if path is None:
        return None
    predictions = pl.read_parquet(path, columns=[CLIENT, "TARGET", "probability"])
    clients = _with_groups(settings, predictions, description.feature_version)
    probability = clients.frame["probability"].to_numpy()
    found = audit(probability < description.threshold, probability, clients.frame["TARGET"].to_numpy(), clients.groups)
    return found.model_copy(update={"without_gender_and_age": _ablation_cost(settings, registry, run_id, clients)})


def _with_groups(settings: Settings, predictions: pl.DataFrame, feature_version: int) -> _AuditedClients:
    # Groups come from the feature version, not from the model's inputs: a model without gender is audited by gender.
    table = Storage.of(settings).offline_features()
    features = read_version(table, feature_version, [CLIENT, *AUDITED_FEATURES])
    frame = predictions.join(features, on=CLIENT, how="inner", maintain_order="left")
    values = {
        name: frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy().astype(np.float32) for name in AUDITED_FEATURES
    }
    return _AuditedClients(frame, audited_groups(values))


def _ablation_cost(
    settings: Settings, registry: ModelRegistry, run_id: str, clients: _AuditedClients
) -> AblationCost | None:
    path = registry.artefact(run_id, ABLATION_FILE)
    facts = registry.artefact(run_id, ABLATION_FACTS_FILE)
    if path is None or facts is None:
        return None
    pair = clients.frame.select(CLIENT, "TARGET").join(
        pl.read_parquet(path), on=CLIENT, how="inner", maintain_order="left"
    )
    return price_of_leaving_out(pair, json.loads(facts.read_bytes()), clients.groups, settings.cost.missed_default)


def report_result(settings: Settings, registry: ModelRegistry, version: VersionSummary, audited: FairnessAudit) -> bool:
    """Report the result of the fairness gate to a version's run, unless it is there; returns whether it passed."""
    result = fairness_result(audited, settings.promotion.min_acceptance_ratio)
    if result not in reported_gate_results(registry, version):
        registry.report_gate_result(version.run_id, result)
    logger = get_logger("governance")
    (logger.info if result.passed else logger.warning)(
        "fairness", version=version.number, passed=result.passed, message=result.message
    )
    return result.passed
