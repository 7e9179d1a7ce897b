"""Put a version into production through the gates, or go back to the one before; both recorded, both all or nothing."""

import os
import pwd
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime

from credit_scoring.core.errors import PromotionRefusedError, StorageError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.evidence import gather, reported_verdicts, served_features
from credit_scoring.model_registry.gate_result import Verdict
from credit_scoring.model_registry.gates import audited, compare_features, judge
from credit_scoring.model_registry.promotion_log import Journal, JournalState, Move, version_before
from credit_scoring.model_registry.registry import PRODUCTION, ModelRegistry

_ROOM = "model_registry"


@dataclass(frozen=True)
class Request:
    """Who wants a version in production, and why.

    Attributes:
        allow_synthetic: a model that learned from generated clients may pass, for a demonstration.
        waivers: written reason by name of a reported gate whose refusal is overruled.
    """

    why: str
    by: str = field(default_factory=lambda: current_user())
    allow_synthetic: bool = False
    waivers: Mapping[str, str] = field(default_factory=dict)


def promote(settings: Settings, reference: str, request: Request) -> Move | None:
    """Put a version into production if every gate lets it through; None if it is there already.

    Args:
        reference: number or alias of the version.

    Raises:
        PromotionRefusedError: a gate refuses; nothing changed. The message says which ones and why.
        ModelNotFoundError: there is no such version.
        StorageError: the registry does not answer, or somebody else was faster.
    """
    registry = ModelRegistry(settings)
    journal = Journal(registry.connection)
    seen, candidate = journal.read(), registry.summary(reference)
    if candidate.number == seen.in_production:
        registry.label_stages(candidate.number)
        return None
    champion = None if seen.in_production is None else registry.summary(PRODUCTION)
    evidence = gather(settings, registry, candidate, champion, request.allow_synthetic)
    reported = reported_verdicts(registry, candidate)
    not_audited = audited(reported, settings)
    verdicts = judge(evidence) + ([not_audited] if not_audited else _waived(reported, request.waivers))
    waivable = set() if not_audited else {verdict.gate for verdict in reported}
    _require_all(candidate.number, verdicts, waivable)
    return _carry_out(registry, journal, seen, "promotion", candidate.number, request, verdicts)


def roll_back(settings: Settings, request: Request, to_version: int | None = None) -> Move:
    """Put the version before into production again, or an older one that was there.

    Only that its files are whole and its features still those that are served is checked: it has been in production.

    Raises:
        PromotionRefusedError: there is none to go back to, or it could not answer now; nothing changed.
        StorageError: the registry does not answer, files are damaged, or somebody else was faster.
    """
    registry = ModelRegistry(settings)
    journal = Journal(registry.connection)
    seen = journal.read()
    moves = seen.moves
    number = version_before(moves) if to_version is None else to_version
    been_there = {version for move in moves for version in (move.from_version, move.to_version)}
    if number == seen.in_production or number not in been_there:
        raise PromotionRefusedError(
            f"Version {number} is in production now, or never was.",
            "`credit-scoring model history` shows what was; `model promote` puts a new version there.",
        )
    needed, served = registry.load_version(number).scorer.description.feature_names, served_features(settings)
    verdict = compare_features(needed, served)
    if isinstance(served, str):
        # Going back must be possible while the store is away too.
        verdict = verdict.model_copy(update={"passed": True, "says": f"not checked: {served}"[:1000]})
    _require_all(number, [verdict])
    return _carry_out(registry, journal, seen, "rollback", number, request, [verdict])


def current_user() -> str:
    """Login name of the user who runs this process, or their number where they have no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"


def _waived(verdicts: list[Verdict], waivers: Mapping[str, str]) -> list[Verdict]:
    if unknown := sorted(waivers.keys() - {verdict.gate for verdict in verdicts}):
        reported = ", ".join(verdict.gate for verdict in verdicts) or "none"
        raise PromotionRefusedError(
            f"The gate {unknown[0]!r} cannot be waived; only gates that another step reported can be: {reported}.",
            "Leave the waiver out, or mend what the gate refuses.",
        )
    return [
        verdict if verdict.passed else verdict.model_copy(update={"waiver": waivers.get(verdict.gate, "")})
        for verdict in verdicts
    ]


def _require_all(version: int, verdicts: list[Verdict], waivable: Set[str] = frozenset()) -> None:
    refusals = [verdict for verdict in verdicts if not verdict.lets_through]
    for verdict in verdicts:
        report = get_logger(_ROOM).info if verdict.lets_through else get_logger(_ROOM).warning
        report("gate", version=version, **verdict.model_dump())
    if refusals:
        reasons = "; ".join(f"{verdict.gate}: {verdict.says}" for verdict in refusals)
        by_hand = "".join(
            f" Whoever answers for it can overrule it in writing: --waive {name}=REASON."
            for name in sorted(waivable & {verdict.gate for verdict in refusals})
        )
        raise PromotionRefusedError(
            f"Version {version} may not go into production. {reasons}.",
            f"Nothing was changed. docs/MODEL_REGISTRY.md says what each gate asks for.{by_hand}",
        )


def _carry_out(
    registry: ModelRegistry,
    journal: Journal,
    seen: JournalState,
    kind: str,
    number: int,
    request: Request,
    verdicts: list[Verdict],
) -> Move:
    move = Move.model_validate(
        {
            "number": max((entry.number for entry in seen.entries.values()), default=0) + 1,
            "kind": kind,
            "from_version": seen.in_production,
            "to_version": number,
            "at": datetime.now(UTC),
            "by": request.by,
            "why": request.why,
            "verdicts": verdicts,
        }
    )
    journal.write(move, seen)
    try:
        registry.put_into_production(number)
    except StorageError as error:
        # The answer may have been lost, not the change.
        raise StorageError(
            error.message, "Look at `credit-scoring model list` before you run the command again."
        ) from error
    logger = get_logger(_ROOM)
    logger.info(kind, version=number, instead_of=seen.in_production, by=request.by, why=request.why)
    try:
        registry.label_stages(number)
    except StorageError as error:
        next_step = f"credit-scoring model promote {number}"
        logger.warning("the stage in MLflow is not up to date", reason=error.message, next_step=next_step)
    return move
