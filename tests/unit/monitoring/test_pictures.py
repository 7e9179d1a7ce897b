"""A dashboard's JSON is drawn with data, with gaps and without data; the committed pictures are small."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from monitoring.description.addresses import Links
from monitoring.description.dashboards import DASHBOARDS
from monitoring.description.panel import Dashboard, Kind, Panel, Query, Row
from scripts.monitoring.files import MONITORING
from scripts.monitoring.grafana import dashboard_json
from scripts.monitoring.pictures import Source, digest_of, draw_dashboard
from scripts.monitoring.units import formatted

PICTURES = MONITORING.parent / "docs" / "pictures"
MAXIMUM_BYTES = 300_000
KINDS: tuple[Kind, ...] = get_args(Kind)


class Recorded(Source):
    """Stands for a Prometheus that knows one series with a gap, or nothing."""

    def instant(self, expression: str) -> list[tuple[dict[str, str], float]]:
        return [({"le": "0.5"}, 0.7)] if expression == "known" else []

    def over_time(self, expression: str) -> list[tuple[dict[str, str], np.ndarray, np.ndarray]]:
        times = np.array([0.0, 1.0, 5.0, 6.0])
        return [({"le": "0.5"}, times, times + 1), ({"le": "1.0"}, times, times + 3)] if expression == "known" else []


@pytest.mark.parametrize("expression", ["known", "unknown"])
def test_every_kind_of_panel_is_drawn(expression: str, tmp_path: Path) -> None:
    panels = tuple(
        Panel(kind, "A panel.", (Query(expression, "{{le}}"),), "s", kind, limit=0.5, stacked=kind == "timeseries")
        for kind in KINDS
    )
    board = dashboard_json(Dashboard("a", "A", "All kinds.", (Row("All", panels),)), Links())
    draw_dashboard(board, Recorded("", 0.0, 10.0, 1.0, "10s"), tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width > 1_000 and len(picture.getcolors() or []) > 2


@pytest.mark.parametrize("board", DASHBOARDS, ids=lambda board: str(board.uid))
def test_a_dashboard_has_a_small_picture_of_its_present_state(board: Dashboard) -> None:
    path = PICTURES / f"dashboard_{board.uid}.png"
    assert path.stat().st_size <= MAXIMUM_BYTES
    with Image.open(path) as picture:
        drawn = picture.info["dashboard"]
    assert drawn == digest_of(dashboard_json(board, Links())), "draw it again: make dashboards-pictures"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0123, "s", "12.3 ms"),
        (7_200.0, "s", "2 h"),
        (0.0567, "percentunit", "5.67 %"),
        (3 * 2**20, "bytes", "3 MiB"),
        (2048.0, "Bps", "2 KiB/s"),
        (12.0, "reqps", "12 req/s"),
        (12_345.0, "short", "1.234e+04"),
        (float("nan"), "s", "no data"),
    ],
)
def test_values_have_their_unit(value: float, unit: str, text: str) -> None:
    assert formatted(value, unit) == text
