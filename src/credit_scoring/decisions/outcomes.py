"""What became of decided applications: each outcome is a row of the ledger, encrypted with the person's key."""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.decisions.chain import OUTCOME_PREFIX, Row
from credit_scoring.decisions.encryption import seal, unseal
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.sql_tables import DECISIONS, IS_DECISION, IS_OUTCOME, KEYS

Item = TypeVar("Item")

_DECISIONS_PER_QUERY = 500
_RANDOM_CHARACTERS = 24
_WITH_KEY = sa.join(DECISIONS, KEYS, DECISIONS.c.key_id == KEYS.c.key_id)


class Outcome(BaseModel, frozen=True, extra="forbid"):
    """Whether the client of a decision defaulted, as known on a day."""

    decision_id: str
    defaulted: bool
    observed_on: date


class Recorded(NamedTuple):
    """Numbers of outcomes.

    Attributes:
        new: the first of their decisions.
        corrected: followed another one, which stays in the ledger.
        outdated: observed before the one that counts; kept in the ledger too.
        known: recorded already.
    """

    new: int = 0
    corrected: int = 0
    outdated: int = 0
    known: int = 0


def record_outcomes(ledger: Ledger, outcomes: Sequence[Outcome], by: str) -> Recorded:
    """Add outcomes of existing decisions, all or none; an earlier outcome of a decision stays in the ledger.

    A report that arrives again, perhaps after a correction, changes nothing.

    Args:
        by: API key id or user who reports them.

    Raises:
        MissingArtefactError: a decision does not exist or was erased; `problems_with` finds these.
    """
    counts = dict.fromkeys(Recorded._fields, 0)
    with ledger.extending() as (connection, rows):
        for chunk in _chunks(outcomes):
            keys = _keys_of(connection, [one.decision_id for one in chunk])
            earlier = _outcomes_with(connection, [key_id for key_id, _ in keys.values()])
            for one in chunk:
                if one.decision_id not in keys:
                    raise MissingArtefactError(
                        f"The ledger holds no decision {one.decision_id} that was not erased.", "Check the id."
                    )
                key_id, key = keys[one.decision_id]
                history = earlier.setdefault(one.decision_id, [])
                if one in history:
                    counts["known"] += 1
                    continue
                counts[_kind(one, history)] += 1
                rows.append(_row(one, key_id, key, by))
                history.append(one)
    return Recorded(**counts)


def _kind(outcome: Outcome, earlier: Sequence[Outcome]) -> str:
    if not earlier:
        return "new"
    return "corrected" if outcome.observed_on >= max(one.observed_on for one in earlier) else "outdated"


def problems_with(ledger: Ledger, outcomes: Sequence[Outcome]) -> list[str | None]:
    """Why each outcome cannot be recorded, in their order; None if it can."""
    decided: dict[str, tuple[str, bool]] = {}
    columns = sa.select(DECISIONS.c.decision_id, DECISIONS.c.decided_at, KEYS.c.key.is_not(None)).select_from(_WITH_KEY)
    for chunk in _chunks(outcomes):
        ids = DECISIONS.c.decision_id.in_([one.decision_id for one in chunk])
        decided |= {
            decision_id: (at, readable) for decision_id, at, readable in ledger.rows(columns.where(ids, IS_DECISION))
        }
    first: dict[str, Outcome] = {}
    return [_problem(one, decided.get(one.decision_id), first.setdefault(one.decision_id, one)) for one in outcomes]


def _problem(outcome: Outcome, decided: tuple[str, bool] | None, first: Outcome) -> str | None:
    if decided is None:
        return "the ledger holds no such decision"
    decided_at, is_readable = decided
    if not is_readable:
        return "the decision was erased"
    if outcome.observed_on > datetime.now(UTC).date():
        return "observed in the future"
    if outcome.observed_on < datetime.fromisoformat(decided_at).date():
        return f"observed before the decision of {decided_at[:10]}"
    return None if outcome == first else "another outcome of this decision is above"


def decision_ids_of(ledger: Ledger, clients: Iterable[tuple[int, date]]) -> dict[tuple[int, date], list[str]]:
    """Ids of the decisions that were made on clients on days (UTC), by client and day."""
    wanted = dict[tuple[int, date], list[str]]((pair, []) for pair in clients)
    columns = sa.select(KEYS.c.client_id, DECISIONS.c.decided_at, DECISIONS.c.decision_id).select_from(_WITH_KEY)
    for chunk in _chunks(sorted({client for client, _ in wanted})):
        for client, decided_at, decision_id in ledger.rows(columns.where(KEYS.c.client_id.in_(chunk), IS_DECISION)):
            pair = client, datetime.fromisoformat(decided_at).date()
            if pair in wanted:
                wanted[pair].append(decision_id)
    return wanted


