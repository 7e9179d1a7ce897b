"""Is every row of the ledger the one that was recorded, and is none missing, inserted or moved?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from credit_scoring.core.errors import StorageError
from credit_scoring.core.progress import progress
from credit_scoring.decisions.chain import GENESIS, Head, Row, hash_of
from credit_scoring.decisions.encryption import unseal
from credit_scoring.decisions.ledger import Key, Ledger

_ANCHOR_PARTS = 3


@dataclass(frozen=True)
class Verification:
    """What an examination of the whole ledger found.

    Attributes:
        head: where the chain ends; kept elsewhere, it is the anchor of the next examination.
        erased: decisions whose personal data was erased.
        findings: what is wrong, in the order of the chain; empty for a ledger that nobody touched.
    """

    head: Head
    erased: int
    findings: tuple[str, ...]


def anchor_of(text: str) -> Head:
    """The head that an earlier examination printed; raises StorageError when the text is none."""
    parts = text.split(":")
    if len(parts) != _ANCHOR_PARTS or not parts[1].isdecimal():
        raise StorageError(
            f"{text!r} is no anchor.",
            "Give the line that an earlier `decisions verify` printed: LEDGER:ROWS:HASH.",
        )
    return Head(parts[0], int(parts[1]), parts[2])


def verify(ledger: Ledger, anchor: Head | None = None) -> Verification:
    """Compute every hash again and open everything that can be opened; decisions may be recorded meanwhile.

    Args:
        anchor: head of an earlier examination, kept where nobody who can write the ledger can reach it. Without
            one, a ledger that was rewritten as a whole, with all hashes, looks untouched.
    """
    start = ledger.head()
    rows = progress(ledger.rows_with_keys(), "Verifying the ledger", start.rows)
    walk = _Walk(start, anchor)
    findings = list(walk.over(rows))
    end = ledger.head()
    if walk.last > end.rows:
        findings.append(f"rows {end.rows + 1} to {walk.last} stand behind the end of the chain")
    return Verification(end, walk.erased, tuple(findings))


class _Walk:
    """One way through the chain, remembering what the next row has to follow."""

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
            yield f"this is the ledger {self._start.ledger_id}, the anchor is of {anchor.ledger_id}"
        elif anchor.rows > self._start.rows:
            yield f"the chain ends at row {self._start.rows}, the anchor was taken at row {anchor.rows}"
        elif anchor.rows == self._start.rows and anchor.hash != self._start.hash:
            yield f"row {anchor.rows} is not the one of the anchor: the chain was rewritten"
        else:
            self._marks.setdefault(anchor.rows, anchor.hash)

    def _followed(self, row: Row) -> Iterator[str]:
        if row.sequence != self.last + 1:
            yield f"rows {self.last + 1} to {row.sequence - 1} are missing"
        elif hash_of(row, self._previous, self._start.ledger_id) != row.hash:
            yield f"row {row.sequence}, decision {row.decision_id}, was changed, or what stood before it"
        if self._marks.get(row.sequence, row.hash) != row.hash:
            which = "end of the chain" if row.sequence == self._start.rows else "anchor"
            yield f"row {row.sequence}, decision {row.decision_id}, is not the one of the {which}"
        self.last, self._previous = row.sequence, row.hash

    def _opened(self, row: Row, key: Key | None) -> Iterator[str]:
        if key is None or (key.secret is None and key.erased_at is None):
            yield f"row {row.sequence}, decision {row.decision_id}: its key is gone without an erasure"
        elif key.secret is None:
            self.erased += 1
        else:
            try:
                unseal(key.secret, row.sealed, row.decision_id)
            except ValueError:
                yield f"row {row.sequence}, decision {row.decision_id}: its key does not open it"
