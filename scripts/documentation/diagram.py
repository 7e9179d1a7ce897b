"""Boxes in lanes with arrows between them, as SVG text: the same input gives the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT, GAP, LANE_HEIGHT, MARGIN, LABEL = 168, 58, 34, 104, 24, 120
COLOURS = ("#e8f0fe", "#e6f4ea", "#fef7e0", "#fce8e6", "#f3e8fd")


class Box(NamedTuple):
    """One box; lines of its text are separated by a line break."""

    name: str
    text: str


class Lane(NamedTuple):
    """A row of boxes, from left to right; None leaves a gap."""

    title: str
    boxes: Sequence[Box | None]


class Arrow(NamedTuple):
    """From one box to another, with a word at its middle."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True)
class _At:
    x: float
    y: float


def draw(title: str, lanes: Sequence[Lane], arrows: Sequence[Arrow]) -> str:
    """The picture.

    Raises:
        KeyError: an arrow names a box that does not exist.
    """
    columns = max(len(lane.boxes) for lane in lanes)
    width = LABEL + MARGIN + columns * (WIDTH + GAP)
    height = MARGIN * 2 + 28 + len(lanes) * LANE_HEIGHT
    at = {
        box.name: _At(LABEL + MARGIN + column * (WIDTH + GAP), MARGIN + 44 + row * LANE_HEIGHT)
        for row, lane in enumerate(lanes)
        for column, box in enumerate(lane.boxes)
        if box is not None
    }
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#444"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{MARGIN}" y="{MARGIN + 6}" font-size="16" font-weight="bold">{escape(title)}</text>',
    ]
    for row, lane in enumerate(lanes):
        top = MARGIN + 22 + row * LANE_HEIGHT
        colour = COLOURS[row % len(COLOURS)]
        parts.append(f'<rect x="8" y="{top}" width="{width - 16}" height="{LANE_HEIGHT - 6}" rx="8" fill="{colour}"/>')
        parts.append(f'<text x="20" y="{top + 54}" font-weight="bold">{escape(lane.title)}</text>')
        parts += [_box(box, at[box.name]) for box in lane.boxes if box is not None]
    parts += [_arrow(at[one.source], at[one.target], one.label) for one in arrows]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _box(box: Box, at: _At) -> str:
    lines = box.text.split("\n")
    first = at.y + HEIGHT / 2 - 7 * (len(lines) - 1) + 4
    weights = ["bold", *["normal"] * (len(lines) - 1)]
    text = "".join(
        f'<text x="{at.x + WIDTH / 2:g}" y="{first + 14 * index:g}" text-anchor="middle" font-weight="{weight}">'
        f"{escape(line)}</text>"
        for index, (line, weight) in enumerate(zip(lines, weights, strict=True))
    )
    frame = f'<rect x="{at.x:g}" y="{at.y:g}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="white" stroke="#5f6368"/>'
    return frame + text


def _arrow(source: _At, target: _At, label: str) -> str:
    if source.y == target.y:
        forward = target.x > source.x
        start = _At(source.x + (WIDTH if forward else 0), source.y + HEIGHT / 2)
        end = _At(target.x + (0 if forward else WIDTH), target.y + HEIGHT / 2)
    else:
        down = target.y > source.y
        start = _At(source.x + WIDTH / 2, source.y + (HEIGHT if down else 0))
        end = _At(target.x + WIDTH / 2, target.y + (0 if down else HEIGHT))
    middle = _At((start.x + end.x) / 2, (start.y + end.y) / 2)
    text = f'<text x="{middle.x:g}" y="{middle.y - 4:g}" text-anchor="middle" fill="#444">{escape(label)}</text>'
    line = (
        f'<line x1="{start.x:g}" y1="{start.y:g}" x2="{end.x:g}" y2="{end.y:g}" stroke="#444" marker-end="url(#tip)"/>'
    )
    return line + (text if label else "")
