"""Verifies the ledger: every row is as recorded, and none is missing, inserted or moved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from credit_scoring.core.errors import StorageError
from credit_scoring.core.progress import progress
from credit_scoring.decisions.chain import GENESIS, Head, Row, hash_of
from credit_scoring.decisions.decision_record import entry_of
from credit_scoring.decisions.encryption import unseal
from credit_scoring.decisions.ledger import Key, Ledger

_ANCHOR_PARTS = 3


@dataclass(frozen=True)
class Verification:
    """Result of verifying the whole ledger.

    Attributes:
        head: end of the chain; stored elsewhere, it is the anchor of the next verification.
        erased: number of decisions whose personal data was erased.
        findings: problems in the order of the chain; empty for an intact ledger.
    """

    head: Head
    erased: int
    findings: tuple[str, ...]


def parse_anchor(text: str) -> Head:
    """The head that an earlier verification printed; raises StorageError if the text is not one."""
    parts = text.split(":")
    if len(parts) != _ANCHOR_PARTS or not parts[1].isdecimal():
        raise StorageError(
            f"{text!r} is not an anchor.", "Use the last line of an earlier `decisions verify`: LEDGER:ROWS:HASH."
        )
    return Head(parts[0], int(parts[1]), parts[2])


def verify(ledger: Ledger, anchor: Head | None = None) -> Verification:
    """Recompute every hash and decrypt everything that is not erased; decisions may be recorded meanwhile.

    Args:
        anchor: head of an earlier verification, stored out of reach of everyone with write access to the ledger.
            Without it, a ledger that was rewritten completely, with all hashes, appears intact.
    """
    start = ledger.head()
    rows = progress(ledger.rows_with_keys(), "Verifying the ledger", start.rows)
    walk = _Walk(start, anchor)
    findings = list(walk.over(rows))
    end = ledger.head()
    if walk.last > end.rows:
        findings.append(f"rows {end.rows + 1} to {walk.last} are beyond the end of the chain")
    return Verification(end, walk.erased, tuple(findings))


class _Walk:
    """One pass over the chain, with what the next row must match."""

    def __init__(self, start: Head, anchor: Head | None) -> None:
        self._start = start
        self._marks = {start.rows: start.hash}
        self._anchor = anchor
        self._previous = GENESIS
        self.last = 0
        self.erased = 0

    def over(self, rows: Iterable[tuple[Row, Key | None]]) -> Iterator[str]:
        if self._anchor is not None:
            yield from self._anchored(self._anchor)
        for row, key in rows:
            yield from self._followed(row)
            yield from self._opened(row, key)
        if self.last < self._start.rows:
            yield f"rows {self.last + 1} to {self._start.rows} are missing at the end"

    def _anchored(self, anchor: Head) -> Iterator[str]:
        if anchor.ledger_id != self._start.ledger_id:
            yield f"this is the ledger {self._start.ledger_id}, the anchor belongs to {anchor.ledger_id}"
        elif anchor.rows > self._start.rows:
            yield f"the chain ends at row {self._start.rows}, the anchor was taken at row {anchor.rows}"
        elif anchor.rows == self._start.rows and anchor.hash != self._start.hash:
            yield f"row {anchor.rows} does not match the anchor: the chain was rewritten"
        else:
            self._marks.setdefault(anchor.rows, anchor.hash)

    def _followed(self, row: Row) -> Iterator[str]:
        if row.sequence != self.last + 1:
            yield f"rows {self.last + 1} to {row.sequence - 1} are missing"
        elif hash_of(row, self._previous, self._start.ledger_id) != row.hash:
            yield f"row {row.sequence}, decision {row.decision_id}, was changed, or the row before it"
        if self._marks.get(row.sequence, row.hash) != row.hash:
            which = "end of the chain" if row.sequence == self._start.rows else "anchor"
            yield f"row {row.sequence}, decision {row.decision_id}, does not match the {which}"
        self.last, self._previous = row.sequence, row.hash

    def _opened(self, row: Row, key: Key | None) -> Iterator[str]:
        if key is None or (key.secret is None and key.erased_at is None):
            yield f"row {row.sequence}, decision {row.decision_id}: its key is missing without an erasure"
        elif key.secret is None:
            self.erased += 1
        else:
            try:
                entry = entry_of(unseal(key.secret, row.sealed, row.decision_id), row.facts)
            except ValueError:
                yield f"row {row.sequence}, decision {row.decision_id}: its key does not decrypt it"
                return
            if entry.record.client_id != key.client_id:
                yield f"row {row.sequence}, decision {row.decision_id}: its key is assigned to another client"
