"""What a feature is: name, unit, meaning and range, its business concept, and how it may be disclosed."""

import sys
from pathlib import Path
from typing import Literal, NamedTuple, Self, TypedDict

import numpy as np
from pydantic import BaseModel, Field, model_validator

from credit_scoring.feature_engineering.concepts import Concept

FeatureKind = Literal["history", "application"]
DisplayUnit = Literal["amount", "share", "times", "years", "days_in_years", "days", "count", "score", "rate"]
"""How a client reads a number: `share` and `rate` as percentages, `days_in_years` as years, whatever its sign."""
Direction = Literal[-1, 0, 1]
FeatureType = Literal["amount", "ratio", "count", "share", "flag", "days", "code", "score"]
TYPE_MEANINGS: dict[FeatureType, str] = {
    "amount": "of money",
    "ratio": "a quotient of any size, or a rate",
    "count": "a number of things or periods, or an average of such numbers",
    "share": "from 0 to 1, or a difference of shares",
    "flag": "1 for yes, 0 for no",
    "days": "a duration, or an offset from the application",
    "code": "an index in a list, or a grade",
    "score": "on a scale of its own: external scores and rescaled measures",
}

STORED_TYPE = np.float32
"""Type of every feature between store and model, so that batch and online values can be compared bit for bit."""

DAYS_PER_YEAR = 365.25
MONEY = "currency units"
CATEGORY_INDEX = "index in the contract's list of categories"
"""Units of raw columns and features."""

_UNITS: dict[FeatureType, tuple[str, ...]] = {
    "amount": (MONEY,),
    "ratio": (
        *("ratio", "difference of ratios", "ratio per month", "ratio per unit of score", "rate per year"),
        *("per unit of score", "days per instalment", "enquiries per credit", "warning signs per unit of score"),
    ),
    "count": (
        *("applications", "cards", "credits", "documents", "drawings", "enquiries", "instalments", "kinds of credit"),
        *("loans", "months", "people", "scores", "terms", "times", "warning signs", "ways", "years"),
    ),
    "share": ("share from 0 to 1", "difference of shares"),
    "flag": ("1 = yes, 0 = no",),
    "days": ("days", "days from the application"),
    "code": (CATEGORY_INDEX, "grade", "grade from 0 to 5", "group from 0 to 3", "hour of the day"),
    "score": (
        *("score from 0 to 1", "score, at most 1", "product of scores", "sum of scores"),
        *("rescaled from 0 to 1", "area units"),
    ),
}
TYPE_OF_UNIT = {unit: kind for kind, units in _UNITS.items() for unit in units}
"""Type of a feature by its unit."""

_PACKAGE = Path(__file__).parent


class Disclosure(NamedTuple):
    """How a client may read the value of a feature; its phrase in each language is filed under the feature's name.

    Attributes:
        risk_rises: whether a higher stored number usually means more risk. A value on the other side of the usual one
            is never cited, even if the model counts it against the client beside everything else it knows.
    """

    shown_as: DisplayUnit
    risk_rises: bool


def more_is_riskier(shown_as: DisplayUnit) -> Disclosure:
    """The value may be disclosed, and high values speak against a client."""
    return Disclosure(shown_as, risk_rises=True)


def less_is_riskier(shown_as: DisplayUnit) -> Disclosure:
    """The value may be disclosed, and low values speak against a client."""
    return Disclosure(shown_as, risk_rises=False)


class Feature(BaseModel, frozen=True, extra="forbid"):
    """One documented number about an application, stored as float32.

    Attributes:
        name: lower case, prefixed by the source it describes.
        kind: "history" for what the client did before, "application" for what needs the application itself.
        source: tables that the feature is about.
        unit: unit of the number.
        meaning: what it says, in the terms of a credit officer.
        inputs: raw columns (in capitals) and features (in lower case) that it is computed from.
        concept: business concept by which contributions are added up.
        concept_because: why the concept is not the one that follows from the inputs; empty if it does follow.
        disclosure: how a client may read the value; None if the value is never cited.
        monotone: 1 if a higher value may only raise the probability of default in a constrained model, -1 if it may
            only lower it, 0 if it is free.
        minimum, maximum: smallest and largest value that correct code can give, if there is one; a value beyond them
            stops `features build`.
        nullable: whether the value may be missing; where it may not, a missing value stops `features build`.
        without_history: value for a client without any row in the source; None means missing.
        constant_because: why the feature may hold a single value in all the data at hand; empty if it may not.
        declared_at: file below this package and line of the declaration.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: FeatureKind
    source: str
    unit: str = Field(min_length=1)
    meaning: str = Field(min_length=10)
    inputs: tuple[str, ...]
    concept: Concept
    concept_because: str = ""
    disclosure: Disclosure | None = None
    monotone: Direction = 0
    minimum: float | None = None
    maximum: float | None = None
    nullable: bool = True
    without_history: float | None = None
    constant_because: str = ""
    declared_at: str = ""

    @property
    def type(self) -> FeatureType:
        """What kind of number it is."""
        return TYPE_OF_UNIT[self.unit]

    @model_validator(mode="after")
    def _unit_has_a_type(self) -> Self:
        if self.unit not in TYPE_OF_UNIT:
            raise ValueError(f"{self.name} has the unknown unit {self.unit!r}: add it to a type in definition.py")
        return self

    @model_validator(mode="after")
    def _value_without_history(self) -> Self:
        if self.kind == "history" and not self.nullable and self.without_history is None:
            raise ValueError(f"{self.name} is declared never missing but has no value without history")
        return self

    @model_validator(mode="after")
    def _protected_concepts_stay_undisclosed(self) -> Self:
        if self.concept.is_protected and (self.disclosure or self.monotone):
            raise ValueError(
                f"{self.name} is about {self.concept}, which is protected: neither disclose nor constrain it"
            )
        return self


class FeatureOptions(TypedDict, total=False):
    """Attributes of `Feature` that most declarations leave at their default."""

    concept: Concept | None
    disclosure: Disclosure | None
    monotone: Direction
    minimum: float | None
    maximum: float | None


def calling_line() -> str:
    """File and line, below this package, of the declaration that is running: the first frame outside the builders."""
    frame = sys._getframe(1)
    while frame.f_back and Path(frame.f_code.co_filename).stem in {"feature_builder", "feature_list"}:
        frame = frame.f_back
    path = Path(frame.f_code.co_filename)
    return f"{path.relative_to(_PACKAGE) if path.is_relative_to(_PACKAGE) else path.name}:{frame.f_lineno}"
