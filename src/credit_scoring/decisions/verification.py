"""Verifies the ledger: every row is as recorded, and none is missing, inserted or moved."""

from collections.abc import Iterator
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
    known = {start.rows: start.hash}
    findings: list[str] = []
    if anchor is not None:
        findings += _contradictions(start, anchor)
        if not findings:
            known.setdefault(anchor.rows, anchor.hash)
    last, previous, erased = 0, GENESIS, 0
    for row, key in progress(ledger.rows_with_keys(), "Verifying the ledger", start.rows):
        if row.sequence != last + 1:
            findings.append(f"rows {last + 1} to {row.sequence - 1} are missing")
        elif hash_of(row, previous, start.ledger_id) != row.hash:
            findings.append(f"row {row.sequence}, decision {row.decision_id}, was changed, or the row before it")
        if known.get(row.sequence, row.hash) != row.hash:
            which = "end of the chain" if row.sequence == start.rows else "anchor"
            findings.append(f"row {row.sequence}, decision {row.decision_id}, does not match the {which}")
        findings += _problems_with(key, row)
        erased += key is not None and key.erased_at is not None and key.secret is None
        last, previous = row.sequence, row.hash
    if last < start.rows:
        findings.append(f"rows {last + 1} to {start.rows} are missing at the end")
    end = ledger.head()
    if last > end.rows:
        findings.append(f"rows {end.rows + 1} to {last} are beyond the end of the chain")
    return Verification(end, erased, tuple(findings))


def _contradictions(start: Head, anchor: Head) -> Iterator[str]:
    """What an anchor contradicts at the end of the chain."""
    if anchor.ledger_id != start.ledger_id:
        yield f"this is the ledger {start.ledger_id}, the anchor belongs to {anchor.ledger_id}"
    elif anchor.rows > start.rows:
        yield f"the chain ends at row {start.rows}, the anchor was taken at row {anchor.rows}"
    elif anchor.rows == start.rows and anchor.hash != start.hash:
        yield f"row {anchor.rows} does not match the anchor: the chain was rewritten"


def _problems_with(key: Key | None, row: Row) -> Iterator[str]:
    if key is None or (key.secret is None and key.erased_at is None):
        yield f"row {row.sequence}, decision {row.decision_id}: its key is missing without an erasure"
    elif key.secret is not None:
        try:
            entry = entry_of(unseal(key.secret, row.sealed, row.decision_id), row.facts)
        except ValueError:
            yield f"row {row.sequence}, decision {row.decision_id}: its key does not decrypt it"
            return
        if entry.record.client_id != key.client_id:
            yield f"row {row.sequence}, decision {row.decision_id}: its key is assigned to another client"
