"""A check and its outcome."""

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
    """A rule for a table or some of its columns.

    Attributes:
        columns: the checked columns; empty for the table as a whole.
        severity: an error stops the pipeline, a warning is reported.
        rule: the rule as a phrase that follows the column names.
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
        """The columns, as shown to a reader."""
        return " + ".join(self.columns) or "rows"

    @property
    def key(self) -> str:
        """Identifies the check within its table; part of a file name."""
        return "__".join(filter(None, ("_".join(self.columns), self.name)))


class Outcome(BaseModel):
    """The outcome of one check on a whole table.

    Attributes:
        checked: number of checked rows.
        failing: rows that break the rule.
        failed: whether more rows fail than are tolerated.
        finding: description of the failure; empty unless failed.
        examples: some failing rows, as text by column name.
        failing_rows: file with failing rows, relative to the report; empty if there are none.
        kept_rows: number of rows in that file.
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
