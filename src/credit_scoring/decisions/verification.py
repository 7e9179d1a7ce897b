"""Verifies the ledger: every row is as recorded, and none is missing, inserted or moved."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from credit_scoring.core.errors import StorageError
from credit_scoring.core.progress import progress
from credit_scoring.decisions.chain import GENESIS, RECORDS_ERASURES, Head, Row, hash_of
from credit_scoring.decisions.decision_record import entry_of
from credit_scoring.decisions.encryption import unseal
from credit_scoring.decisions.ledger import Key, Ledger
from credit_scoring.decisions.outcomes import outcome_in

_ANCHOR_PARTS = 3


@dataclass
class Verification:
    """Result of verifying the whole ledger.

    Attributes:
        head: end of the chain; stored elsewhere, it is the anchor of the next verification.
        findings: problems in the order of the chain, unrecorded erasures last; empty for an intact ledger.
        decisions: number of decisions.
        erased: number of decisions whose personal data was erased.
        outcomes: number of outcomes, corrections included.
        erasures: number of erasures that the chain records, one per person.
        unrecorded: by key id, an erased decision without a record of the erasure; a finding, except in old ledgers.
    """

    head: Head
    findings: tuple[str, ...] = ()
    decisions: int = 0
    erased: int = 0
    outcomes: int = 0
    erasures: int = 0
    unrecorded: dict[str, str] = field(default_factory=dict)

    def count(self, row: Row, key: Key) -> Iterator[str]:
        """Count the next row of the chain; yields what is wrong with its key."""
        if row.is_erasure:
            self.erasures += 1
            self.unrecorded.pop(row.key_id, None)
            if key.secret is not None:
                yield f"{row}: the key that it erased is present again"
            return
        self.outcomes += row.is_outcome
        self.decisions += not row.is_outcome
        if (key.secret is None) == (key.erased_at is None):
            state = "missing, but not" if key.secret is None else "present, but"
            yield f"{row}: its key is {state} marked as erased"
        elif key.secret is None:
            self.erased += not row.is_outcome
            self.unrecorded.setdefault(row.key_id, str(row))
        else:
            try:
                if row.is_outcome:
                    outcome_in(row, key.secret)
                    return
                entry = entry_of(unseal(key.secret, row.sealed, row.decision_id), row.facts)
            except ValueError:
                yield f"{row}: its key does not decrypt it"
                return
            if entry.record.client_id != key.client_id:
                yield f"{row}: its key is assigned to another client"


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
    last, previous, result = 0, GENESIS, Verification(start)
    for row, key in progress(ledger.rows_with_keys(), "Verifying the ledger", start.rows):
        if row.sequence != last + 1:
            findings.append(f"rows {last + 1} to {row.sequence - 1} are missing")
        elif hash_of(row, previous, start.ledger_id) != row.hash:
            findings.append(f"{row}, was changed, or the row before it")
        if known.get(row.sequence, row.hash) != row.hash:
            which = "end of the chain" if row.sequence == start.rows else "anchor"
            findings.append(f"{row}, does not match the {which}")
        findings += result.count(row, key)
        last, previous = row.sequence, row.hash
    if last < start.rows:
        findings.append(f"rows {last + 1} to {start.rows} are missing at the end")
    end = ledger.head()
    if last > end.rows:
        findings.append(f"rows {end.rows + 1} to {last} are beyond the end of the chain")
    if start.ledger_id.startswith(RECORDS_ERASURES):
        findings += [f"{row}: its key was erased, but no later row records it" for row in result.unrecorded.values()]
    return replace(result, head=end, findings=tuple(findings))


def _contradictions(start: Head, anchor: Head) -> Iterator[str]:
    """What an anchor contradicts at the end of the chain."""
    if anchor.ledger_id != start.ledger_id:
        yield f"this is the ledger {start.ledger_id}, the anchor belongs to {anchor.ledger_id}"
    elif anchor.rows > start.rows:
        yield f"the chain ends at row {start.rows}, the anchor was taken at row {anchor.rows}"
    elif anchor.rows == start.rows and anchor.hash != start.hash:
        yield f"row {anchor.rows} does not match the anchor: the chain was rewritten"
