"""Durations in PromQL; a live test divides all of them, so that an alert of an hour can be watched."""

from dataclasses import dataclass
from typing import Final

SCRAPE_SECONDS: Final = 15.0
_SHORTEST_SCRAPE_SECONDS: Final = 1.0
_UNITS: Final = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


@dataclass(frozen=True)
class Durations:
    """Durations as Prometheus writes them, all divided by `speed`.

    Attributes:
        speed: 1 for production; 100 turns an hour into 36 seconds.
    """

    speed: float = 1.0

    @property
    def scrape_seconds(self) -> float:
        """Interval of scrapes and evaluations; at least a second, however fast."""
        return max(_SHORTEST_SCRAPE_SECONDS, SCRAPE_SECONDS / self.speed)

    @property
    def scrape(self) -> str:
        """Interval of scrapes and evaluations."""
        return _text(self.scrape_seconds)

    def of(self, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> str:
        """A duration: how long an alert is pending, how long notifications wait."""
        return _text(self.number(seconds, minutes, hours, days))

    def window(self, minutes: float = 0, hours: float = 0, days: float = 0) -> str:
        """A range of samples: at least four scrapes, with fewer of which a rate has gaps."""
        return _text(max(4 * self.scrape_seconds, self.number(0, minutes, hours, days)))

    def number(self, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> float:
        """A number of seconds, to compare with a measured duration."""
        return (seconds + 60 * minutes + 3_600 * hours + 86_400 * days) / self.speed


def _text(seconds: float) -> str:
    for unit, size in _UNITS:
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f}{unit}"
    return f"{max(1, round(1000 * seconds))}ms"
