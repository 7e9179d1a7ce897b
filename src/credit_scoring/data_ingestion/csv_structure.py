"""Field separators and record ends of CSV content, with quotation marks taken into account."""

from pathlib import Path

import numpy as np

_CHUNK_BYTES = 1 << 18
"""Small enough for the processor's cache."""

_COMMA, _QUOTE, _LINE_END = b',"\n'


def count_separators(path: Path) -> int:
    """Number of commas outside quotation marks; a doubled mark inside a quoted field has no effect."""
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


def count_separators_in(content: bytes) -> int:
    """The same for content in memory that starts outside quotation marks."""
    characters = np.frombuffer(content, dtype=np.uint8)
    return int(np.count_nonzero((characters == _COMMA) & ~_is_quoted(characters)))


def end_of_last_record(content: bytes) -> int:
    """Length of the content up to the last line end outside quotation marks; 0 if there is none."""
    characters = np.frombuffer(content, dtype=np.uint8)
    ends = np.flatnonzero((characters == _LINE_END) & ~_is_quoted(characters))
    return int(ends[-1]) + 1 if len(ends) else 0


def _is_quoted(characters: np.ndarray) -> np.ndarray:
    return np.bitwise_xor.accumulate(characters == _QUOTE)
