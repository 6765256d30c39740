"""The page of a benchmark: where each stored solver stands, with what is sure of it and what is estimated."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources

from ale_agent.leaderboard.benchmark import Standing

_WIDTH, _LEFT, _RIGHT, _ROW = 860, 150, 24, 26
_LOWEST, _HIGHEST = 0.0, 3600.0
_STYLE = "main{max-width:1240px}small{color:var(--dim)}td{white-space:nowrap}"
# Where the colours of the contest site's ratings change.
_BANDS = (
    (0, "808080"), (400, "804000"), (800, "008000"), (1200, "00a0b0"), (1600, "2050e0"), (2000, "b0a000"),
    (2400, "e08000"), (2800, "e03030"),
)  # fmt: skip


@dataclass(frozen=True)
class Overview:
    """What stands above the table: cards of a value with its name and a remark, and notes below."""

    cards: Sequence[tuple[str, str, str]]
    notes: Sequence[str]


def render_standings(standings: Sequence[Standing], overview: Overview) -> str:
    """Return one self-contained HTML page."""
    style = (resources.files("ale_agent.report") / "assets" / "report.css").read_text(encoding="utf-8")
    cards = "".join(
        f"<div><b>{html.escape(value)}</b><span>{html.escape(name)}</span><i>{html.escape(more)}</i></div>"
        for value, name, more in overview.cards
    )
    notes = "".join(f'<p class="note">{html.escape(note)}</p>' for note in overview.notes)
    placed = [standing for standing in standings if standing.performance is not None]
    chart = f"<h2>Performance</h2>{_chart(placed)}" if placed else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>ale-agent bench</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}{_STYLE}</style></head>'
        "<body><main><h1>Stored solvers on their leaderboards</h1>"
        '<p class="sub">estimated: means over other cases than the judge’s, on thinned tables</p>'
        f'<div class="cards">{cards}</div>{chart}<h2>Case by case, summed up</h2>{_table(standings)}{notes}'
        "</main></body></html>\n"
    )


def _chart(standings: Sequence[Standing]) -> str:
    """Return performances as dots on their intervals, over the site's colours."""
    ordered = sorted(standings, key=lambda standing: -(standing.performance or 0.0))
    height = _ROW * len(ordered) + 34
    parts = [f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="performance by problem">']
    ends = [*(float(begin) for begin, _ in _BANDS[1:]), _HIGHEST]
    for (begin, colour), end in zip(_BANDS, ends, strict=True):
        parts.append(
            f'<rect x="{_x(begin):.1f}" y="0" width="{_x(end) - _x(begin):.1f}" height="{height - 26}" fill="#{colour}"'
            ' opacity=".13"/>'
        )
        parts.append(f'<text class="tick" x="{_x(begin):.1f}" y="{height - 8}" text-anchor="middle">{begin}</text>')
    for row, standing in enumerate(ordered):
        y = _ROW * row + _ROW / 2 + 4
        value = standing.performance or 0.0
        low, high = standing.performance_low, standing.performance_high
        parts.append(
            f'<text class="label" x="{_LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">{html.escape(standing.problem)}'
        )
        parts.append(f"<title>{html.escape(standing.solver)}</title></text>")
        if low is not None and high is not None:
            parts.append(
                f'<path class="line" d="M{_x(low):.1f} {y:.1f}H{_x(high):.1f}" opacity=".45" stroke-width="7"/>'
            )
        parts.append(f'<circle cx="{_x(value):.1f}" cy="{y:.1f}" r="5" fill="var(--accent)"/>')
        side = (_x(high if high is not None else value) + 8, "start")
        if side[0] > _WIDTH - 60:
            side = (_x(low if low is not None else value) - 8, "end")
        parts.append(
            f'<text class="label" x="{side[0]:.1f}" y="{y + 4:.1f}" text-anchor="{side[1]}">{value:.0f}</text>'
        )
    return "".join([*parts, "</svg>"])


def _x(performance: float) -> float:
    share = (min(max(performance, _LOWEST), _HIGHEST) - _LOWEST) / (_HIGHEST - _LOWEST)
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _table(standings: Sequence[Standing]) -> str:
    heads = (
        "problem", "solver", "cases", "failed", "mean score a case", "contest score", "rank", "percentile", "performance",
        "gap to best known", "seconds a case", "slowest",
    )  # fmt: skip
    head = "".join(f"<th>{name}</th>" for name in heads)
    return f'<div class="wide"><table><tr>{head}</tr>{"".join(map(_row, standings))}</table></div>'


def _row(standing: Standing) -> str:
    rank = _value(standing.rank, ".0f") + (f" of {standing.entrants:,}" if standing.entrants else "")
    cells = [
        _two(standing.problem),
        _two(standing.solver),
        _two(str(standing.cases)),
        _two(str(standing.failed), kind="failed" if standing.failed else ""),
        _two(compact(standing.mean), _between(standing.mean_low, standing.mean_high, compact)),
        _two(compact(standing.contest_score)),
        _two(rank, _between(standing.rank_best, standing.rank_worst, _whole)),
        _two(_value(standing.percentile, ".1f")),
        _two(
            _value(standing.performance, ".0f"),
            _between(standing.performance_low, standing.performance_high, _whole),
        ),
        _two("" if standing.gap is None else f"{standing.gap:.3f} %"),
        _two(f"{standing.mean_seconds:.2f}"),
        _two(f"{100 * standing.slowest_share:.0f} % of the limit"),
    ]
    return f'<tr title="{html.escape(standing.estimated)}">{"".join(cells)}</tr>'


def _two(text: str, below: str = "", kind: str = "") -> str:
    more = f"<br/><small>{html.escape(below)}</small>" if below else ""
    return f'<td class="{kind}">{html.escape(text)}{more}</td>' if kind else f"<td>{html.escape(text)}{more}</td>"


def _between(low: float | None, high: float | None, show: Callable[[float | None], str]) -> str:
    return "" if low is None or high is None else f"{show(low)} – {show(high)}"


def _whole(value: float | None) -> str:
    return _value(value, ".0f")


def _value(value: float | None, style: str) -> str:
    return "" if value is None else format(value, style)


def compact(value: float | None) -> str:
    """Return a score in five digits or so, large ones in millions and billions."""
    if value is None:
        return ""
    for unit, name in ((1e12, " T"), (1e9, " G"), (1e6, " M")):
        if abs(value) >= unit * 10:
            return f"{value / unit:,.2f}{name}"
    return f"{value:,.1f}"