class KnownOutcome(NamedTuple):
    """The outcome that counts, and when the ledger learned the first outcome of its decision."""

    outcome: Outcome
    first_recorded_at: datetime


def newest_outcomes(ledger: Ledger, before: datetime | None = None) -> dict[str, KnownOutcome]:
    """The outcome that was observed last of every decision that has one and was not erased, by decision id.

    Args:
        before: leaves out what was recorded from this moment on.
    """
    query = sa.select(DECISIONS, KEYS.c.key).select_from(_WITH_KEY).where(IS_OUTCOME, KEYS.c.key.is_not(None))
    if before is not None:
        query = query.where(DECISIONS.c.decided_at < before.astimezone(UTC).isoformat())
    newest: dict[str, KnownOutcome] = {}
    for row in ledger.rows(query.order_by(DECISIONS.c.sequence)):
        outcome = _outcome_of(row)
        known = newest.get(outcome.decision_id)
        if known is None:
            newest[outcome.decision_id] = KnownOutcome(outcome, datetime.fromisoformat(row.decided_at))
        elif outcome.observed_on >= known.outcome.observed_on:
            newest[outcome.decision_id] = known._replace(outcome=outcome)
    return newest


def outcomes_of(ledger: Ledger, decision_ids: Sequence[str]) -> Mapping[str, list[Outcome]]:
    """Every outcome of some decisions, oldest first, by decision id."""
    found: dict[str, list[Outcome]] = {}
    with ledger.reading() as connection:
        for chunk in _chunks(decision_ids):
            found |= _outcomes_with(connection, [key_id for key_id, _ in _keys_of(connection, chunk).values()])
    return found


def outcome_in(row: Row, key: bytes) -> Outcome:
    """The outcome in a row; raises ValueError if the key does not decrypt it."""
    return Outcome.model_validate_json(unseal(key, row.sealed, row.decision_id))


def _row(outcome: Outcome, key_id: str, key: bytes, by: str) -> Row:
    # A random id, and a text of fixed length: neither says anything once the key is erased.
    row_id = f"{OUTCOME_PREFIX}{uuid.uuid4().hex[:_RANDOM_CHARACTERS]}"
    facts = json.dumps({"outcome_of": outcome.decision_id, "recorded_by": by})
    text = json.dumps(outcome.model_dump(mode="json") | {"defaulted": int(outcome.defaulted)})
    return Row(0, row_id, datetime.now(UTC).isoformat(), key_id, facts, seal(key, text.encode(), row_id))


def _keys_of(connection: sa.Connection, decision_ids: Sequence[str]) -> dict[str, tuple[str, bytes]]:
    """Key id and key by decision id, without erased decisions."""
    query = sa.select(DECISIONS.c.decision_id, DECISIONS.c.key_id, KEYS.c.key).select_from(_WITH_KEY)
    found = connection.execute(
        query.where(DECISIONS.c.decision_id.in_(decision_ids), IS_DECISION, KEYS.c.key.is_not(None))
    )
    return {decision_id: (key_id, key) for decision_id, key_id, key in found}


def _outcomes_with(connection: sa.Connection, key_ids: Sequence[str]) -> dict[str, list[Outcome]]:
    """All outcomes encrypted with some keys, oldest first, by decision id."""
    query = sa.select(DECISIONS, KEYS.c.key).select_from(_WITH_KEY).where(IS_OUTCOME, DECISIONS.c.key_id.in_(key_ids))
    found: dict[str, list[Outcome]] = {}
    for one in map(_outcome_of, connection.execute(query.order_by(DECISIONS.c.sequence))):
        found.setdefault(one.decision_id, []).append(one)
    return found


def _outcome_of(row: Any) -> Outcome:
    try:
        return outcome_in(Row(*row[:-1]), row[-1])
    except ValueError as error:
        raise StorageError(
            f"{row.decision_id} cannot be read ({error}).",
            "Run `credit-scoring decisions verify`, and restore the ledger from a backup.",
        ) from error


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _DECISIONS_PER_QUERY):
        yield items[start : start + _DECISIONS_PER_QUERY]
