"""What a dashboard is made of, independent of Grafana's format."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["timeseries", "stat", "bargauge", "heatmap", "state-timeline"]

WIDTH: Final = 24
"""Columns of Grafana's grid."""

# Matchers of every query on the service: what the reader chose at the top of the page.
CHOSEN: Final = 'job=~"$job", instance=~"$instance"'
# Of series that every job has: all jobs, which is the reader's first choice, would mean all targets.
CHOSEN_REPLICAS: Final = 'job="credit-api", instance=~"$instance"'
WINDOW: Final = "$__rate_interval"


@dataclass(frozen=True)
class Query:
    """One query.

    Attributes:
        legend: of its series, with labels as {{label}}.
    """

    expression: str
    legend: str


@dataclass(frozen=True)
class Panel:
    """One panel.

    Attributes:
        unit: of Grafana: s, percentunit, reqps, short, bytes, Bps, dateTimeAsIso.
        limit: value that colours the panel red; the alert's.
        is_floor: whether values below the limit are the bad ones.
        alert: the alert with this limit, whose section is linked.
        width, height: in cells of the grid.
        minimum, maximum: of the axis; None: chosen by the data.
        logarithmic: whether the axis is logarithmic.
        is_live: whether the stack without containers has the data; others are tested with recorded series only.
        stacked: whether series are drawn on top of each other.
        shows_name: whether the name of the series is shown instead of its value.
    """

    title: str
    description: str
    queries: tuple[Query, ...]
    unit: str
    kind: Kind = "timeseries"
    limit: float | None = None
    is_floor: bool = False
    alert: str = ""
    width: int = 12
    height: int = 8
    minimum: float | None = 0
    maximum: float | None = None
    logarithmic: bool = False
    is_live: bool = True
    stacked: bool = False
    shows_name: bool = False


@dataclass(frozen=True)
class Row:
    """Panels under a title, laid out from left to right."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Dashboard:
    """One dashboard.

    Attributes:
        uid: its address in Grafana, which never changes.
        series: metric whose labels job and instance the reader chooses from.
        reports: links to pages outside Grafana, by title.
    """

    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]
    series: str = "credit_requests_total"
    reports: tuple[tuple[str, str], ...] = ()
