"""Pydantic models of what the service answers; those of what it accepts derive from the data contracts."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Base of everything that the service answers."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())
