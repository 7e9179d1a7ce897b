"""What a case is made of; times are minutes since the first sample, one sample a minute."""

from collections.abc import Mapping
from dataclasses import dataclass

Series = Mapping[str, str]
"""Values by series, in promtool's notation: `0+6x20` is 21 samples that grow by 6."""


@dataclass(frozen=True)
class Case:
    """Series, and when the alert fires.

    Attributes:
        fires_at: minutes at which it fires.
        silent_at: minutes at which it does not: before, while it is pending, and after it resolved.
    """

    alert: str
    title: str
    series: Series
    fires_at: tuple[int, ...] = ()
    silent_at: tuple[int, ...] = ()

    @property
    def resolves(self) -> bool:
        """Whether it is silent again after it fired."""
        return bool(self.fires_at and self.silent_at) and self.silent_at[-1] > self.fires_at[-1]


def episode(
    alert: str, series: Series, pending: int, firing: int, resolved: int, title: str = "fires and resolves"
) -> Case:
    """An alert that is still pending at a minute, fires at another and is silent again at a third."""
    return Case(alert, title, series, (firing,), (pending, resolved))


def below(alert: str, series: Series, *minutes: int, title: str = "is silent just below the limit") -> Case:
    """Series that never raise the alert."""
    return Case(alert, title, series, (), minutes)
