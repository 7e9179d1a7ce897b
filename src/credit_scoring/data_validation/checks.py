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
    "in_both_applications",
    "unseen_category",
    "future",
    "outlier",
    "duplicate_row",
    "null_share",
    "row_count",
]


class Check(BaseModel):
    """A rule that a table or some of its columns must keep.

    Attributes:
        columns: what is looked at; empty for the table as a whole.
        severity: an error stops the flow, a warning is reported.
        rule: what must hold, in words that continue the columns' names.
        tolerated_share: share of the rows, from 0 to 1, that may break the rule.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    name: CheckName
    columns: tuple[str, ...] = ()
    severity: Severity
    rule: str
    tolerated_share: float = 0.0

    @property
    def subject(self) -> str:
        """The columns as a reader names them."""
        return " + ".join(self.columns) or "rows"

    @property
    def key(self) -> str:
        """Tells the check from all others of its table; part of a file name."""
        return "__".join(filter(None, ("_".join(self.columns), self.name)))


class Outcome(BaseModel):
    """What one check found in a whole table.

    Attributes:
        checked: rows looked at.
        failing: rows that break the rule.
        failed: whether that is more than tolerated.
        finding: what was found, in words; empty unless failed.
        examples: some failing rows, as texts by column name.
        failing_rows: file that holds failing rows, relative to the report; empty when there is none.
        kept_rows: how many of them it holds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: Check
    checked: int
    failing: int
    failed: bool
    finding: str = ""
    examples: tuple[dict[str, str], ...] = ()
    failing_rows: str = ""
    kept_rows: int = 0
