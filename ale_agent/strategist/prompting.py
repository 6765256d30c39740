"""Prompts: plain text files with ``{{name}}`` places, put together so that each is complete in itself.

Pure: the same task and brief give the same text, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from ale_agent.problem import Problem
from ale_agent.program import bake, kit_sources
from ale_agent.statement import Statement
from ale_agent.strategist.kit_page import describe_kit
from ale_agent.strategist.protocol import Brief, Parent

Request = Literal["draft", "refine", "recombine", "repair", "simplify", "encode"]

_PLACE = re.compile(r"\{\{(\w+)\}\}")
_MOST_SAMPLE = 4000
_MOST_SAMPLES = 2
_MOST_REPLY = 60_000
_MOST_TRIED = 60
_WORST_WORDS = "-inf (if the objective is maximize) or inf (if it is minimize)"
_HEADINGS = {
    "budget": "What is left of the attempt's own budget (not of a program's time)",
    "strategies": "Remembered strategies that may fit, by id",
    "cases": "How programs did on single cases",
    "failure": "How the program fails",
    "insights": "What was learned so far",
    "best_program": "The best program so far: take from it what helps",
}


@dataclass(frozen=True, kw_only=True)
class Task:
    """What every prompt of an attempt says about the problem.

    Parameters
    ----------
    facts
        Lines on objective, limits and scoring.
    worst
        What the objective of an encoding is for an invalid answer.
    samples
        Input, output and score of the first samples.
    tools
        The text of tools.py, None where others make and judge cases.
    kit
        The kit's page.
    """

    title: str
    statement: str
    facts: tuple[str, ...]
    time_limit: float
    memory_limit_mb: int = 1024
    interactive: bool = False
    worst: str = "-inf"
    samples: tuple[tuple[str, str, float], ...] = ()
    tools: str | None = None
    kit: str = ""


def describe_task(problem: Problem, statement: str | None = None) -> Task:
    """Return what prompts say about a problem.

    Parameters
    ----------
    problem
        The problem folder.
    statement
        The statement as plain text; the folder's own file if absent.
    """
    spec = problem.spec
    if statement is None:
        path = problem.statement_path
        statement = "(there is no statement)" if path is None else path.read_text(encoding="utf-8")
    facts = (
        f"Objective: {spec.objective} the score ({spec.scoring} scoring).",
        f"Limits: {spec.time_limit:g} s and {spec.memory_limit_mb} MB per case, one core.",
        "Interactive: flush after every line that you write." if spec.interactive else "Not interactive.",
    )
    return Task(
        title=spec.title,
        statement=statement.strip(),
        facts=facts,
        time_limit=spec.time_limit,
        memory_limit_mb=spec.memory_limit_mb,
        interactive=spec.interactive,
        worst="-inf" if spec.objective == "maximize" else "inf",
        samples=tuple((s.input, s.output, s.score) for s in problem.samples[:1]),
        tools=problem.tools_source,
        kit=describe_kit(kit_sources()),
    )


def request_of(brief: Brief) -> Request:
    """Return which of the requests there are prompts for serves a brief."""
    if brief.request == "encode":
        return "encode"
    if not brief.parents or brief.request == "draft":
        return "draft"
    if brief.request == "recombine":
        return "recombine" if len(brief.parents) > 1 else "refine"
    return brief.request if brief.request in ("repair", "simplify") else "refine"


def write_prompt(task: Task, brief: Brief) -> str:
    """Return the whole prompt for a brief."""
    request = request_of(brief)
    shown = [parent for parent in brief.parents if request != "encode" or parent.tools is not None]
    edits = bool(shown) and request != "draft"
    what = "file of the four functions" if request == "encode" else "program"
    return _fill(
        "frame",
        guide=_encode_guide(task) if request == "encode" else _program_guide(task),
        title=task.title,
        facts="\n".join(task.facts),
        statement=task.statement,
        samples="".join(_sample(number, *sample) for number, sample in enumerate(task.samples, start=1)),
        tools=_tools(task.tools),
        details="".join(_detail(name, text) for name, text in _ordered(brief.details)),
        tried=_tried(brief.tried),
        request=_request(request, tuple(shown)),
        format=_fill("format_edits" if edits else "format_whole", what=what),
    )


def write_history_prompt(task: Task, history: str) -> str:
    """Return the prompt that asks what was learned from a batch.

    Parameters
    ----------
    history
        The batch as text: a line or more for each candidate, with its id and what measuring showed.
    """
    return _fill(
        "insights",
        title=task.title,
        facts="\n".join(task.facts),
        statement=task.statement,
        history=history.strip() or "(nothing yet)",
    )


def write_tools_prompt(statement: Statement) -> str:
    """Return the prompt that asks for the judge of a problem of which there is a statement only."""
    arrays = "" if statement.interactive else _text("tools_arrays") + "\n" + _fill("encode_guide", worst=_WORST_WORDS)
    return _fill(
        "tools",
        understood="\n".join(statement.understood) or "(nothing could be read from it for certain)",
        statement=statement.text.strip(),
        samples="".join(
            f"\n# Sample {number} as it was read\nInput:\n```\n{_cut(sample.input)}\n```\n"
            f"Output:\n```\n{_cut(sample.output)}\n```\n"
            for number, sample in enumerate(statement.samples[:_MOST_SAMPLES], start=1)
            if not statement.interactive
        ),
        array_level=arrays,
        task_arrays="" if statement.interactive else ", and the four functions on random answers if you write them",
    )


def write_reason(reason: str) -> str:
    """Return what is said in the same conversation about a reply that could not be used."""
    return _fill("retry", reason=reason.strip())


def write_retry(prompt: str, reply: str, reason: str) -> str:
    """Return a prompt that sends a reply back and is complete in itself.

    Parameters
    ----------
    reason
        What `write_reason` returned.
    """
    shown = reply if len(reply) <= _MOST_REPLY else reply[:_MOST_REPLY] + "\n(and so on)"
    return _fill("retry_whole", retry=reason, reply=shown.strip() or "(nothing)", prompt=prompt)


def shown_source(parent: Parent) -> str:
    """Return a parent's text as the prompt shows it, which is what edits are made to: its values are the defaults."""
    return bake(parent.program, dict(parent.values)).source


