"""The part of a report that is about models: what they were asked for, what it took, what came of it, what was learned."""

from __future__ import annotations

import html
from collections import defaultdict

from ale_agent.attempt.exchanges import Asked, Call
from ale_agent.attempt.telling import tell_insights
from ale_agent.report.story import Story

_FATES = {"open": "not answered", "refused": "nothing came of it", "learned": "insights"}


def models_section(story: Story) -> str:
    """Return a summary for each model, and a row for each request; empty if none was asked."""
    if not story.requests and not story.calls:
        return ""
    calls: dict[int, list[Call]] = defaultdict(list)
    for call in story.calls:
        calls[call.request].append(call)
    number = {candidate.id: candidate.number for candidate in story.candidates}
    rows = "".join(_row(_cells(asked, calls[asked.number], number), asked.notes) for asked in story.requests)
    heads = ("request", "kind", "model", "from", "calls", "tokens", "US dollars", "seconds", "what came of it")
    head = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    table = f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    return "".join(f"<p>{html.escape(line)}</p>" for line in _summaries(story)) + (table if story.requests else "")


def insights_section(story: Story) -> str:
    """Return what models said was learned, with the measured gains; empty if nothing."""
    text = tell_insights(story.insights, {candidate.id: candidate for candidate in story.candidates})
    if not text:
        return ""
    return "<ul>" + "".join(f"<li>{html.escape(line[2:])}</li>" for line in text.split("\n")) + "</ul>"


def _summaries(story: Story) -> list[str]:
    """Return a line for each model: calls, tokens, dollars, and how calls ended."""
    lines = []
    for model in dict.fromkeys(call.model for call in story.calls):
        mine = [call for call in story.calls if call.model == model]
        fates = ", ".join(
            f"{sum(call.status == fate for call in mine)} {fate}"
            for fate in dict.fromkeys(call.status for call in mine)
        )
        lines.append(f"{model}: {len(mine)} calls ({fates}), {_tokens(mine):,} tokens, {_usd(mine)} US dollars")
    return lines


def _cells(asked: Asked, calls: list[Call], number: dict[str, int]) -> list[str]:
    if asked.candidate is not None:
        fate = f"candidate {number.get(asked.candidate, '?')}"
    else:
        fate = _FATES.get(asked.status, asked.status)
    return [
        str(asked.number),
        asked.kind,
        asked.model,
        ", ".join(str(number.get(id_, "?")) for id_ in asked.parents),
        str(len(calls)),
        f"{_tokens(calls):,}",
        _usd(calls),
        f"{sum(call.seconds for call in calls):.0f}",
        fate,
    ]


def _row(cells: list[str], notes: tuple[str, ...]) -> str:
    shown = [f"<td>{html.escape(cell)}</td>" for cell in cells[:-1]]
    told = "".join(f"<br><small>{html.escape(note[:400])}</small>" for note in notes)
    return f"<tr>{''.join(shown)}<td>{html.escape(cells[-1])}{told}</td></tr>"


def _tokens(calls: list[Call]) -> int:
    return sum(call.usage.input_tokens + call.usage.output_tokens for call in calls)


def _usd(calls: list[Call]) -> str:
    """Return what calls cost; at least so much where the price of some is unknown."""
    known = [call.usage.cost_usd for call in calls if call.usage.cost_usd is not None]
    total = f"{sum(known):.4g}"
    if len(known) == len(calls):
        return total
    return "unknown" if not known else f"{total} and more"
