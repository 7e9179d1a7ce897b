"""Outcomes as they are reported, by decision id or by client and day; none is recorded unless all are correct."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from credit_scoring.data_contracts.column_types import MAX_IDENTIFIER
from credit_scoring.decisions.ledger import Ledger
from credit_scoring.decisions.outcomes import Outcome, Recorded, decision_ids_of, problems_with, record_outcomes


def _is_written_as_a_day(value: object) -> object:
    # Pydantic would read a number as seconds since 1970.
    if isinstance(value, int | float) or isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is None:
        raise ValueError("write a day as 2026-07-01")
    return value


Day = Annotated[
    date,
    BeforeValidator(_is_written_as_a_day, json_schema_input_type=date),
    Field(strict=False, examples=["2026-07-01"]),
]
# The schema has no null: a field that is not given is left out.
_DecisionId = Annotated[str | None, WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{32}$"})]
_ClientId = Annotated[
    int | None,
    # JSON makes no difference between 7 and 7.0.
    BeforeValidator(lambda value: int(value) if isinstance(value, float) and value.is_integer() else value),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_IDENTIFIER}),
]
_DecidedOn = Annotated[Day | None, WithJsonSchema({"type": "string", "format": "date"})]


class OutcomeReport(BaseModel):
    """What became of one decision, named by its id or by client and day."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        json_schema_extra={
            "oneOf": [
                {
                    "required": ["decision_id"],
                    "not": {"anyOf": [{"required": ["client_id"]}, {"required": ["decided_on"]}]},
                },
                {"required": ["client_id", "decided_on"], "not": {"required": ["decision_id"]}},
            ]
        },
    )

    decision_id: _DecisionId = Field(
        default=None, pattern="^[0-9a-f]{32}$", description="Id of the decision.", examples=["0" * 30 + "42"]
    )
    client_id: _ClientId = Field(
        default=None, ge=1, le=MAX_IDENTIFIER, description="SK_ID_CURR, with `decided_on` instead of the id."
    )
    decided_on: _DecidedOn = Field(default=None, description="Day of the decision in UTC.")
    defaulted: bool = Field(description="Whether the client defaulted.")
    observed_on: Day = Field(description="Day on which this was known.")

    @model_validator(mode="after")
    def _names_one_decision(self) -> Self:
        by_client = self.client_id is not None, self.decided_on is not None
        if by_client != ((self.decision_id is None),) * 2:
            raise ValueError("give decision_id, or client_id and decided_on")
        return self


class Problem(NamedTuple):
    """Why a report cannot be recorded.

    Attributes:
        position: of the report, from 0.
        field: the field at fault.
    """

    position: int
    field: str
    reason: str


def record_reports(ledger: Ledger, reports: Sequence[OutcomeReport], by: str) -> Recorded | list[Problem]:
    """Record reported outcomes, or return everything that is wrong with them; then none is recorded.

    Args:
        by: API key id or user who reports them.

    Raises:
        StorageError: the ledger is unavailable.
    """
    outcomes, problems = _resolved(ledger, reports)
    for index, reason in zip(outcomes, problems_with(ledger, list(outcomes.values())), strict=True):
        if reason is not None:
            naming = "client_id" if reports[index].decision_id is None else "decision_id"
            problems.append(Problem(index, "observed_on" if reason.startswith("observed") else naming, reason))
    return sorted(problems) or record_outcomes(ledger, list(outcomes.values()), by)


def _resolved(ledger: Ledger, reports: Sequence[OutcomeReport]) -> tuple[dict[int, Outcome], list[Problem]]:
    """Outcomes by the index of their report, and the reports that name no decision or several."""
    named = {
        index: (one.client_id, one.decided_on)
        for index, one in enumerate(reports)
        if one.client_id is not None and one.decided_on is not None
    }
    made = decision_ids_of(ledger, named.values())
    outcomes, problems = dict[int, Outcome](), []
    for index, one in enumerate(reports):
        ids = [one.decision_id] if one.decision_id is not None else made[named[index]]
        if len(ids) == 1 and ids[0] is not None:
            outcomes[index] = Outcome(decision_id=ids[0], defaulted=one.defaulted, observed_on=one.observed_on)
        elif ids:
            problems.append(Problem(index, "decided_on", f"{len(ids)} decisions on that day; give decision_id"))
        else:
            problems.append(Problem(index, "client_id", "the ledger holds no decision on this client on that day"))
    return outcomes, problems
