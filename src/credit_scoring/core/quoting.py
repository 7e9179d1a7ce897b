"""How messages quote values and names that a user gave."""

from collections.abc import Sequence

SHOWN_CHARACTERS = 60
_SHOWN_NAMES = 5


def listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - _SHOWN_NAMES
    return ", ".join(names[:_SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")
