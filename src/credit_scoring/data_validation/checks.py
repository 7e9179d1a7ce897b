"""A check and its outcome."""

from typing import Literal, NamedTuple, Self

from pydantic import BaseModel

Severity = Literal["error", "warning"]
NotChecked = Literal["", "too few rows", "too few different values", "every possible value is usual"]
"""Why a check could not be done; empty if it was."""

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


class Kind(NamedTuple):
    """What all checks of one name share.

    Attributes:
        severity: an error stops the pipeline, a warning is reported. Unknown categories and nulls are a warning while
            few, an error when many.
        title: heading in the report.
        finding: what the failing rows do, after their number; empty for checks of a whole table.
    """

    severity: Severity
    title: str
    finding: str = ""


KINDS: dict[CheckName, Kind] = {
    "missing_column": Kind("error", "Missing column"),
    "wrong_type": Kind("error", "Wrong type"),
    "null_in_required": Kind("error", "Missing value", "have no value where one is required"),
    "impossible_value": Kind("error", "Impossible value", "have an impossible value; a possible one {rule}"),
    "duplicate_key": Kind("error", "Repeated key", "share their key with another row"),
    "orphan": Kind("error", "Key without a matching row", "break the rule that it {rule}"),
    "in_both_applications": Kind("error", "In both application tables", "are in another application table too"),
    "unseen_category": Kind(
        "warning", "Unknown category", "have a category that the contract does not declare: {values}"
    ),
    "future": Kind("warning", "Row from the future", "are after the application"),
    "outlier": Kind("warning", "Outliers", "are far from the others; a usual value {rule}"),
    "duplicate_row": Kind("warning", "Repeated rows", "repeat another row"),
    "null_share": Kind("warning", "Unusual share of nulls"),
    "row_count": Kind("warning", "Unusual number of rows"),
}


class Check(BaseModel, frozen=True, extra="forbid"):
    """A rule for a table or some of its columns.

    Attributes:
        columns: the checked columns; empty for the table as a whole.
        rule: the rule as a phrase that follows the column names.
        tolerated_share: share of the rows, from 0 to 1, that may break the rule.
    """

    table: str
    name: CheckName
    columns: tuple[str, ...] = ()
    severity: Severity
    rule: str
    tolerated_share: float = 0.0

    @classmethod
    def of(cls, table: str, name: CheckName, columns: tuple[str, ...], rule: str, tolerated_share: float = 0.0) -> Self:
        """A check with the severity of its kind."""
        severity = KINDS[name].severity
        return cls(
            table=table, name=name, columns=columns, severity=severity, rule=rule, tolerated_share=tolerated_share
        )

    @property
    def subject(self) -> str:
        """The columns, as shown to a reader."""
        return " + ".join(self.columns) or "rows"

    @property
    def key(self) -> str:
        """Identifies the check within its table; part of a file name."""
        return "__".join(filter(None, ("_".join(self.columns), self.name)))


class Outcome(BaseModel, frozen=True, extra="forbid"):
    """The outcome of one check on a whole table.

    Attributes:
        checked: number of checked rows.
        failing: rows that break the rule.
        failed: whether more rows fail than are tolerated.
        finding: description of the failure; empty unless failed or not checked.
        examples: some failing rows, as text by column name.
        failing_rows: file with failing rows, relative to the report; empty if there are none.
        kept_rows: number of rows in that file.
        not_checked: why the check could not be done; what it lacks is then in `finding`.
    """

    check: Check
    checked: int
    failing: int
    failed: bool
    finding: str = ""
    examples: tuple[dict[str, str], ...] = ()
    failing_rows: str = ""
    kept_rows: int = 0
    not_checked: NotChecked = ""

    @classmethod
    def without_check(cls, check: Check, reason: NotChecked, finding: str = "") -> Self:
        """The outcome of a check that could not be done."""
        return cls(check=check, checked=0, failing=0, failed=False, finding=finding, not_checked=reason)
