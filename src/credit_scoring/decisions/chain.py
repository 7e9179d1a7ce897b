"""The hash chain: a hash covers its row and the previous hash, so that changed, missing or added rows are detected."""

import hashlib
from dataclasses import dataclass

GENESIS = "0" * 64


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
    """A row of the ledger.

    Attributes:
        sequence: 1 for the first decision.
        key_id: random id of the key that encrypts the personal data; it does not identify the client.
        facts: non-personal fields of the record, as JSON text.
        sealed: encrypted personal data.
        hash: of this row and the previous hash.
    """

    sequence: int
    decision_id: str
    decided_at: str
    key_id: str
    facts: str
    sealed: bytes
    hash: str = ""


def hash_of(row: Row, previous_hash: str, ledger_id: str) -> str:
    """SHA-256 (hexadecimal) over the previous hash and every field of the row, each prefixed with its length."""
    texts = (previous_hash, ledger_id, str(row.sequence), row.decision_id, row.decided_at, row.key_id, row.facts)
    digest = hashlib.sha256()
    for field in (*(text.encode() for text in texts), row.sealed):
        digest.update(len(field).to_bytes(8, "big"))
        digest.update(field)
    return digest.hexdigest()
