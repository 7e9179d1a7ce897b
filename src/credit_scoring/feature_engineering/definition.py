"""What a feature is: a name, a kind, a unit and a meaning, and what its values may be."""

from typing import Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

FeatureKind = Literal["history", "application"]

STORED_TYPE = np.float32
"""Type of every feature between store and model, so that batch and online values can be compared bit for bit."""


class Feature(BaseModel):
    """One documented number about an application, stored as float32.

    Attributes:
        name: lower case, prefixed by the source it describes.
        kind: "history" for what the client did before, "application" for what needs the application itself.
        source: tables that the feature speaks about.
        unit: unit of the number.
        meaning: what it says, in the words of a credit officer.
        inputs: raw columns (in capitals) and features (in lower case) that it is computed from.
        minimum, maximum: smallest and largest value that correct code can give, where there is one.
        nullable: whether the value may be missing; false is a promise that tests hold.
        without_history: value for a client without any row in the source; None means missing.
        constant_because: why the feature may hold a single value in all the data at hand; empty if it may not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: FeatureKind
    source: str
    unit: str = Field(min_length=1)
    meaning: str = Field(min_length=10)
    inputs: tuple[str, ...]
    minimum: float | None = None
    maximum: float | None = None
    nullable: bool = True
    without_history: float | None = None
    constant_because: str = ""

    @model_validator(mode="after")
    def _promise_holds_without_history(self) -> Self:
        if self.kind == "history" and not self.nullable and self.without_history is None:
            raise ValueError(f"{self.name}: promised never to be missing, yet has no value without history")
        return self
