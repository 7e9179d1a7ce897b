"""Count the commas of a CSV file that separate fields, at the speed of reading it."""

from pathlib import Path

import numpy as np

_CHUNK_BYTES = 1 << 18
"""Stays in the processor's cache while it is looked at."""

_COMMA, _QUOTE = ord(","), ord('"')


def count_separators(path: Path) -> int:
    """Number of commas outside quotation marks; a mark doubled inside a quoted field changes nothing."""
    buffer = bytearray(_CHUNK_BYTES)
    separators, quoted = 0, False
    with path.open("rb", buffering=0) as stream:
        while count := stream.readinto(buffer):
            characters = np.frombuffer(buffer, dtype=np.uint8, count=count)
            is_comma, is_quote = characters == _COMMA, characters == _QUOTE
            quotes = int(np.count_nonzero(is_quote))
            if quotes or quoted:
                is_comma &= np.bitwise_xor.accumulate(is_quote) == quoted
            separators += int(np.count_nonzero(is_comma))
            quoted ^= quotes % 2 == 1
    return separators
