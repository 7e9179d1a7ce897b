"""What a gate says about a version that is to go into production."""

from pydantic import BaseModel, ConfigDict, Field

GATE_REPORTS = "gates"
"""Folder among a run's files where other steps leave verdicts of gates of their own, one JSON file each."""

FAIRNESS_GATE = "fairness"
"""Reported by the explanation step, which audits decisions by group."""


class Verdict(BaseModel):
    """The answer of one gate.

    Attributes:
        gate: its name.
        says: why, with the figure and its limit, in one sentence.
        limit: what a reported gate was asked to keep; None where no setting says so.
        waiver: the written reason for which a refusal was overruled; only reported gates can be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    gate: str = Field(min_length=1, max_length=60)
    passed: bool
    says: str = Field(min_length=1, max_length=1000)
    limit: float | None = None
    waiver: str = Field(default="", max_length=1000)

    @property
    def lets_through(self) -> bool:
        """Whether it passed, or was overruled."""
        return self.passed or bool(self.waiver)
