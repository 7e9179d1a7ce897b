"""Service-level objectives: how much of the time, or of the requests, may fail, and at which rate that budget burns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from monitoring.description import limits
from monitoring.description.durations import Durations
from monitoring.description.measures import API, DECIDING, PROBE_OF_THE_SERVICE, share_of_status, waiting_decisions

PERIOD_DAYS: Final = 30


@dataclass(frozen=True)
class Objective:
    """One objective.

    Attributes:
        name: label `slo` of its series.
        target: share of good events over 30 days.
        error_ratio: query of the share of bad events in a window.
        burns: whether burn rates alert; an objective whose violations alert at once needs none.
    """

    name: str
    title: str
    target: float
    error_ratio: Callable[[str, Durations], str]
    burns: bool = True


@dataclass(frozen=True)
class BurnRate:
    """An alert condition: the budget burns `factor` times too fast in both windows, given in hours."""

    factor: float
    long_hours: float
    short_hours: float


# A page at 2 % of the budget in an hour or 5 % in six, a ticket at 10 % in three days (Google SRE workbook, chapter 5).
PAGES: Final = (BurnRate(14.4, 1, 1 / 12), BurnRate(6, 6, 0.5))
TICKETS: Final = (BurnRate(1, 72, 6),)
WINDOWS_HOURS: Final = tuple(sorted({w for rate in (*PAGES, *TICKETS) for w in (rate.long_hours, rate.short_hours)}))


def window_name(hours: float) -> str:
    """A window in the name of a series, which stays the same however fast the test runs."""
    return Durations().of(hours=hours)


def _failed_requests(window: str, durations: Durations) -> str:
    # The larger of both: callers of a service that is down are not counted by it, but probes fail.
    failed = share_of_status("5..", window, f"{API}, {DECIDING}")
    unreachable = f"1 - avg_over_time({PROBE_OF_THE_SERVICE}[{window}])"
    return f"(({failed}) > max ({unreachable})) or max ({unreachable}) or ({failed})"


def _slow_requests(window: str, durations: Durations) -> str:
    within = (
        f'credit_request_duration_seconds_bucket{{{API}, path="/predict", le="{limits.LATENCY_OBJECTIVE_SECONDS}"}}'
    )
    all_requests = f'credit_request_duration_seconds_count{{{API}, path="/predict"}}'
    return f"1 - sum (rate({within}[{window}])) / sum (rate({all_requests}[{window}]))"


def _time_with_old_decisions_in_the_spool(window: str, durations: Durations) -> str:
    return f"{waiting_decisions(durations.window(minutes=limits.SPOOL_MINUTES))} > bool 0"


OBJECTIVES: Final = (
    Objective("availability", "Decisions without a server error", limits.AVAILABILITY, _failed_requests),
    Objective("latency", "Decisions within 200 ms", limits.LATENCY_SHARE, _slow_requests),
    Objective(
        "durability",
        "Time without a decision that waits more than 5 minutes for the ledger",
        0.999,
        _time_with_old_decisions_in_the_spool,
        burns=False,
    ),
)
