"""The result of one promotion gate."""

from pydantic import BaseModel, Field

GATE_REPORTS = "gates"
"""Folder among a run's files where other steps leave results of their own gates, one JSON file each."""

FAIRNESS_GATE = "fairness"
"""Reported by the audit step, which compares decisions by group."""


class GateResult(BaseModel, frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True):
    """The result of one gate for one version.

    Attributes:
        message: the figure, its limit and the conclusion, in one sentence; stored as ``says``.
        limit: the limit that a reported gate applied; None if no setting defines one.
        waiver: the written reason for overriding a failed gate; only reported gates can be waived.
    """

    gate: str = Field(min_length=1, max_length=60)
    passed: bool
    message: str = Field(min_length=1, max_length=1000, alias="says")
    limit: float | None = None
    waiver: str = Field(default="", max_length=1000)

    @property
    def allows_promotion(self) -> bool:
        """Whether the gate passed or was waived."""
        return self.passed or bool(self.waiver)
