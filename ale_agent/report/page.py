"""Writes an attempt's report: one HTML file that needs nothing else, neither scripts nor a network."""

from __future__ import annotations

import base64
import html
from importlib import resources
from pathlib import Path

from ale_agent.attempt.handover import write_whole
from ale_agent.attempt.recipe import MODEL_JUDGE_WARNING
from ale_agent.problem import case_name
from ale_agent.program import bake
from ale_agent.report import chart
from ale_agent.report.models import insights_section, models_section
from ale_agent.report.story import Story, read_story
from ale_agent.search.archive import Candidate

FILE_NAME = "report.html"

_STATUS_WORDS = {
    "first": "the first valid one",
    "better": "better beyond chance",
    "not_shown": "not shown to be better",
    "given_up": "given up",
    "failed": "failed",
    "new": "not raced",
}


def write_report(folder: Path) -> Path:
    """Write ``report.html`` into an attempt's folder from its journal and return its path.

    Raises
    ------
    StoreError
        There is no journal, or the file cannot be written.
    """
    path = folder / FILE_NAME
    write_whole(path, render(read_story(folder)))
    return path


def render(story: Story) -> str:
    """Return the page's text."""
    style = (resources.files("ale_agent.report") / "assets" / "report.css").read_text(encoding="utf-8")
    title = f"{story.meta.get('problem', 'attempt')} — {story.meta.get('attempt', '')}"
    sections = [
        _head(story),
        _section("Score over time", _score_chart(story)),
        _section("One answer", _picture(story)),
        _section("Lineage", chart.lineage_chart(_nodes(story)) + chart.legend(_STATUS_WORDS)),
        _section("What was tried, and what it did", _candidates(story) + _components(story)),
        _section("Models", models_section(story)),
        _section("What models say was learned", insights_section(story)),
        _section("Constants", _parameters(story) + _studies(story)),
        _section("Fresh cases, case by case", _cases(story)),
        _section("Recalled from memory", _recalled(story)),
        _section("The solver", _solver(story)),
    ]
    body = "".join(section for section in sections if section)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head>'
        f"<body><main>{body}</main></body></html>\n"
    )


def _section(title: str, content: str) -> str:
    return f"<section><h2>{html.escape(title)}</h2>{content}</section>" if content else ""


def _head(story: Story) -> str:
    begin, end = story.last("begin"), story.end
    facts = [
        ("mean score, fresh cases", _number(end.get("mean_score")), _between(end.get("interval"))),
        ("fresh cases", _number(end.get("confirm_cases")), f"{end.get('confirm_failed', 0)} failed"),
        ("mean score, searched-on cases", _number(end.get("search_mean")),
         f"at {begin.get('search_limit', '?')} s a run; not the same cases, not the same time"),
        ("optimism of the search", *_optimism(story)),
        ("candidates", str(len(story.candidates)), f"{story.runs} runs, {len(story.trials)} trials"),
        ("time used", f"{end.get('spend', {}).get('seconds', 0):.0f} s", f"of {_number(begin.get('seconds'))} s"),
    ]  # fmt: skip
    cards = "".join(
        f"<div><b>{html.escape(value)}</b><span>{html.escape(name)}</span><i>{html.escape(more)}</i></div>"
        for name, value, more in facts
    )
    problem = html.escape(str(begin.get("title", story.meta.get("problem", ""))))
    what = "no candidate gave a valid answer" if story.winner is None else story.winner.proposal.idea
    warning = ""
    if begin.get("judge") == "written by a model":
        warning = f'<p class="warning">{html.escape(MODEL_JUDGE_WARNING)}</p>'
    return f'<h1>{problem}</h1><p class="sub">{html.escape(what)}</p>{warning}<div class="cards">{cards}</div>'


def _optimism(story: Story) -> tuple[str, str]:
    """Return how far the searched-on cases flatter the winner, and what that rests on."""
    found = story.meta.get("optimism")
    if not isinstance(found, dict):
        return "–", "not measured: too little time, or too few answered cases"
    share = f" ({100 * found['gap'] / abs(found['fresh_mean']):+.2f} %)" if found["fresh_mean"] else ""
    return (
        f"{_number(found['gap'])}{share}",
        f"95 %: {_number(found['low'])} .. {_number(found['high'])}; {found['search_cases']} searched-on less "
        f"{found['fresh_cases']} fresh cases, same time a run",
    )


def _score_chart(story: Story) -> str:
    steps = [(at, event["mean_score"]) for at, event in story.incumbents if event.get("mean_score") is not None]
    cases = story.incumbents[0][1].get("cases", 0) if story.incumbents else 0
    note = f'<p class="note">Mean score of the incumbent on the same {cases} search cases.</p>' if steps else ""
    last = max((at for at, _, _ in story.events), default=0.0)
    return chart.steps_chart(steps, [], x_label="seconds", y_label="mean score", x_end=last) + note


def _picture(story: Story) -> str:
    answer = story.meta.get("answer")
    if not answer or not answer.get("picture"):
        return ""
    data = base64.b64encode(answer["picture"].encode()).decode()
    words = f"case {case_name(answer['seed'])}, score {_number(answer['score'])}"
    return (
        f'<figure><img alt="{words}" src="data:image/svg+xml;base64,{data}"><figcaption>{words}</figcaption></figure>'
    )


