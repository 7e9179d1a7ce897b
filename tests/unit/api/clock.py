"""Time that passes when a test says so."""


class Clock:
    """Shows what it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Seconds since some moment."""
        return self.seconds
