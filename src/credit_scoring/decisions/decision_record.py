"""One decision with everything a replay needs, and its binary form in the ledger and the spool."""

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
"""Fields with personal data; the feature vector is personal data too."""

_LENGTH = struct.Struct(">I")
_MAX_CLIENT_ID = 2**63 - 1


class DecisionRecord(BaseModel):
    """One decision.

    Attributes:
        client_id: None for an applicant without SK_ID_CURR.
        application: the raw columns as received.
        history_found: whether the online store has the client; otherwise the applicant is scored as new.
        feature_date: publication time of the history features.
        probability: calibrated probability of default, from 0 to 1.
        caller: API key id or command that requested the decision; never the applicant.
        request_id: of the HTTP request; None outside the service.
        reasons: explanation of the decision; None if none was requested.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=(), ser_json_inf_nan="constants")

    decision_id: str
    decided_at: datetime
    # The range of a database integer: a record that cannot be inserted would block the spool.
    client_id: Annotated[int, Field(ge=0, le=_MAX_CLIENT_ID)] | None
    # Validated with the request; a second validation of 120 values takes as long as the history look-up.
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
    """A decision as it is stored: the record and the model's input.

    Attributes:
        features: float32 vector (features,) that the model scored.
    """

    record: DecisionRecord
    features: np.ndarray

    def facts(self) -> str:
        """Non-personal fields as JSON; they remain readable after an erasure."""
        return self.record.model_dump_json(exclude=PERSONAL)

    def personal(self) -> bytes:
        """Personal fields and the feature vector, packed."""
        return _packed(self.record.model_dump_json(include=PERSONAL), self.features)

    def whole(self) -> bytes:
        """All fields and the feature vector, packed."""
        return _packed(self.record.model_dump_json(), self.features)


def entry_of(personal: bytes, facts: str = "{}") -> Entry:
    """The entry from its packed bytes and its facts; raises ValueError if the bytes are invalid."""
    (length,) = _LENGTH.unpack_from(personal)
    end = _LENGTH.size + length
    fields = json.loads(facts) | json.loads(personal[_LENGTH.size : end])
    return Entry(DecisionRecord.model_validate(fields), np.frombuffer(personal[end:], np.float32))


def _packed(text: str, features: np.ndarray) -> bytes:
    encoded = text.encode()
    vector = np.ascontiguousarray(features, dtype=np.float32).tobytes()
    return _LENGTH.pack(len(encoded)) + encoded + vector
