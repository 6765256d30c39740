"""Small charts as SVG text: steps over time with dots, and the lineage of candidates.

Colours come from the page's style sheet by class, so that a chart follows its light or dark theme.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 760
_LEFT, _RIGHT, _TOP, _BOTTOM = 86, 16, 14, 34


@dataclass(frozen=True)
class Dot:
    """A point with a class for its colour and words to show when it is pointed at."""

    x: float
    y: float
    kind: str
    title: str


@dataclass(frozen=True)
class Node:
    """A candidate in the lineage: its number, status, parents' numbers, and words to show."""

    number: int
    status: str
    parents: tuple[int, ...]
    title: str


def steps_chart(
    steps: Sequence[tuple[float, float]],
    dots: Sequence[Dot],
    *,
    x_label: str,
    y_label: str,
    x_end: float = 0.0,
    height: int = 240,
) -> str:
    """Return a chart of a value that changes in steps, with single points around it.

    Parameters
    ----------
    steps
        (x, value from there on), x increasing; the last value is drawn to the right edge.
    dots
        Points beside the line.
    x_label, y_label
        What the axes show.
    x_end
        Where the axis ends at least.
    height
        In pixels; the width is `WIDTH`.
    """
    xs = [x for x, _ in steps] + [dot.x for dot in dots]
    ys = [y for _, y in steps] + [dot.y for dot in dots]
    if not xs:
        return '<p class="none">nothing was measured</p>'
    x_axis = _Axis(0.0, max([*xs, x_end]) or 1.0, _LEFT, WIDTH - _RIGHT)
    y_axis = _Axis(*_padded(min(ys), max(ys)), height - _BOTTOM, _TOP)
    parts = [f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img">']
    for value in _ticks(y_axis.low, y_axis.high):
        y = y_axis.place(value)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>')
    for value in _ticks(x_axis.low, x_axis.high):
        x = x_axis.place(value)
        place = f'x="{x:.1f}" y="{height - _BOTTOM + 16}"'
        parts.append(f'<text class="tick" {place} text-anchor="middle">{_short(value)}</text>')
    place = f'x="{WIDTH - _RIGHT}" y="{height - 4}"'
    parts.append(f'<text class="label" {place} text-anchor="end">{html.escape(x_label)}</text>')
    parts.append(f'<text class="label" x="4" y="{_TOP - 2}">{html.escape(y_label)}</text>')
    for dot in dots:
        place = f'cx="{x_axis.place(dot.x):.1f}" cy="{y_axis.place(dot.y):.1f}"'
        parts.append(f'<circle class="dot {dot.kind}" {place} r="4"><title>{html.escape(dot.title)}</title></circle>')
    if steps:
        parts.append(f'<path class="line" d="{_path(steps, x_axis, y_axis)}"/>')
    return "".join([*parts, "</svg>"])


def lineage_chart(nodes: Sequence[Node]) -> str:
    """Return who was made from whom: drafts in the top row, each descendant below its parent, time to the right."""
    if not nodes:
        return '<p class="none">there were no candidates</p>'
    depth: dict[int, int] = {}
    for node in sorted(nodes, key=lambda node: node.number):
        depth[node.number] = 1 + max((depth[parent] for parent in node.parents if parent in depth), default=-1)
    step = min(56.0, (WIDTH - 60) / max(1, len(nodes)))
    row = 44
    height = 40 + row * (1 + max(depth.values()))
    order = {node.number: index for index, node in enumerate(sorted(nodes, key=lambda node: node.number))}
    place = {n: (30 + step * order[n], 24 + row * depth[n]) for n in depth}
    parts = [f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img">']
    for node in nodes:
        x, y = place[node.number]
        for parent in node.parents:
            if parent in place:
                px, py = place[parent]
                half = (py + y) / 2
                curve = f"M{px:.1f},{py:.1f} C{px:.1f},{half:.1f} {x:.1f},{half:.1f} {x:.1f},{y:.1f}"
                parts.append(f'<path class="edge" d="{curve}"/>')
    for node in nodes:
        x, y = place[node.number]
        title = f"<title>{html.escape(node.title)}</title>"
        parts.append(f'<circle class="dot {node.status}" cx="{x:.1f}" cy="{y:.1f}" r="11">{title}</circle>')
        middle = f'x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle"'
        parts.append(f'<text class="number" {middle}>{node.number}{title}</text>')
    return "".join([*parts, "</svg>"])


def range_bar(value: float, low: float, high: float, *, log: bool, start: float) -> str:
    """Return a bar that shows where a value lies in its range, and where it started."""
    axis = _Axis(_scaled(low, log), _scaled(high, log), 4, 136)
    now, before = axis.place(_scaled(value, log)), axis.place(_scaled(start, log))
    return (
        '<svg class="bar" viewBox="0 0 140 14"><line class="grid" x1="4" x2="136" y1="7" y2="7"/>'
        f'<line class="start" x1="{before:.1f}" x2="{before:.1f}" y1="2" y2="12"/>'
        f'<circle class="dot better" cx="{now:.1f}" cy="7" r="4"/></svg>'
    )


def legend(kinds: Mapping[str, str]) -> str:
    """Return the colours of the dots with their meaning."""
    items = "".join(
        f'<span><svg viewBox="0 0 10 10"><circle class="dot {kind}" cx="5" cy="5" r="4"/></svg>'
        f"{html.escape(words)}</span>"
        for kind, words in kinds.items()
    )
    return f'<p class="legend">{items}</p>'


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        span = self.high - self.low
        return self.start + (self.end - self.start) * ((value - self.low) / span if span > 0 else 0.5)


def _padded(low: float, high: float) -> tuple[float, float]:
    margin = 0.08 * (high - low) or abs(high) * 0.01 or 1.0
    return low - margin, high + margin


def _ticks(low: float, high: float) -> list[float]:
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return [low]
    raw = span / 5
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
    first = math.ceil(low / step)
    return [step * k for k in range(first, first + 8) if step * k <= high]


def _short(value: float) -> str:
    if value == 0:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _scaled(value: float, log: bool) -> float:
    return math.log(value) if log and value > 0 else value


def _path(steps: Sequence[tuple[float, float]], x_axis: _Axis, y_axis: _Axis) -> str:
    points = [f"M{x_axis.place(steps[0][0]):.1f},{y_axis.place(steps[0][1]):.1f}"]
    for x, y in steps[1:]:
        points.append(f"H{x_axis.place(x):.1f} V{y_axis.place(y):.1f}")
    return " ".join([*points, f"H{x_axis.end:.1f}"])