def base_of(request: Request, parents: tuple[Parent, ...]) -> str | None:
    """Return the text that edits in a reply are made to, None where a whole file is asked for."""
    if request == "draft":
        return None
    if request == "encode":
        return next((parent.tools for parent in parents if parent.tools is not None), None)
    return shown_source(parents[0])


def _program_guide(task: Task) -> str:
    contract = _fill(
        "contract",
        time_limit=f"{task.time_limit:g}",
        memory=str(task.memory_limit_mb),
        interaction=_text("interaction") if task.interactive else "",
    )
    return f"{_text('craft')}\n\n{contract.rstrip()}\n\n# The building blocks in ale_agent.kit\n{task.kit.strip() or '(none)'}"


def _encode_guide(task: Task) -> str:
    return _fill("encode_guide", worst=task.worst)


def _request(request: Request, parents: tuple[Parent, ...]) -> str:
    if request == "draft":
        return _text("draft")
    show = _encoding if request == "encode" else _parent
    return _fill(request, parents="\n".join(map(show, parents)), first=parents[0].id if parents else "")


def _parent(parent: Parent) -> str:
    return f"Candidate {parent.id}: {parent.idea}\n```python\n{shown_source(parent).rstrip()}\n```\n"


def _encoding(parent: Parent) -> str:
    return f"The encoding of candidate {parent.id}: {parent.idea}\n```python\n{(parent.tools or '').rstrip()}\n```\n\n"


def _sample(number: int, given: str, output: str, score: float) -> str:
    return (
        f"\n# Sample {number}\nInput:\n```\n{_cut(given)}\n```\nAn output that scores {score:.12g}:\n"
        f"```\n{_cut(output)}\n```\n"
    )


def _tools(source: str | None) -> str:
    if source is None:
        return ""
    return f"\n# How cases are made and judged\nThe judge's own file; you may copy from it.\n```python\n{source.strip()}\n```\n"


def _ordered(details: Mapping[str, str]) -> list[tuple[str, str]]:
    names = [name for name in _HEADINGS if name in details] + sorted(set(details) - set(_HEADINGS))
    return [(name, details[name]) for name in names if details[name].strip()]


def _detail(name: str, text: str) -> str:
    heading = _HEADINGS.get(name, name.replace("_", " ").capitalize())
    return f"\n# {heading}\n{text.strip()}\n"


def _tried(tried: tuple[str, ...]) -> str:
    if not tried:
        return ""
    lines = [f"- {idea}" for idea in tried[-_MOST_TRIED:]]
    return "\n# What was tried so far\n" + "\n".join(lines) + "\n"


def _cut(text: str) -> str:
    text = text.rstrip()
    return text if len(text) <= _MOST_SAMPLE else text[:_MOST_SAMPLE] + "\n(and so on)"


def _fill(name: str, **values: str) -> str:
    """Return a text with its places filled; what is filled in is not looked at for places."""
    return _PLACE.sub(lambda place: values[place[1]], _text(name))


@cache
def _text(name: str) -> str:
    path = resources.files("ale_agent") / "strategist" / "prompts" / f"{name}.txt"
    return path.read_text(encoding="utf-8").rstrip("\n") + ("\n" if name == "retry" else "")
