"""Reading a model's reply: idea, expectation, strategies used, and a program as a whole or as edits; or what was learned.

A reply is JSON of the schemas where the provider binds it to one, and otherwise fenced text with labelled lines. Small
models decorate and forget labels, and send the one for the other: everything but the program may be missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ale_agent.errors import ProgramError
from ale_agent.program import Edit, apply_edits, extract_program, parse_edits
from ale_agent.program.syntax import parse_quietly
from ale_agent.strategist.protocol import Insight
from ale_agent.strategist.reply_schemas import InsightReply, InsightsReply, ProgramReply, ToolsReply

_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_LABEL = re.compile(
    r"[\s>#*_\-\d.]*\b(idea|expectation|expected|strategies used|strategies|program|edits)\b[*_ ]*(?::|$)[*_ ]*(.*)",
    re.IGNORECASE,
)
_FIELD = {"expected": "expectation", "strategies used": "strategies", "edits": "program"}
_INSIGHT_LABEL = re.compile(r"[\s>#*_\-\d.]*\b(claim|supports|refutes)\b[*_ ]*:[*_ ]*(.*)", re.IGNORECASE)
_STRATEGY = re.compile(r"\bs-[0-9a-z][0-9a-z_-]{1,40}\b")
_CANDIDATE = re.compile(r"\bc-[0-9a-f]{4,64}\b")
_JSON_FENCE = re.compile(r"```(?:json)?\s*\n(\{.*\})\s*\n```", re.DOTALL)
_TOML_FENCE = re.compile(r"^```toml[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_MAXIMUM_REPLY = 4 * 1024 * 1024
_MAXIMUM_LINE = 400
_MOST_INSIGHTS = 6

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a reply says.

    Parameters
    ----------
    idea
        One line.
    expectation
        What it should do and why; empty if it was not said.
    strategies
        Ids of remembered strategies that it names.
    source
        The program's text, edits carried out.
    """

    idea: str
    expectation: str
    strategies: tuple[str, ...]
    source: str


def read_reply(text: str, base: str | None = None) -> Reply:
    """Return what a reply says.

    Parameters
    ----------
    text
        The reply.
    base
        The program that edits are made to, None if there is none.

    Raises
    ------
    ProgramError
        It holds no program, a broken one, or edits that do not fit; the message says what to send instead.
    """
    text = _cleaned(text, "the idea and a whole program")
    found = _from_json(text, ProgramReply, ("program", "edits"))
    if found is None:
        found, source = _labelled(text), _source(text, base)
    elif found.edits and not found.program.strip():
        source = _edited(tuple(Edit(edit.search, edit.replace) for edit in found.edits), base)
    else:
        source = _source(found.program, base, is_program=True)
    return Reply(
        idea=_line(found.idea) or "(no idea was given)",
        expectation=_line(found.expectation),
        strategies=tuple(dict.fromkeys(_STRATEGY.findall(" ".join(found.strategies)))),
        source=source,
    )


def read_insights(text: str, known: frozenset[str]) -> tuple[tuple[Insight, ...], tuple[str, ...]]:
    """Return what a reply says was learned, and the candidate ids in it that are unknown, which are dropped.

    Parameters
    ----------
    known
        The ids that may be named.

    Raises
    ------
    ProgramError
        It holds no claim.
    """
    text = _cleaned(text, "the claims")
    found = _from_json(text, InsightsReply, ("insights",)) or InsightsReply(insights=_labelled_insights(text))
    insights: list[Insight] = []
    unknown: list[str] = []
    for one in found.insights[:_MOST_INSIGHTS]:
        named = [_ids(one.supports), _ids(one.refutes)]
        unknown += [id_ for ids in named for id_ in ids if id_ not in known]
        supports, refutes = (tuple(id_ for id_ in ids if id_ in known) for ids in named)
        if claim := _line(one.claim):
            insights.append(Insight(claim, supports, refutes))
    if not insights:
        raise ProgramError("the reply holds no claim: send lines that begin with CLAIM:, SUPPORTS: and REFUTES:")
    return tuple(insights), tuple(dict.fromkeys(unknown))


