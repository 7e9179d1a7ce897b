"""Report what became of decided applications."""

from functools import partial

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.api.dependencies import MAY_REPORT, KnownParameters, MayReport, State, in_thread, json_body
from credit_scoring.api.request_body import JsonRoute
from credit_scoring.api.schemas import Answer
from credit_scoring.api.schemas.problems import (
    BODY_PROBLEMS,
    KEY_PROBLEMS,
    NOT_FOUND,
    FieldProblem,
    ProblemError,
    problem_responses,
)
from credit_scoring.api.schemas.validation import MAX_FIELDS, shortened
from credit_scoring.data_contracts.application_request import MAX_APPLICATIONS
from credit_scoring.decisions.outcome_reports import OutcomeReport

router = APIRouter(tags=["report"], route_class=JsonRoute, responses=problem_responses(*BODY_PROBLEMS, *KEY_PROBLEMS))


_EXAMPLE = {"decision_id": f"{42:032x}", "defaulted": False, "observed_on": "2026-07-01"}


class Outcomes(BaseModel):
    """Outcomes that are recorded together."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    outcomes: list[OutcomeReport] = Field(min_length=1, max_length=MAX_APPLICATIONS, examples=[[_EXAMPLE]])


class OutcomesAnswer(Answer):
    """What was recorded."""

    new: int = Field(description="First outcomes of their decisions.")
    corrected: int = Field(description="Outcomes that count instead of an earlier one, which the ledger keeps.")
    outdated: int = Field(description="Outcomes observed before the one that counts; the ledger keeps them.")
    known: int = Field(description="Outcomes that the ledger held already.")


@router.post(
    "/outcomes",
    responses=problem_responses(NOT_FOUND),
    dependencies=[MAY_REPORT, Depends(KnownParameters()), Depends(json_body)],
)
async def outcomes(state: State, caller: MayReport, body: Outcomes) -> OutcomesAnswer:
    """Record whether the clients of up to 1,000 decisions defaulted: all outcomes or none; repeating it is safe."""
    record = partial(state.decisions.record_reports, body.outcomes, caller)
    recorded = await in_thread(state.batching, record, state.settings.api.batch_timeout_seconds)
    if isinstance(recorded, list):
        raise ProblemError(
            NOT_FOUND,
            f"{len(recorded)} outcomes do not fit a decision of the ledger; none was recorded.",
            [
                FieldProblem(
                    pointer=f"#/outcomes/{one.position}/{one.field}",
                    given=shortened(body.outcomes[one.position].model_dump(mode="json")[one.field]),
                    allowed=f"an outcome that fits a decision: {one.reason}",
                )
                for one in recorded[:MAX_FIELDS]
            ],
        )
    return OutcomesAnswer(**recorded._asdict())
