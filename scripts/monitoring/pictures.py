"""Draws a dashboard's JSON with the data of a live Prometheus, for the documentation: Grafana is not needed."""

import hashlib
import json
import urllib.parse
import urllib.request
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from scripts.monitoring.units import formatted

_COLUMNS: Final = 24
_COLUMN_INCHES, _ROW_INCHES, _DPI = 0.62, 0.36, 90
_MARGIN_INCHES: Final = 0.75
_FOOT_INCHES: Final = 0.35
_LEGEND_ENTRIES: Final = 9
_RED, _GREEN, _GREY = "#c4162a", "#37872d", "#6e6e6e"
_LABEL: Final = "Rendered from the dashboard's JSON against a live Prometheus; not a screenshot of Grafana"


@dataclass(frozen=True)
class Source:
    """A Prometheus, and the period that is drawn.

    Attributes:
        start, end: Unix times.
        rate_interval: what Grafana would choose for $__rate_interval.
    """

    url: str
    start: float
    end: float
    step_seconds: float
    rate_interval: str

    def instant(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """Labels and value of every series at the end of the period."""
        found = self._get("query", expression, time=self.end)
        return [(series["metric"], float(series["value"][1])) for series in found]

    def over_time(self, expression: str) -> list[tuple[dict[str, str], np.ndarray, np.ndarray]]:
        """Labels, times since the start and values of every series."""
        found = self._get("query_range", expression, start=self.start, end=self.end, step=self.step_seconds)
        columns = [(series["metric"], np.array(series["values"], dtype=float)) for series in found]
        return [(labels, values[:, 0] - self.start, values[:, 1]) for labels, values in columns]

    def _get(self, kind: str, expression: str, **parameters: float) -> list[dict[str, Any]]:
        for variable, value in {
            "$__rate_interval": self.rate_interval,
            "$__range": f"{self.end - self.start:.0f}s",
            "$job": ".+",
            "$instance": ".+",
        }.items():
            expression = expression.replace(variable, value)
        query = urllib.parse.urlencode({"query": expression, **parameters})
        with urllib.request.urlopen(f"{self.url}/api/v1/{kind}?{query}", timeout=30) as answer:  # nosec B310
            result: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        return result


def draw_dashboard(board: dict[str, Any], source: Source, path: Path) -> None:
    """Draw every panel where the dashboard has it, and write a PNG."""
    matplotlib.use("agg")
    rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in board["panels"])
    height = rows * _ROW_INCHES + _MARGIN_INCHES + _FOOT_INCHES
    figure = Figure(figsize=(_COLUMNS * _COLUMN_INCHES, height), dpi=_DPI, facecolor="white")
    figure.text(0.01, 1 - 0.3 / height, board["title"], fontsize=15, weight="bold")
    figure.text(0.99, 1 - 0.3 / height, _LABEL, fontsize=9, color=_GREY, ha="right")
    for panel in board["panels"]:
        grid = panel["gridPos"]
        bottom = 1 - (_MARGIN_INCHES + (grid["y"] + grid["h"]) * _ROW_INCHES) / height
        if panel["type"] == "row":
            figure.text(0.01, bottom + 0.08 / height, panel["title"], fontsize=12, color=_GREY)
            continue
        inset = 0.55 if panel["type"] in ("timeseries", "heatmap", "state-timeline") else 0.25
        axes = figure.add_axes(
            (
                (grid["x"] + 1.3) / _COLUMNS,
                bottom + inset / height,
                (grid["w"] - 1.7) / _COLUMNS,
                (grid["h"] * _ROW_INCHES - inset - 0.4) / height,
            )
        )
        axes.set_title(panel["title"], loc="left", fontsize=10)
        _DRAWN_BY[panel["type"]](axes, panel, source)
    picture = BytesIO()
    figure.savefig(picture, format="png")
    # Few colours are used; a palette makes the file a third as large.
    information = PngInfo()
    information.add_text("dashboard", digest_of(board))
    Image.open(picture).convert("RGB").quantize(128).save(path, optimize=True, pnginfo=information)


def digest_of(board: dict[str, Any]) -> str:
    """What a picture carries, so that one of an older dashboard is noticed."""
    return hashlib.sha256(json.dumps(board, sort_keys=True).encode()).hexdigest()[:16]


def _unit(panel: dict[str, Any]) -> str:
    return str(panel["fieldConfig"]["defaults"]["unit"])


def _colour(panel: dict[str, Any], value: float) -> str:
    steps = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    reached = [step["color"] for step in steps if step["value"] is None or value >= step["value"]]
    return _RED if reached[-1] == "red" else _GREEN


def _legend(template: str, labels: dict[str, str]) -> str:
    for name, value in labels.items():
        template = template.replace(f"{{{{{name}}}}}", value)
    return template


