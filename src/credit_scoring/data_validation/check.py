"""What a check is and what it found."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["error", "warning"]
CheckName = Literal[
    "missing_column",
    "wrong_type",
    "null_in_required",
    "impossible_value",
    "duplicate_key",
    "orphan",
    "unseen_category",
    "future",
]


class Check(BaseModel):
    """A rule that a table or one of its columns must keep.

    Attributes:
        column: the column, or the columns of a key joined by " + ".
        severity: an error stops the flow, a warning is reported.
        rule: what must hold, in words.
        tolerated_share: share of the rows, from 0 to 1, that may break the rule.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    name: CheckName
    column: str
    severity: Severity
    rule: str
    tolerated_share: float = 0.0

    @property
    def key(self) -> str:
        """Identifies the check among all checks of its table; part of a file name."""
        return f"{self.column.replace(' + ', '_')}__{self.name}"


class Outcome(BaseModel):
    """What one check found in a whole table.

    Attributes:
        checked: rows looked at.
        failing: rows that break the rule.
        finding: what was found, in words; empty when the rule holds.
        examples: some failing rows, as texts by column name.
        failing_rows: file that holds the failing rows, relative to the report; empty when there is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: Check
    checked: int
    failing: int
    finding: str = ""
    examples: tuple[dict[str, str], ...] = ()
    failing_rows: str = ""

    @property
    def failed(self) -> bool:
        """Whether more rows break the rule than are tolerated."""
        return self.failing > self.check.tolerated_share * self.checked
