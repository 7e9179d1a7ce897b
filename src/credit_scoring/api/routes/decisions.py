"""Look up what is recorded: decisions, and what the store holds of a client."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Request

from credit_scoring.api.openapi import OF_A_KEY, problems
from credit_scoring.api.schemas.problems import GONE, INVALID, NOT_FOUND, ProblemError
from credit_scoring.api.schemas.responses import ClientHistoryAnswer, RecordedDecision, ReplayAnswer
from credit_scoring.api.security.auth import MayRead
from credit_scoring.api.state import state_of
from credit_scoring.api.timeouts import in_thread
from credit_scoring.core.errors import ErasedError, MissingArtefactError
from credit_scoring.data_contracts.column_types import HIGHEST_IDENTIFIER

router = APIRouter(tags=["look up"])
Result = TypeVar("Result")
DecisionId = Annotated[
    str,
    Path(
        pattern="^[0-9a-f]{32}$",
        description="As the answer to the application named it.",
        examples=["00000000000000000000000000000042"],
    ),
]
ClientId = Annotated[
    int, Path(ge=1, le=HIGHEST_IDENTIFIER, description="SK_ID_CURR of the client.", examples=[100_001])
]
_OF_A_RECORD: dict[int | str, dict[str, Any]] = problems(*OF_A_KEY, NOT_FOUND, INVALID)


@router.get("/decisions/{decision_id}", responses=_OF_A_RECORD | problems(GONE))
async def decision(request: Request, caller: MayRead, decision_id: DecisionId) -> RecordedDecision:
    """A recorded decision with what it was made from."""
    record = await _looked_up(request, partial(state_of(request).decisions.find, decision_id))
    return RecordedDecision.model_construct(**dict(record))


@router.post("/decisions/{decision_id}/replay", responses=_OF_A_RECORD | problems(GONE))
async def replay(request: Request, caller: MayRead, decision_id: DecisionId) -> ReplayAnswer:
    """Make a recorded decision again with the recorded versions; nothing new is recorded."""
    made = await _looked_up(request, partial(state_of(request).decisions.replay, decision_id))
    return ReplayAnswer.of(made)


@router.get("/clients/{client_id}", responses=_OF_A_RECORD)
async def client(request: Request, caller: MayRead, client_id: ClientId) -> ClientHistoryAnswer:
    """The history that the store holds of a client, as a decision would use it."""
    found = await _looked_up(request, partial(state_of(request).decisions.history_of, client_id))
    if found.features is None:
        raise ProblemError(
            NOT_FOUND, f"The store holds no history of this client. Feature version: {found.version.number}."
        )
    return ClientHistoryAnswer(
        client_id=client_id,
        feature_version=found.version.number,
        feature_date=found.version.created_at,
        data_source=found.version.source,
        features=found.features,
    )


async def _looked_up(request: Request, look: Callable[[], Result]) -> Result:
    serving = state_of(request)
    try:
        return await in_thread(serving.threads, look, serving.settings.api.request_timeout_seconds)
    except ErasedError as error:
        raise ProblemError(GONE, str(error)) from None
    except MissingArtefactError as error:
        raise ProblemError(NOT_FOUND, str(error)) from None
