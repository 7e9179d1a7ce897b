"""Times in results of the command line."""

from datetime import UTC, datetime


def as_datetime(text: str) -> datetime:
    """A time in ISO 8601; without offset it is UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
