"""Promotes a version to production through the gates, or rolls back; both are logged before the alias moves."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from credit_scoring.core.errors import PromotionRefusedError, StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.aliases import PRODUCTION
from credit_scoring.model_registry.evidence import gather_evidence, reported_gate_results, served_features
from credit_scoring.model_registry.gate_result import GateResult
from credit_scoring.model_registry.gates import compare_features, evaluate_gates, missing_fairness_audit
from credit_scoring.model_registry.promotion_log import LogSnapshot, PromotionEvent, PromotionLog, previous_version
from credit_scoring.model_registry.registry import ModelRegistry, VersionSummary
from credit_scoring.model_registry.verified import keep_served_version, record_verified


@dataclass(frozen=True)
class PromotionRequest:
    """Who requests a promotion or rollback, and why.

    Attributes:
        allow_synthetic: a model trained on synthetic clients may pass, for a demonstration.
        waivers: written reason by name of the reported gate that it overrides.
    """

    why: str
    by: str
    allow_synthetic: bool = False
    waivers: Mapping[str, str] = field(default_factory=dict)


def promote(settings: Settings, reference: str, request: PromotionRequest) -> PromotionEvent | None:
    """Promote the version with a number or alias to production if every gate allows it; None if it is there already.

    Raises:
        PromotionRefusedError: a gate failed; nothing changed. The message names the gates and reasons.
        ModelNotFoundError: there is no such version.
        StorageError: the registry does not answer, or another promotion was faster.
    """
    registry = ModelRegistry(settings)
    log = PromotionLog(registry.connection)
    snapshot, candidate = log.read(), registry.summary(reference)
    if candidate.number == snapshot.in_production:
        registry.show_stages(candidate.number)
        return None
    results = _passed_gates(settings, registry, candidate, request)
    keep_served_version(registry, PRODUCTION, candidate.number)
    return _move_alias(registry, log, snapshot, "promotion", candidate.number, request, results)


def check(settings: Settings, reference: str, allow_synthetic: bool = False) -> tuple[int, list[GateResult]]:
    """Evaluate the gates for the version with a number or alias, without promoting it; returns number and results.

    Raises:
        PromotionRefusedError: a gate failed, so the version could not be promoted.
        ModelNotFoundError: there is no such version.
        StorageError: the registry does not answer.
    """
    registry = ModelRegistry(settings)
    candidate = registry.summary(reference)
    request = PromotionRequest("", by="", allow_synthetic=allow_synthetic)
    return candidate.number, _passed_gates(settings, registry, candidate, request)


def _passed_gates(
    settings: Settings, registry: ModelRegistry, candidate: VersionSummary, request: PromotionRequest
) -> list[GateResult]:
    """The results of all gates, which all allow the promotion; otherwise PromotionRefusedError."""
    in_production = PromotionLog(registry.connection).read().in_production
    champion = None if in_production is None else registry.summary(PRODUCTION)
    evidence = gather_evidence(settings, registry, candidate, champion, request.allow_synthetic)
    reported = reported_gate_results(registry, candidate)
    not_audited = missing_fairness_audit(reported, settings)
    results = evaluate_gates(evidence)
    results += [not_audited] if not_audited else _waived(reported, request.waivers)
    waivable = set() if not_audited else {result.gate for result in reported}
    _require_all(candidate.number, results, waivable)
    return results


def roll_back(settings: Settings, request: PromotionRequest, to_version: int | None = None) -> PromotionEvent:
    """Return to the previous version in production, or to an older one that was there; it then counts as verified.

    The version was in production before, so only its files and its features are checked.

    Raises:
        PromotionRefusedError: there is no such version, or it could not serve now; nothing changed.
        StorageError: the registry does not answer, files are damaged, or another promotion was faster.
    """
    registry = ModelRegistry(settings)
    log = PromotionLog(registry.connection)
    snapshot = log.read()
    completed = snapshot.completed
    number = previous_version(completed) if to_version is None else to_version
    earlier = {version for event in completed for version in (event.from_version, event.to_version)}
    if number == snapshot.in_production or number not in earlier:
        raise PromotionRefusedError(
            f"Version {number} is in production now, or never was.",
            "`credit-scoring model history` shows earlier versions; `model promote` promotes a new one.",
        )
    required, served = registry.load_version(number).scorer.description.feature_names, served_features(settings)
    passed, message = compare_features(required, served)
    if isinstance(served, str):
        # A rollback must be possible while the online store is unavailable.
        passed, message = True, f"not checked: {served}"[:1000]
    results = [GateResult(gate="features_served", passed=passed, message=message)]
    _require_all(number, results)
    event = _move_alias(registry, log, snapshot, "rollback", number, request, results)
    record_verified(registry, PRODUCTION, number)
    return event


def _waived(results: list[GateResult], waivers: Mapping[str, str]) -> list[GateResult]:
    if unknown := sorted(waivers.keys() - {result.gate for result in results}):
        reported = ", ".join(result.gate for result in results) or "none"
        raise PromotionRefusedError(
            f"The gate {unknown[0]!r} cannot be waived; only gates that another step reported can be: {reported}.",
            "Omit the waiver, or correct what fails the gate.",
        )
    return [
        result if result.passed else result.model_copy(update={"waiver": waivers.get(result.gate, "")})
        for result in results
    ]


def _require_all(version: int, results: list[GateResult], waivable: Set[str] = frozenset()) -> None:
    failed = [result for result in results if not result.allows_promotion]
    logger = get_logger("model_registry")
    for result in results:
        report = logger.info if result.allows_promotion else logger.warning
        report("gate", version=version, **result.model_dump(by_alias=False))
    if failed:
        reasons = "; ".join(f"{result.gate}: {result.message}" for result in failed)
        waiver_hints = "".join(
            f" The person accountable can override it in writing: --waive {name}=REASON."
            for name in sorted(waivable & {result.gate for result in failed})
        )
        raise PromotionRefusedError(
            f"Version {version} cannot be promoted. {reasons}.",
            f"Nothing was changed. docs/MODEL_REGISTRY.md describes each gate.{waiver_hints}",
        )


def _move_alias(
    registry: ModelRegistry,
    log: PromotionLog,
    snapshot: LogSnapshot,
    kind: Literal["promotion", "rollback"],
    number: int,
    request: PromotionRequest,
    results: list[GateResult],
) -> PromotionEvent:
    event = PromotionEvent(
        number=max((known.number for known in snapshot.events.values()), default=0) + 1,
        kind=kind,
        from_version=snapshot.in_production,
        to_version=number,
        at=datetime.now(UTC),
        by=request.by,
        why=request.why,
        gate_results=tuple(results),
    )
    log.append(event, snapshot)
    try:
        registry.put_into_production(number)
    except StorageError as error:
        # The response may be lost although the alias moved.
        next_step = "Check `credit-scoring model list` before you run the command again."
        raise StorageError(error.message, next_step) from error
    logger = get_logger("model_registry")
    logger.info(kind, version=number, instead_of=snapshot.in_production, by=request.by, why=request.why)
    try:
        registry.show_stages(number)
    except StorageError as error:
        next_step = f"credit-scoring model promote {number}"
        logger.warning("the stage in MLflow is not up to date", reason=error.message, next_step=next_step)
    return event
