"""The journal of what was put into production: who, when, why, and what the gates said.

Entries are tags of the registered model, so they lie where the alias lies, on the same server and in the same backup,
and every machine sees them. An entry is written before the alias moves. Whether it was carried out is not written
anywhere: it follows from the alias, so no crash can leave the two in disagreement.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from mlflow.exceptions import MlflowException
from pydantic import BaseModel, ConfigDict, ValidationError

from credit_scoring.core.errors import PromotionRefusedError, StorageError
from credit_scoring.model_registry.connection import RegistryConnection
from credit_scoring.model_registry.gate_result import Verdict

_PREFIX = "journal."
_PRODUCTION = "production"


class Move(BaseModel):
    """One version put into production in place of another.

    Attributes:
        number: of the entry, from 1.
        from_version: what was in production; None at first.
        by: who asked for it; `why`: in their words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    kind: Literal["promotion", "rollback"]
    from_version: int | None
    to_version: int
    at: datetime
    by: str
    why: str
    verdicts: tuple[Verdict, ...] = ()


class JournalState(NamedTuple):
    """What the registry says at one moment.

    Attributes:
        in_production: version behind the alias, if any.
        entries: by key, oldest first; also those that were never carried out.
    """

    in_production: int | None
    entries: dict[str, Move]

    @property
    def moves(self) -> list[Move]:
        """The entries that were carried out, oldest first."""
        return carried_out(list(self.entries.values()), self.in_production)


def carried_out(entries: Sequence[Move], in_production: int | None) -> list[Move]:
    """The entries that moved the alias: the last one led to where it points now, each one before to where that began.

    An entry whose writer was killed before it moved the alias leads nowhere and is left out.
    """
    done, reached = list[Move](), in_production
    for entry in reversed(entries):
        if entry.to_version == reached:
            done.append(entry)
            reached = entry.from_version
    return done[::-1]


def version_before(moves: Sequence[Move]) -> int:
    """The version to go back to: the one in production before the last promotion that was not rolled back.

    Raises:
        PromotionRefusedError: there is none.
    """
    first = moves[0].from_version if moves else None
    stack = [] if first is None else [first]
    for move in moves:
        if move.kind == "promotion":
            stack += [move.to_version]
        else:
            while stack and stack[-1] != move.to_version:
                stack.pop()
    if len(stack) < 2:
        raise PromotionRefusedError(
            "There is no earlier version in production to go back to.",
            "`credit-scoring model list` shows the versions; promote one of them.",
        )
    return stack[-2]


class Journal:
    """The journal of one registered model.

    Raises:
        StorageError: the registry does not answer.
    """

    def __init__(self, connection: RegistryConnection) -> None:
        self._connection = connection

    def read(self) -> JournalState:
        """Alias and entries in one answer of the registry, so that they belong together."""
        with self._connection.clear_errors():
            try:
                model = self._connection.client.get_registered_model(self._connection.model_name)
            except MlflowException as error:
                if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                    raise
                return JournalState(None, {})
        keys = sorted(key for key in model.tags if key.startswith(_PREFIX))
        entries = {key: _entry(key, model.tags[key]) for key in keys}
        target = model.aliases.get(_PRODUCTION)
        return JournalState(None if target is None else int(target), entries)

    def write(self, move: Move, seen: JournalState) -> str:
        """Announce a move and return the key of its entry; nobody else may be moving the alias.

        Two who announce at the same time both see the other's entry afterwards, or one of them does; who sees one
        withdraws. The registry offers no lock, and this needs none.

        Args:
            seen: the journal as it was when the move was decided.

        Raises:
            StorageError: something else was put into production since then, or is being put there now.
        """
        key = f"{_PREFIX}{move.number:06d}.{uuid.uuid4().hex[:8]}"
        client, name = self._connection.client, self._connection.model_name
        with self._connection.clear_errors():
            client.set_registered_model_tag(name, key, move.model_dump_json())
        now = self.read()
        if now.in_production != seen.in_production or now.entries.keys() - seen.entries.keys() != {key}:
            with self._connection.clear_errors():
                client.delete_registered_model_tag(name, key)
            raise StorageError(
                "Another promotion or rollback was made at the same time; nothing was changed by this one.",
                "Look at `credit-scoring model history`, and run the command again if it is still wanted.",
            )
        return key


def _entry(key: str, text: str) -> Move:
    try:
        return Move.model_validate_json(text)
    except ValidationError as error:
        raise StorageError(
            f"The tag {key} of the registered model is no journal entry ({error.errors()[0]['msg']}).",
            "Restore the registry's database from a backup, or correct the tag in MLflow.",
        ) from error
