"""The hash chain: each row's hash covers the row and the hash before it, so no row changes, leaves or joins unseen."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

GENESIS = "0" * 64


@dataclass(frozen=True)
class Head:
    """Where a chain ends; an auditor who keeps one can tell later that nothing before it was rewritten.

    Attributes:
        ledger_id: random name of the ledger, given when it was created; covered by every hash.
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
    """A row of the ledger.

    Attributes:
        sequence: 1 for the first decision.
        key_id: under whose key the personal data lies; a random name that says nothing of the client.
        facts: what is not about the person, as JSON text.
        sealed: encrypted personal data.
        hash: of this row and the one before.
    """

    sequence: int
    decision_id: str
    decided_at: str
    key_id: str
    facts: str
    sealed: bytes
    hash: str = ""

    def with_hash(self, row_hash: str) -> "Row":
        """The same row, chained."""
        return replace(self, hash=row_hash)


def hash_of(row: Row, previous_hash: str, ledger_id: str) -> str:
    """SHA-256 (hexadecimal) over the previous hash and every field of the row, each after its length."""
    content: Sequence[bytes] = (
        previous_hash.encode(),
        ledger_id.encode(),
        str(row.sequence).encode(),
        row.decision_id.encode(),
        row.decided_at.encode(),
        row.key_id.encode(),
        row.facts.encode(),
        row.sealed,
    )
    digest = hashlib.sha256()
    for field in content:
        digest.update(len(field).to_bytes(8, "big"))
        digest.update(field)
    return digest.hexdigest()
