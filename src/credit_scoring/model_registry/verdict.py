"""What a gate says about a version that is to go into production."""

from pydantic import BaseModel, ConfigDict, Field

GATE_REPORTS = "gates"
"""Folder among a run's files where other steps leave verdicts of gates of their own, one JSON file each."""


class Verdict(BaseModel):
    """The answer of one gate.

    Attributes:
        gate: its name.
        says: why, with the figure and its limit, in one sentence.
        waiver: the written reason for which a refusal was overruled; only reported gates can be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    gate: str = Field(min_length=1, max_length=60)
    passed: bool
    says: str = Field(min_length=1, max_length=1000)
    waiver: str = Field(default="", max_length=1000)

    @property
    def lets_through(self) -> bool:
        """Whether it passed, or was overruled."""
        return self.passed or bool(self.waiver)