def read_tools_reply(text: str) -> tuple[str, str]:
    """Return the problem.toml and the tools.py of a reply.

    Raises
    ------
    ProgramError
        One of them is missing, or tools.py is not Python.
    """
    text = _cleaned(text, "problem.toml and tools.py")
    found = _from_json(text, ToolsReply, ("tools_py", "problem_toml"))
    if found is None:
        fenced = _TOML_FENCE.search(text)
        found = ToolsReply(problem_toml="" if fenced is None else fenced[1], tools_py=_TOML_FENCE.sub("", text))
    if not found.problem_toml.strip():
        raise ProgramError("problem.toml is missing: send it between ```toml and ``` lines")
    return _unfenced(found.problem_toml).strip() + "\n", _source(found.tools_py, None, is_program=True)


def _cleaned(text: str, wanted: str) -> str:
    if len(text) > _MAXIMUM_REPLY:
        raise ProgramError(f"the reply has {len(text)} characters; at most {_MAXIMUM_REPLY} are read: send it shorter")
    text = _THOUGHT.sub("", text).replace("\r\n", "\n").strip()
    if not text:
        raise ProgramError(f"the reply is empty: send {wanted}")
    return text


def _source(body: str, base: str | None, *, is_program: bool = False) -> str:
    """Return the program that a text holds; where it should be nothing but one, what is no Python is told so."""
    edits = parse_edits(body)
    if edits:
        return _edited(edits, base)
    if not is_program or "```" in body:
        return extract_program(body)
    if not body.strip():
        raise ProgramError("the program is empty: send the whole file")
    try:
        parse_quietly(body)
    except SyntaxError as error:
        raise ProgramError(f"the program is not Python: line {error.lineno}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ProgramError(f"the program is not Python: {error or 'it nests too deeply'}") from error
    return body.strip("\n").rstrip() + "\n"


def _edited(edits: Sequence[Edit], base: str | None) -> str:
    if base is None:
        raise ProgramError("there is no program to edit: send the whole file between ```python and ``` lines")
    return apply_edits(base, edits)


def _from_json(text: str, model: type[_Model], expected: tuple[str, ...]) -> _Model | None:
    """Return a reply that is a JSON object with one of the expected fields, fenced or not; None if it is none.

    Raises
    ------
    ProgramError
        It is one, and a field is not what it should be.
    """
    fenced = _JSON_FENCE.search(text)
    for candidate in (text, fenced[1] if fenced else ""):
        if not candidate.startswith("{"):
            continue
        try:
            found = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        fields = {str(key).lower(): value for key, value in found.items()}
        if not set(fields) & set(expected):
            continue
        try:
            return model.model_validate(fields)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise ProgramError(f"the reply's field {place} cannot be used: {first['msg']}") from error
    return None


def _labelled(text: str) -> ProgramReply:
    """Return the labelled parts of the prose around the fences; the first line is the idea if nothing is labelled."""
    fields: dict[str, str] = {}
    current: str | None = None
    prose = _prose(text)
    for line in prose:
        label = _LABEL.fullmatch(line)
        if label:
            name = label[1].lower()
            current = _FIELD.get(name, name)
            fields.setdefault(current, label[2])
        elif current is not None and current != "program":
            fields[current] += " " + line
    if not fields.get("idea", "").strip():
        first = (line.strip(" #*->") for line in prose)
        fields["idea"] = next((line for line in first if line and not _LABEL.fullmatch(line)), "")
    return ProgramReply(
        idea=fields["idea"],
        expectation=fields.get("expectation", ""),
        strategies=[fields.get("strategies", "")],
    )


def _labelled_insights(text: str) -> list[InsightReply]:
    """Return the claims of a reply in labelled lines, each with the lines of ids after it."""
    found: list[dict[str, str]] = []
    current = ""
    for line in text.split("\n"):
        label = _INSIGHT_LABEL.fullmatch(line)
        if label is not None:
            current = label[1].lower()
            if current == "claim":
                found.append({"claim": "", "supports": "", "refutes": ""})
        if current and found:
            found[-1][current] += " " + (line if label is None else label[2])
    return [InsightReply(claim=one["claim"], supports=[one["supports"]], refutes=[one["refutes"]]) for one in found]


def _ids(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(_CANDIDATE.findall(" ".join(texts))))


def candidate_ids(text: str) -> frozenset[str]:
    """Return the ids of candidates that a text names."""
    return frozenset(_CANDIDATE.findall(text))


def _unfenced(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith("```"))


def _prose(text: str) -> list[str]:
    """Return the lines before the program."""
    lines = []
    for line in text.split("\n"):
        if line.lstrip().startswith(("```", "~~~", "<<<<<")):
            break
        lines.append(line)
    return lines


def _line(text: str) -> str:
    return " ".join(text.split())[:_MAXIMUM_LINE]
