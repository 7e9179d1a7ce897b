"""One decision, complete enough to be made again, and how it is written down."""

import json
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, JsonValue, SkipValidation

from credit_scoring.core.manifest import DataSource
from credit_scoring.scoring.scorer import Decision

PERSONAL = {"client_id", "application", "reasons"}
"""Fields of a record that speak of the person; the feature vector does too."""

_LENGTH = struct.Struct(">I")
_LARGEST_CLIENT = 2**63 - 1


class DecisionRecord(BaseModel):
    """One decision.

    Attributes:
        client_id: None when the applicant gave none.
        application: the raw columns as they were received.
        history_found: whether the store knew the client; without history the applicant is scored as new.
        feature_date: when the history features were published.
        probability: calibrated probability of default, from 0 to 1.
        caller: who asked, as the service knows its callers; never the applicant.
        request_id: of the request the decision answers; None outside the service.
        reasons: why the decision went this way; None where no reasons were asked for.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", protected_namespaces=(), ser_json_inf_nan="constants"
    )

    decision_id: str
    decided_at: datetime
    # What a database's integer holds: a record that could not be inserted would block those after it.
    client_id: Annotated[int, Field(ge=0, le=_LARGEST_CLIENT)] | None
    # Its contract was checked before; to go through 120 values again takes as long as the query of the history.
    application: SkipValidation[dict[str, float | int | str | None]]
    history_found: bool
    feature_version: int
    feature_fingerprint: str
    feature_date: datetime
    model_name: str
    model_version: int
    model_hash: str
    source: DataSource
    threshold: float
    probability: float
    decision: Decision
    caller: str
    request_id: str | None = None
    reasons: JsonValue = None


@dataclass(frozen=True)
class Entry:
    """A decision as it is recorded: the record and the bits it was made from.

    Attributes:
        features: float32 vector (features,) that the model saw.
    """

    record: DecisionRecord
    features: np.ndarray

    def facts(self) -> str:
        """What is not about the person, as JSON; it stays readable when the rest is erased."""
        return self.record.model_dump_json(exclude=PERSONAL)

    def personal(self) -> bytes:
        """What is about the person."""
        return _packed(self.record.model_dump_json(include=PERSONAL), self.features)

    def whole(self) -> bytes:
        """Everything, for a place that keeps no facts apart."""
        return _packed(self.record.model_dump_json(), self.features)


def entry_of(personal: bytes, facts: str = "{}") -> Entry:
    """The entry that was written down; raises ValueError when the bytes are no entry."""
    text, features = _unpacked(personal)
    return Entry(DecisionRecord.model_validate(json.loads(facts) | json.loads(text)), features)


def _packed(text: str, features: np.ndarray) -> bytes:
    encoded = text.encode()
    vector = np.ascontiguousarray(features, dtype=np.float32).tobytes()
    return _LENGTH.pack(len(encoded)) + encoded + vector


def _unpacked(packed: bytes) -> tuple[str, np.ndarray]:
    (length,) = _LENGTH.unpack_from(packed)
    end = _LENGTH.size + length
    return packed[_LENGTH.size : end].decode(), np.frombuffer(packed[end:], np.float32)
