"""Field separators and record ends of CSV content, with quotation marks taken into account."""

from typing import BinaryIO

import numpy as np

_CHUNK_BYTES = 1 << 18
"""Small enough for the processor's cache."""

_COMMA, _QUOTE, _LINE_END = b',"\n'


def count_separators(stream: BinaryIO) -> int:
    """Number of commas outside quotation marks; a doubled mark inside a quoted field has no effect."""
    separators, quoted = 0, False
    while chunk := stream.read(_CHUNK_BYTES):
        characters = np.frombuffer(chunk, dtype=np.uint8)
        is_comma, is_quote = characters == _COMMA, characters == _QUOTE
        quotes = int(np.count_nonzero(is_quote))
        if quotes or quoted:
            is_comma &= np.bitwise_xor.accumulate(is_quote) == quoted
        separators += int(np.count_nonzero(is_comma))
        quoted ^= quotes % 2 == 1
    return separators


def end_of_last_record(content: bytes) -> int:
    """Length of the content up to the last line end outside quotation marks; 0 if there is none."""
    characters = np.frombuffer(content, dtype=np.uint8)
    is_quoted = np.bitwise_xor.accumulate(characters == _QUOTE)
    ends = np.flatnonzero((characters == _LINE_END) & ~is_quoted)
    return int(ends[-1]) + 1 if len(ends) else 0
