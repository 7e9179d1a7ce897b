"""The promotion log: who promoted or rolled back which version, when, why, and with which gate results.

Events are tags of the registered model: they share the alias's server and backup, and every machine sees them.
An event is written before the alias moves. Whether it took effect is not stored: it follows from the alias, so
a crash cannot leave the two in disagreement.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from mlflow.exceptions import MlflowException
from pydantic import BaseModel, Field, ValidationError

from credit_scoring.core.errors import PromotionRefusedError, StorageError
from credit_scoring.model_registry.aliases import PRODUCTION
from credit_scoring.model_registry.connection import RegistryConnection
from credit_scoring.model_registry.gate_result import GateResult

_PREFIX = "journal."


class PromotionEvent(BaseModel, frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True):
    """One version replaces another in production.

    Attributes:
        number: of the event, from 1.
        from_version: the version it replaces; None for the first one.
        by: who requested it; `why`: the reason they gave.
        gate_results: stored as ``verdicts``.
    """

    number: int
    kind: Literal["promotion", "rollback"]
    from_version: int | None
    to_version: int
    at: datetime
    by: str
    why: str
    gate_results: tuple[GateResult, ...] = Field(default=(), alias="verdicts")


class LogSnapshot(NamedTuple):
    """Alias and log at one moment.

    Attributes:
        in_production: version behind the alias, if any.
        events: by tag, oldest first; includes events that never took effect.
    """

    in_production: int | None
    events: dict[str, PromotionEvent]

    @property
    def completed(self) -> list[PromotionEvent]:
        """The events that moved the alias, oldest first.

        The last one led to the version in production, and each earlier one to the version where the next one began.
        An event whose writer was killed before the alias moved leads nowhere and is left out.
        """
        completed, reached = list[PromotionEvent](), self.in_production
        for event in reversed(self.events.values()):
            if event.to_version == reached:
                completed.append(event)
                reached = event.from_version
        return completed[::-1]


def previous_version(completed: Sequence[PromotionEvent]) -> int:
    """The target of a rollback: the version before the last promotion that was not rolled back.

    Raises:
        PromotionRefusedError: there is none.
    """
    first = completed[0].from_version if completed else None
    stack = [] if first is None else [first]
    for event in completed:
        if event.kind == "promotion":
            stack += [event.to_version]
        else:
            while stack and stack[-1] != event.to_version:
                stack.pop()
    if len(stack) < 2:
        raise PromotionRefusedError(
            "There is no earlier version in production to roll back to.",
            "`credit-scoring model list` shows the versions; promote one of them.",
        )
    return stack[-2]


@dataclass(frozen=True)
class PromotionLog:
    """The promotion log of one registered model.

    Every method raises StorageError if the registry does not respond.
    """

    connection: RegistryConnection

    def read(self) -> LogSnapshot:
        """Alias and events from one response of the registry, so that they are consistent."""
        with self.connection.clear_errors():
            try:
                model = self.connection.client.get_registered_model(self.connection.model_name)
            except MlflowException as error:
                if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                    raise
                return LogSnapshot(None, {})
        tags = sorted(tag for tag in model.tags if tag.startswith(_PREFIX))
        events = {tag: _event(tag, model.tags[tag]) for tag in tags}
        version = model.aliases.get(PRODUCTION)
        return LogSnapshot(None if version is None else int(version), events)

    def append(self, event: PromotionEvent, expected: LogSnapshot) -> str:
        """Write an event and return its tag, unless another promotion is in progress.

        MLflow offers no lock. Each writer adds its event and reads the log again: of two concurrent writers at
        least one sees the other's event, and a writer that sees one removes its own. ``expected`` is the log as it was
        when the promotion was decided.

        Raises:
            StorageError: another promotion happened since then, or is in progress.
        """
        tag = f"{_PREFIX}{event.number:06d}.{uuid.uuid4().hex[:8]}"
        client, name = self.connection.client, self.connection.model_name
        with self.connection.clear_errors():
            client.set_registered_model_tag(name, tag, event.model_dump_json())
        now = self.read()
        if now.in_production != expected.in_production or now.events.keys() - expected.events.keys() != {tag}:
            with self.connection.clear_errors():
                client.delete_registered_model_tag(name, tag)
            raise StorageError(
                "Another promotion or rollback ran at the same time; this one changed nothing.",
                "Check `credit-scoring model history`, and run the command again if still needed.",
            )
        return tag


def _event(tag: str, text: str) -> PromotionEvent:
    try:
        return PromotionEvent.model_validate_json(text)
    except ValidationError as error:
        raise StorageError(
            f"The tag {tag} of the registered model is not a valid promotion event ({error.errors()[0]['msg']}).",
            "Restore the registry's database from a backup, or correct the tag in MLflow.",
        ) from error
