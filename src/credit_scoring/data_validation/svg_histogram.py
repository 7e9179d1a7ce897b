"""Histograms and null maps for the quality report, as inline SVG."""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from credit_scoring.data_validation.report import ColumnReport, Distribution

WIDTH = 144
HEIGHT = 32
MAX_GAP = 1.0


def histogram(column: ColumnReport) -> Markup:
    """A bar for each share, and a line for the previous version if there is one."""
    shares, before = column.distribution.shares, column.previous.shares if column.previous else ()
    highest = max((*shares, *before), default=0.0)
    if not highest:
        return Markup("")
    slot = WIDTH / max(len(shares), len(before))
    bar = slot - min(MAX_GAP, slot / 6)
    bars = "".join(
        f"M{position * slot:.1f} {HEIGHT}v{-share / highest * HEIGHT:.1f}h{bar:.1f}V{HEIGHT}z"
        for position, share in enumerate(shares)
        if share
    )
    return Markup(
        '<svg class="histogram" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path d="{}"/>{}</svg>'
    ).format(WIDTH, HEIGHT, f"Distribution of {column.name}", bars, _outline(before, slot, highest))


def null_map(columns: Sequence[ColumnReport]) -> Markup:
    """Sampled rows by columns, dark where a value is null; rows with the most nulls on top."""
    height = len(columns[0].null_map)
    nulls_by_row = [sum(column.null_map[row] == "1" for column in columns) for row in range(height)]
    order = sorted(range(height), key=lambda row: -nulls_by_row[row])
    drawn = [
        Markup('<path d="{}"><title>{}: {} null</title></path>').format(
            _runs(position, [column.null_map[row] == "1" for row in order]), column.name, f"{column.null_share:.1%}"
        )
        for position, column in enumerate(columns)
    ]
    return Markup(
        '<svg class="null-map" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="Null map">'
        "{}</svg>"
    ).format(len(columns), height, Markup("").join(drawn))


def highest_null_shares(columns: Sequence[ColumnReport]) -> str:
    """The columns with the most nulls, as text; empty if there are no nulls."""
    ranked = sorted((column for column in columns if column.null_share), key=lambda column: -column.null_share)
    return ", ".join(f"{column.name} {column.null_share:.0%}" for column in ranked[:3])


def summary(distribution: Distribution) -> str:
    """The distribution as text: minimum, quartiles and maximum, or the most frequent categories."""
    if distribution.categories:
        ranked = sorted(zip(distribution.shares, distribution.categories, strict=True), reverse=True)
        return ", ".join(f"{category} {share:.0%}" for share, category in ranked[:3])
    return " · ".join(map(short, distribution.quartiles))


def short(number: float) -> str:
    """A number with about four digits."""
    return f"{number:,.0f}" if abs(number) >= 1_000 or number.is_integer() else f"{number:.4g}"


def _outline(shares: Sequence[float], slot: float, highest: float) -> Markup:
    if not shares:
        return Markup("")
    steps = "".join(f"V{HEIGHT - share / highest * HEIGHT:.1f}h{slot:.1f}" for share in shares)
    return Markup('<path class="previous" d="M0 {}{}V{}"/>').format(HEIGHT, steps, HEIGHT)


def _runs(position: int, nulls: Sequence[bool]) -> str:
    """One column of the null map, a rectangle for each run of nulls."""
    drawn, row = [], 0
    for null, run in groupby(nulls):
        length = len(list(run))
        if null:
            drawn.append(f"M{position} {row}h1v{length}h-1z")
        row += length
    return "".join(drawn)