def _with_gaps(times: np.ndarray, values: np.ndarray, step_seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """The same series with NaN where it had no samples, so that no line crosses the gap."""
    gaps = np.flatnonzero(np.diff(times) > 1.5 * step_seconds) + 1
    return np.insert(times, gaps, times[gaps - 1] + step_seconds), np.insert(values, gaps, np.nan)


def _draw_lines(axes: Axes, panel: dict[str, Any], source: Source) -> None:
    defaults = panel["fieldConfig"]["defaults"]
    stacked = defaults["custom"]["stacking"]["mode"] == "normal"
    below: dict[float, float] = {}
    for target in panel["targets"]:
        for labels, times, values in source.over_time(target["expr"]):
            legend = _legend(target["legendFormat"], labels) if np.nan_to_num(values).any() else None
            times, values = _with_gaps(times, values, source.step_seconds)
            if stacked:
                base = np.array([below.get(time, 0.0) for time in times])
                values = base + values
                below.update((time, value) for time, value in zip(times, values, strict=True) if not np.isnan(value))
                axes.fill_between(times, base, values, alpha=0.3)
            axes.plot(times, values, linewidth=1.4, label=legend)
    for step in defaults["thresholds"]["steps"][1:]:
        axes.axhline(step["value"], color=_RED, linestyle="--", linewidth=1)
    axes.set_xlim(0, source.end - source.start)
    if "scaleDistribution" in defaults["custom"]:
        axes.set_yscale("log")
    # A line at the end of an axis would be cut in half.
    margin = 0.03 * (defaults["max"] - defaults["min"]) if "max" in defaults else 0.0
    axes.set_ylim(bottom=defaults["min"] - margin if "min" in defaults else None)
    axes.set_ylim(top=defaults["max"] + margin if "max" in defaults else None)
    axes.yaxis.set_major_formatter(lambda value, _: formatted(value, _unit(panel)))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f} s")
    axes.tick_params(labelsize=8)
    axes.grid(alpha=0.25)
    if any(np.isfinite(line.get_ydata()).any() for line in axes.lines):
        handles, names = axes.get_legend_handles_labels()
        handles, names = handles[:_LEGEND_ENTRIES], names[:_LEGEND_ENTRIES]
        small = len(names) > 4
        axes.legend(
            handles,
            names,
            fontsize=5.5 if small else 7,
            ncols=5 if small else 4,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.1),
            frameon=False,
        )
    else:
        _say(axes, "no data in this period")


def _draw_states(axes: Axes, panel: dict[str, Any], source: Source) -> None:
    (target,) = panel["targets"]
    found = sorted(source.over_time(target["expr"]), key=lambda series: -series[1][0])
    names = [_legend(target["legendFormat"], labels) for labels, _, _ in found]
    for row, (_, times, _) in enumerate(found):
        axes.broken_barh([(time, source.step_seconds) for time in times], (row + 0.1, 0.8), facecolors=_RED)
    axes.set_yticks(np.arange(len(names)) + 0.5, [])
    for row, name in enumerate(names):
        axes.text(0, row + 0.5, f" {name}", fontsize=7, va="center", bbox={"facecolor": "white", "pad": 1, "lw": 0})
    axes.set_xlim(0, source.end - source.start)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f} s")
    axes.tick_params(axis="x", labelsize=8)
    if not found:
        _say(axes, "none")


def _draw_heatmap(axes: Axes, panel: dict[str, Any], source: Source) -> None:
    buckets = [(float(labels["le"]), values) for labels, _, values in source.over_time(panel["targets"][0]["expr"])]
    buckets = sorted((bucket for bucket in buckets if np.isfinite(bucket[0])), key=lambda bucket: bucket[0])
    if not buckets:
        _say(axes, "no data in this period")
        return
    length = min(len(values) for _, values in buckets)
    counts = np.diff(np.vstack([np.zeros(length), *(values[-length:] for _, values in buckets)]), axis=0)
    axes.imshow(
        counts, aspect="auto", origin="lower", cmap="Oranges", extent=(0, source.end - source.start, 0, len(counts))
    )
    axes.set_yticks(np.arange(len(buckets)) + 1, [formatted(edge, _unit(panel)) for edge, _ in buckets], fontsize=6)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f} s")
    axes.tick_params(axis="x", labelsize=8)


def _draw_stat(axes: Axes, panel: dict[str, Any], source: Source) -> None:
    axes.set_axis_off()
    found = [one for target in panel["targets"] for one in source.instant(target["expr"])]
    for labels, value in found[:1]:
        text, colour = formatted(value, _unit(panel)), _colour(panel, value)
        if panel["options"]["textMode"] == "name":
            text, colour = _legend(panel["targets"][0]["legendFormat"], labels), "black"
        axes.text(0.5, 0.5, text, fontsize=24, ha="center", va="center", color=colour)
    if not found:
        _say(axes, "no data")


def _draw_bars(axes: Axes, panel: dict[str, Any], source: Source) -> None:
    target = panel["targets"][0]
    found = sorted(source.instant(target["expr"]), key=lambda series: series[1])
    if not found:
        _say(axes, "no data")
        return
    names = [_legend(target["legendFormat"], labels) for labels, _ in found]
    values = [value for _, value in found]
    bars = axes.barh(range(len(values)), values, color=[_colour(panel, value) for value in values], height=0.6)
    axes.bar_label(bars, [formatted(value, _unit(panel)) for value in values], fontsize=8, padding=3)
    # Names are long: they stand above their bars, as in Grafana.
    axes.set_yticks([])
    for position, name in enumerate(names):
        axes.text(0, position + 0.32, f" {name}", fontsize=7, va="bottom")
    axes.set_xlim(0, 1.2 * max(*values, 1e-9))
    axes.set_ylim(-0.5, len(values))
    axes.set_xticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)


def _say(axes: Axes, text: str) -> None:
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=_GREY, fontsize=9)


_DRAWN_BY: Final = {
    "timeseries": _draw_lines,
    "heatmap": _draw_heatmap,
    "state-timeline": _draw_states,
    "stat": _draw_stat,
    "bargauge": _draw_bars,
}
