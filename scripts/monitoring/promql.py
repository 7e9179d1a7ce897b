"""Which series an expression of PromQL reads. promtool checks the syntax; it does not list the names."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_:][\w:]*|\$?\d?[\w.]+|\S')
_LABEL_LISTS: Final = {"by", "without", "on", "ignoring", "group_left", "group_right"}
_KEYWORDS: Final = _LABEL_LISTS | {"and", "or", "unless", "bool", "offset", "inf", "nan"}
_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}


class Selector(NamedTuple):
    """A metric with its label conditions as they are written, and whether a range of it is read."""

    metric: str
    matchers: str
    is_range: bool


def selectors(expression: str) -> Iterator[Selector]:
    """Every series selector of an expression."""
    tokens = _TOKEN.findall(expression)
    position = 0
    while position < len(tokens):
        token, following = tokens[position], [*tokens[position + 1 : position + 2], ""][0]
        position += 1
        if token in _LABEL_LISTS and following == "(" or token == "[":
            position = _end(tokens, position if token != "[" else position - 1)
        elif not re.match(r"[A-Za-z_:]", token) or token.lower() in _KEYWORDS or following in {"(", "by", "without"}:
            continue
        else:
            matchers = ""
            if following == "{":
                end = _end(tokens, position)
                matchers, position = "".join(tokens[position + 1 : end - 1]), end
            yield Selector(token, matchers, tokens[position : position + 1] == ["["])


def _end(tokens: list[str], opening: int) -> int:
    """Position after the bracket that closes the one at a position."""
    return tokens.index(_CLOSING[tokens[opening]], opening) + 1