def _nodes(story: Story) -> list[chart.Node]:
    number = {candidate.id: candidate.number for candidate in story.candidates}
    return [
        chart.Node(
            candidate.number,
            candidate.status,
            tuple(number[parent] for parent in candidate.proposal.parents if parent in number),
            f"{candidate.number}: {candidate.proposal.idea} ({_STATUS_WORDS[candidate.status]})",
        )
        for candidate in story.candidates
    ]


def _candidates(story: Story) -> str:
    number = {candidate.id: str(candidate.number) for candidate in story.candidates}
    rows = []
    for candidate in story.candidates:
        mark = "winner" if story.winner is not None and candidate.id == story.winner.id else ""
        cells = [
            str(candidate.number),
            candidate.proposal.kind,
            candidate.proposal.idea,
            ", ".join(number.get(parent, "?") for parent in candidate.proposal.parents),
            _STATUS_WORDS[candidate.status],
            _gain(candidate),
            str(candidate.cases or ""),
            number.get(candidate.against or "", ""),
        ]
        rows.append(
            f'<tr class="{candidate.status} {mark}">' + "".join(f"<td>{html.escape(c)}</td>" for c in cells) + "</tr>"
        )
    return _table(("#", "move", "idea", "from", "verdict", "gain (95 %)", "cases", "against"), "".join(rows))


def _components(story: Story) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(slot)}</td><td>{html.escape(what)}</td><td>{_percent(gain)}</td><td>{count}</td></tr>"
        for slot, what, gain, count in story.component_gains()
    )
    return _table(("slot", "change", "mean gain", "times"), rows) if rows else ""


def _parameters(story: Story) -> str:
    if story.winner is None:
        return ""
    chosen = dict(story.winner.values)
    rows = []
    for parameter in story.winner.program.parameters:
        value = chosen.get(parameter.name, parameter.default)
        bar, between = "", ", ".join(map(str, parameter.choices or ()))
        low, high = parameter.low, parameter.high
        if low is not None and high is not None:
            between = f"{_number(low)} .. {_number(high)}"
            if not isinstance(value, str) and not isinstance(parameter.default, str):
                bar = chart.range_bar(value, low, high, log=parameter.log, start=parameter.default)
        cells = (parameter.name, _number(value), _number(parameter.default), between)
        rows.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + f"<td>{bar}</td></tr>")
    return _table(("parameter", "value", "began as", "range", ""), "".join(rows)) if rows else ""


def _studies(story: Story) -> str:
    parts = []
    for study in dict.fromkeys(trial[0] for trial in story.trials):
        trials = [
            (number, gain, cases) for name, number, _, gain, cases in story.trials if name == study and gain is not None
        ]
        whole = max((cases for _, _, cases in trials), default=0)
        best: list[tuple[float, float]] = []
        for number, gain, cases in trials:
            if cases == whole and (not best or gain > best[-1][1]):
                best.append((number, gain))
        dots = [
            chart.Dot(
                number,
                max(gain, -0.5),
                "not_shown" if cases == whole else "given_up",
                f"trial {number}: {gain:+.4f} on {cases} cases",
            )
            for number, gain, cases in trials
        ]
        parts.append(
            chart.steps_chart(best, dots, x_label="trial", y_label="mean gain over the start, log-ratio", height=200)
            + chart.legend({"not_shown": "ran all cases", "given_up": "pruned"})
        )
    return "".join(parts)


def _cases(story: Story) -> str:
    if not story.confirmed:
        return ""
    number = {candidate.id: candidate.number for candidate in story.candidates}
    seeds = sorted({result.seed for results in story.confirmed.values() for result in results})
    by_case = {id_: {result.seed: result for result in results} for id_, results in story.confirmed.items()}
    rows = []
    for seed in seeds:
        cells = [f"<td>{case_name(seed)}</td>"]
        for id_ in story.confirmed:
            result = by_case[id_].get(seed)
            text = "" if result is None else _number(result.score) if result.accepted else result.verdict.value
            seconds = "" if result is None else f"{result.wall_seconds:.2f} s"
            failed = ' class="failed"' if result is not None and not result.accepted else ""
            cells.append(f"<td{failed}>{html.escape(text)}</td><td>{seconds}</td>")
        rows.append("<tr>" + "".join(cells) + "</tr>")
    heads = ["case"]
    for id_ in story.confirmed:
        heads += [f"candidate {number[id_]}", "wall"]
    return _table(tuple(heads), "".join(rows))


def _recalled(story: Story) -> str:
    lines = story.last("recalled").get("lines", [])
    return "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in lines) + "</ul>" if lines else ""


def _solver(story: Story) -> str:
    if story.winner is None:
        return ""
    source = bake(story.winner.program, dict(story.winner.values)).source
    lines = source.count("\n")
    return f"<details><summary>solver.py, {lines} lines</summary><pre>{html.escape(source)}</pre></details>"


def _table(heads: tuple[str, ...], rows: str) -> str:
    head = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _gain(candidate: Candidate) -> str:
    if candidate.gain is None:
        return ""
    show = _percent if candidate.scale == "log_ratio" else _number
    if candidate.gain_low is None or candidate.gain_high is None:
        return show(candidate.gain)
    return f"{show(candidate.gain)} ({show(candidate.gain_low)} .. {show(candidate.gain_high)})"


def _percent(gain: float) -> str:
    return f"{100 * gain:+.2f} %"


def _number(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int) or abs(value) >= 1e6:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= 100 else f"{value:.4g}"


def _between(interval: object) -> str:
    if not isinstance(interval, (list, tuple)) or len(interval) != 2:
        return ""
    return f"95 %: {_number(interval[0])} .. {_number(interval[1])}"
