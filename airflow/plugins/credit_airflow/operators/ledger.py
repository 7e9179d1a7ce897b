"""The verification of the decision ledger against an anchor that is kept elsewhere."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from airflow.sdk import Context
from credit_airflow.operators.credit_scoring import CreditScoringOperator
from credit_airflow.settings import read_settings

ANCHOR_FILE = "ledger_anchor.txt"


class LedgerVerificationOperator(CreditScoringOperator):
    """Checks the hash chain of the ledger, and that nothing before the last anchor has changed.

    The anchor is a line that commits to all decisions so far. It is kept in ``[credit] anchor_directory``, on another
    volume than the ledger, so that whoever can rewrite the ledger cannot adapt it. It moves forward only after a
    verification that succeeded.

    Returns:
        ``decisions`` and ``anchor``.
    """

    template_fields: Sequence[str] = ()
    template_fields_renderers = {}
    ui_color = "#f6d6d6"

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"arguments": [], **options})

    def execute(self, context: Context) -> dict[str, Any] | None:
        """Verify with the stored anchor, and store the new one."""
        file = Path(read_settings().anchor_directory, ANCHOR_FILE)
        anchor = file.read_text(encoding="utf-8").strip() if file.exists() else ""
        if not anchor:
            self.log.warning("%s holds no anchor yet: only the hash chain itself is checked.", file)
        result = self.run_command(["decisions", "verify", *(["--anchor", anchor] if anchor else []), "--json"], context)
        if result is not None:
            _replace(file, f"{result['anchor']}\n")
        return result


def _replace(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_suffix(".new")
    with written.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    written.replace(file)
