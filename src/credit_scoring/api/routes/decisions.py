"""Look up recorded decisions, and the stored history of a client."""

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from credit_scoring.api.dependencies import MayRead, Result, State, in_thread
from credit_scoring.api.lifespan import ServiceState
from credit_scoring.api.schemas.problems import GONE, INVALID, KEY_PROBLEMS, NOT_FOUND, ProblemError, problem_responses
from credit_scoring.api.schemas.responses import ClientHistoryAnswer, RecordedDecision, ReplayAnswer
from credit_scoring.core.errors import ErasedError, MissingArtefactError
from credit_scoring.data_contracts.column_types import MAX_IDENTIFIER

router = APIRouter(tags=["look up"])
DecisionId = Annotated[
    str,
    Path(
        pattern="^[0-9a-f]{32}$",
        description="decision_id of the answer to the application.",
        examples=["00000000000000000000000000000042"],
    ),
]


def _only_digits(text: str) -> int:
    # Python reads more than digits as a number: 100_001, +100001, 100001.0.
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:20]) <= MAX_IDENTIFIER):
        raise PydanticCustomError("client_number", "a whole number from 1 to {maximum}", {"maximum": MAX_IDENTIFIER})
    return int(text)


ClientId = Annotated[
    Annotated[int, Field(ge=1, le=MAX_IDENTIFIER)],
    BeforeValidator(_only_digits),
    Path(description="SK_ID_CURR of the client.", examples=[100_001]),
]
_LOOK_UP_PROBLEMS = problem_responses(*KEY_PROBLEMS, NOT_FOUND, INVALID)


@router.get("/decisions/{decision_id}", responses=_LOOK_UP_PROBLEMS | problem_responses(GONE))
async def decision(state: State, caller: MayRead, decision_id: DecisionId) -> RecordedDecision:
    """A recorded decision with its inputs."""
    record = await _looked_up(state, state.looking_up, partial(state.decisions.find, decision_id))
    return RecordedDecision.model_construct(**dict(record))


@router.post("/decisions/{decision_id}/replay", responses=_LOOK_UP_PROBLEMS | problem_responses(GONE))
async def replay(state: State, caller: MayRead, decision_id: DecisionId) -> ReplayAnswer:
    """Repeat a recorded decision with the recorded versions; nothing is recorded."""
    made = await _looked_up(state, state.replaying, partial(state.decisions.replay, decision_id))
    return ReplayAnswer.from_replay(made)


@router.get("/clients/{client_id}", responses=_LOOK_UP_PROBLEMS)
async def client(state: State, caller: MayRead, client_id: ClientId) -> ClientHistoryAnswer:
    """The stored history of a client, as a decision would use it."""
    version, features = await _looked_up(state, state.looking_up, partial(state.decisions.history_of, client_id))
    if features is None:
        raise ProblemError(NOT_FOUND, f"The store holds no history of this client. Feature version: {version.number}.")
    return ClientHistoryAnswer(
        client_id=client_id,
        feature_version=version.number,
        feature_date=version.created_at,
        data_source=version.source,
        features=features,
    )


async def _looked_up(state: ServiceState, threads: Executor, look: Callable[[], Result]) -> Result:
    try:
        return await in_thread(threads, look, state.settings.api.request_timeout_seconds)
    except ErasedError:
        raise ProblemError(GONE, "The personal data of this decision was erased.") from None
    except MissingArtefactError:
        raise ProblemError(NOT_FOUND, "Nothing is stored under this id.") from None
