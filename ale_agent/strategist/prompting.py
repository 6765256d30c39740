"""Prompts: plain text files with ``{{name}}`` places, put together so that each is complete in itself.

Pure: the same task and brief give the same text, byte for byte.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from ale_agent.problem import Problem
from ale_agent.program import bake, kit_sources
from ale_agent.strategist.protocol import Brief, Parent

Request = Literal["draft", "refine", "repair"]

_PLACE = re.compile(r"\{\{(\w+)\}\}")
_MOST_SAMPLE = 4000
_MOST_REPLY = 60_000
_MOST_TRIED = 60
_HEADINGS = {
    "budget": "What is left of the budget",
    "strategies": "Remembered strategies that may fit",
    "cases": "The program on single cases",
    "failure": "How the program fails",
    "insights": "What was learned so far",
}


@dataclass(frozen=True, kw_only=True)
class Task:
    """What every prompt of an attempt says about the problem.

    Parameters
    ----------
    facts
        Lines on objective, limits and scoring.
    samples
        Input, output and score of the first samples.
    tools
        The text of tools.py if it has the array level, else None.
    kit
        The kit's functions, one line each.
    """

    title: str
    statement: str
    facts: tuple[str, ...]
    time_limit: float
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
        samples=tuple((s.input, s.output, s.score) for s in problem.samples[:1]),
        tools=problem.tools_source if problem.array_level else None,
        kit=describe_kit(kit_sources()),
    )


def request_of(brief: Brief) -> Request:
    """Return which of the requests there are prompts for serves a brief."""
    if not brief.parents or brief.request in ("draft", "encode"):
        return "draft"
    return "repair" if brief.request == "repair" else "refine"


def write_prompt(task: Task, brief: Brief) -> str:
    """Return the whole prompt for a brief."""
    request = request_of(brief)
    parents = "\n".join(_parent(parent) for parent in brief.parents)
    return _fill(
        "frame",
        craft=_text("craft"),
        contract=_fill("contract", time_limit=f"{task.time_limit:g}"),
        kit=task.kit.strip() or "(none)",
        title=task.title,
        facts="\n".join(task.facts),
        statement=task.statement,
        samples="".join(_sample(number, *sample) for number, sample in enumerate(task.samples, start=1)),
        tools=_tools(task.tools),
        details="".join(_detail(name, text) for name, text in _ordered(brief.details)),
        tried=_tried(brief.tried),
        request=_text("draft") if request == "draft" else _fill(request, parents=parents),
        format=_text("format_whole" if request == "draft" else "format_edits"),
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


def describe_kit(sources: Mapping[str, str]) -> str:
    """Return the kit's public functions with what each does, from their docstrings.

    Parameters
    ----------
    sources
        Its modules' texts by name.
    """
    lines = []
    for module in sorted(sources):
        tree = ast.parse(sources[module])
        functions = [n for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
        if not functions:
            continue
        lines += ["", f"{module}: {_first_line(ast.get_docstring(tree))}"]
        lines += [f"  {f.name}({ast.unparse(f.args)}): {_first_line(ast.get_docstring(f))}" for f in functions]
    return "\n".join(lines).strip()


def _first_line(docstring: str | None) -> str:
    return (docstring or "").strip().split("\n")[0]


def _parent(parent: Parent) -> str:
    return f"Candidate {parent.id}: {parent.idea}\n```python\n{shown_source(parent).rstrip()}\n```\n"


def _sample(number: int, given: str, output: str, score: float) -> str:
    return (
        f"\n# Sample {number}\nInput:\n```\n{_cut(given)}\n```\nAn output that scores {score:g}:\n"
        f"```\n{_cut(output)}\n```\n"
    )


def _tools(source: str | None) -> str:
    if source is None:
        return ""
    return f"\n# How cases are made and judged\nYou may copy from it.\n```python\n{source.strip()}\n```\n"


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
