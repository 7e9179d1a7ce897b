"""The hash chain: a hash covers its row and the previous hash, so that changed, missing or added rows are detected."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

GENESIS = "0" * 64
RECORDS_ERASURES = "v2-"
"""Prefix of a ledger's id if every erasure must be a row; older versions of the program began other ledgers."""
OUTCOME_PREFIX = "outcome-"
"""Of the ids of outcomes; those of decisions are hexadecimal."""


@dataclass(frozen=True)
class Head:
    """The end of a chain. Stored elsewhere, it proves later that no earlier row was rewritten.

    Attributes:
        ledger_id: random id from the creation of the ledger; covered by every hash.
        rows: number of rows.
        hash: of the last row.
    """

    ledger_id: str
    rows: int
    hash: str

    def __str__(self) -> str:
        return f"{self.ledger_id}:{self.rows}:{self.hash}"


@dataclass(frozen=True)
class Row:
    """A row of the ledger: a decision, its outcome, or the erasure of a person's data.

    Attributes:
        sequence: 1 for the first row; 0 before the row is in a chain.
        decision_id: of the decision, the outcome or the erasure; `decided_at` is when it was recorded.
        key_id: random id of the key that encrypts the personal data, or that was erased; it does not identify anyone.
        facts: non-personal fields of the record, who reported the outcome, or who erased and why, as JSON text.
        sealed: encrypted personal data; empty for an erasure, and only there.
        hash: of this row and the previous hash.
    """

    sequence: int
    decision_id: str
    decided_at: str
    key_id: str
    facts: str
    sealed: bytes
    hash: str = ""

    def __str__(self) -> str:
        kind = "erasure " if self.is_erasure else "" if self.is_outcome else "decision "
        return f"row {self.sequence}, {kind}{self.decision_id}"

    @property
    def is_erasure(self) -> bool:
        """Whether it records an erasure; `IS_DECISION` and `IS_OUTCOME` are the same rules in SQL."""
        return not self.sealed

    @property
    def is_outcome(self) -> bool:
        """Whether it records the outcome of a decision."""
        return self.decision_id.startswith(OUTCOME_PREFIX)


def chained(head: Head, rows: Iterable[Row]) -> tuple[list[Row], Head]:
    """The rows with the sequence and hash that each gets in a chain after its head, and the new head."""
    extended: list[Row] = []
    for row in rows:
        row = replace(row, sequence=head.rows + 1)
        extended.append(replace(row, hash=hash_of(row, head.hash, head.ledger_id)))
        head = Head(head.ledger_id, row.sequence, extended[-1].hash)
    return extended, head


def hash_of(row: Row, previous_hash: str, ledger_id: str) -> str:
    """SHA-256 (hexadecimal) over the previous hash and every field of the row, each prefixed with its length."""
    texts = (previous_hash, ledger_id, str(row.sequence), row.decision_id, row.decided_at, row.key_id, row.facts)
    digest = hashlib.sha256()
    for field in (*(text.encode() for text in texts), row.sealed):
        digest.update(len(field).to_bytes(8, "big"))
        digest.update(field)
    return digest.hexdigest()
