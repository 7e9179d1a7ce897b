"""The audit of a registered version on the out-of-fold predictions of its run, and the report to its promotion."""

import json
from collections.abc import Mapping

import numpy as np
import polars as pl

from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.evaluation.business_cost import client_costs
from credit_scoring.evaluation.confidence_intervals import auc_difference, auc_interval, mean_interval
from credit_scoring.evaluation.fairness import AblationCost, FairnessAudit, audit
from credit_scoring.explain.audited_groups import AUDITED_FEATURES, audited_groups
from credit_scoring.feature_store.offline import read_version
from credit_scoring.governance.fairness_gate import fairness_result
from credit_scoring.model_registry.evidence import reported_gate_results
from credit_scoring.model_registry.registry import ModelRegistry, VersionSummary
from credit_scoring.scoring.artefact_names import ABLATION_FACTS_FILE, ABLATION_FILE, OUT_OF_FOLD_FILE
from credit_scoring.scoring.scorer import ScorerDescription


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
    predictions = pl.read_parquet(path, columns=[CLIENT, "TARGET", "probability"], glob=False)
    # Groups come from the feature version, not from the model's inputs: a model without gender is audited by gender.
    table = Storage.of(settings).offline_features()
    features = read_version(table, description.feature_version, [CLIENT, *AUDITED_FEATURES])
    clients = predictions.join(features, on=CLIENT, how="inner", maintain_order="left")
    values = {
        name: clients[name].cast(pl.Float64).fill_null(np.nan).to_numpy().astype(np.float32)
        for name in AUDITED_FEATURES
    }
    groups = audited_groups(values)
    probability = clients["probability"].to_numpy()
    found = audit(probability < description.threshold, probability, clients["TARGET"].to_numpy(), groups)
    cost = _ablation_cost(settings, registry, run_id, clients, groups)
    return found.model_copy(update={"without_gender_and_age": cost})


def audit_version(settings: Settings, reference: str) -> bool | None:
    """Audit the version with a number or alias and report the verdict to its promotion; None without predictions.

    Raises:
        ModelNotFoundError: there is no such version.
        MissingArtefactError: the features that it was trained on are not published here.
    """
    registry = ModelRegistry(settings)
    version = registry.summary(reference)
    description = registry.load_version(version.number).scorer.description
    audited = audit_of_version(settings, registry, version.run_id, description)
    return None if audited is None else report_result(settings, registry, version, audited)


def _ablation_cost(
    settings: Settings, registry: ModelRegistry, run_id: str, clients: pl.DataFrame, groups: Mapping[str, np.ndarray]
) -> AblationCost | None:
    path = registry.artefact(run_id, ABLATION_FILE)
    facts = registry.artefact(run_id, ABLATION_FACTS_FILE)
    if path is None or facts is None:
        return None
    pair = clients.select(CLIENT, "TARGET").join(
        pl.read_parquet(path, glob=False), on=CLIENT, how="inner", maintain_order="left"
    )
    return price_of_leaving_out(pair, json.loads(facts.read_bytes()), groups, settings.cost.missed_default)


def price_of_leaving_out(
    pair: pl.DataFrame, facts: Mapping[str, object], groups: Mapping[str, np.ndarray], missed_default_cost: float
) -> AblationCost:
    """What it would cost to leave gender and age out of the inputs: two models that differ in nothing else.

    Args:
        pair: TARGET, probability_with, refused_with, probability_without and refused_without of n clients.
        facts: columns, features and fitted_rows as training wrote them.
        groups: by attribute, the name of each client's group (n,).
    """
    default = pair["TARGET"].to_numpy()
    score = {side: pair[f"probability_{side}"].to_numpy() for side in ("with", "without")}
    refused = {side: pair[f"refused_{side}"].to_numpy() for side in ("with", "without")}
    costs = {side: client_costs(refused[side], default, missed_default_cost) for side in refused}
    worst = {side: audit(~refused[side], score[side], default, groups).worst() for side in refused}
    return AblationCost.model_validate(
        {
            **facts,
            "auc_with": auc_interval(score["with"], default).value,
            "auc_without": auc_interval(score["without"], default).value,
            "auc_lost": auc_difference(score["with"], score["without"], default),
            "cost_with": float(costs["with"].mean()),
            "cost_without": float(costs["without"].mean()),
            "cost_added": mean_interval(costs["without"] - costs["with"]),
            "worst_with": worst["with"],
            "worst_without": worst["without"],
        }
    )


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
