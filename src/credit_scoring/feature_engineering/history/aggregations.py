"""Two of the parts that history features are composed of: measures of rows, and selections of rows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import Direction

AS_OF_DAYS, AS_OF_MONTHS = 180, 6
"""Features called "as_of" use only what was known half a year before the application."""


@dataclass(frozen=True)
class Measure:
    """A number that each row carries.

    Attributes:
        meaning: a noun phrase that follows "average", "highest" and so on.
        value: column, or expression over one row; the column of the measure's name if None.
        minimum, maximum: possible values of one row.
        concept: of the features of this measure, if not that of the selection or of the builder.
        monotone: direction of the features whose statistic keeps it.
    """

    name: str
    meaning: str
    unit: str
    value: pl.Expr | str | None = None
    minimum: float | None = 0
    maximum: float | None = None
    concept: Concept | None = None
    monotone: Direction = 0

    @property
    def expression(self) -> pl.Expr:
        """The number of one row."""
        value = self.name if self.value is None else self.value
        return pl.col(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Selection:
    """Which rows of a client count.

    Attributes:
        name: last part of the feature's name; empty for all rows.
        meaning: plural noun phrase, "credits still running".
        condition: boolean expression over one row; None for all rows.
        concept: of the features over these rows, if not that of the measure or of the builder.
        monotone: direction of the number and share of these rows.
        risk_rises: whether a disclosed number or share of these rows speaks against a client; None if not disclosed.
    """

    name: str
    meaning: str
    condition: pl.Expr | None = None
    concept: Concept | None = None
    monotone: Direction = 0
    risk_rises: bool | None = None

    def apply(self, value: pl.Expr) -> pl.Expr:
        """The value where the row counts, null elsewhere."""
        return value if self.condition is None else pl.when(self.condition).then(value)

    def within(self, other: "Selection", meaning: str) -> "Selection":
        """Rows that count in both; the other's name comes last."""
        conditions = [part for part in (self.condition, other.condition) if part is not None]
        return replace(
            self,
            name=joined(self.name, other.name),
            meaning=meaning,
            condition=pl.all_horizontal(conditions),
            concept=self.concept or other.concept,
        )

    def disclosed(self, *, risk_rises: bool) -> "Selection":
        """The same rows, whose number or share may be disclosed."""
        return replace(self, risk_rises=risk_rises)


def recent(
    event: str, unit: str, lengths: Iterable[int], meaning: str, latest: int = -1, concept: Concept | None = None
) -> tuple[Selection, ...]:
    """Rows whose event happened in the last so many days or months.

    Args:
        event: column with the offset from the application, 0 or negative.
        unit: "days" or "months", as the column counts.
        meaning: plural noun phrase with `{}` for the length of the window.
        latest: offset of the latest period of the source: the first of each window.
    """
    return tuple(
        Selection(f"last_{length}_{unit}", meaning.format(length), pl.col(event) > latest - length, concept)
        for length in lengths
    )


def joined(*parts: str) -> str:
    """A name from the parts that are not empty."""
    return "_".join(part for part in parts if part)
