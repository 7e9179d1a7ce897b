"""A clock that tests set."""


class Clock:
    """Returns the time that was set."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Seconds since an arbitrary start."""
        return self.seconds
