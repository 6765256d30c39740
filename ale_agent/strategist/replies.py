"""Reading a model's reply: idea, expectation, strategies used, and a program as a whole or as edits.

What is asked for is fenced text with three labelled lines. Small models decorate and forget labels: everything but the
program may be missing, and a JSON object with the same fields is taken too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ale_agent.errors import ProgramError
from ale_agent.program import apply_edits, extract_program, parse_edits

_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_LABEL = re.compile(
    r"[\s>#*_\-\d.]*\b(idea|expectation|expected|strategies used|strategies|program|edits)\b[*_ ]*(?::|$)[*_ ]*(.*)",
    re.IGNORECASE,
)
_FIELD = {"expected": "expectation", "strategies used": "strategies", "edits": "program"}
_STRATEGY = re.compile(r"\bs-[0-9a-z][0-9a-z_-]{1,40}\b")
_JSON_FENCE = re.compile(r"```(?:json)?\s*\n(\{.*\})\s*\n```", re.DOTALL)
_MAXIMUM_REPLY = 4 * 1024 * 1024
_MAXIMUM_LINE = 400


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
    if len(text) > _MAXIMUM_REPLY:
        raise ProgramError(f"the reply has {len(text)} characters; at most {_MAXIMUM_REPLY} are read: send it shorter")
    text = _THOUGHT.sub("", text).replace("\r\n", "\n").strip()
    if not text:
        raise ProgramError("the reply is empty: send the idea and a whole program")
    fields = _json_fields(text)
    if fields is None:
        fields, body = _labelled(text), text
    else:
        body = fields.get("program", "")
    return Reply(
        idea=_line(fields.get("idea", "")) or "(no idea was given)",
        expectation=_line(fields.get("expectation", "")),
        strategies=tuple(dict.fromkeys(_STRATEGY.findall(fields.get("strategies", "")))),
        source=_source(body, base),
    )


def _source(body: str, base: str | None) -> str:
    edits = parse_edits(body)
    if not edits:
        return extract_program(body)
    if base is None:
        raise ProgramError("there is no program to edit: send the whole file between ```python and ``` lines")
    return apply_edits(base, edits)


def _json_fields(text: str) -> dict[str, str] | None:
    """Return the fields of a reply that is a JSON object, fenced or not; None if it is none."""
    fenced = _JSON_FENCE.search(text)
    for candidate in (text, fenced[1] if fenced else ""):
        if not candidate.startswith("{"):
            continue
        try:
            found = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, Mapping) and isinstance(found.get("program"), str):
            return {str(key).lower(): _plain(value) for key, value in found.items()}
    return None


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _labelled(text: str) -> dict[str, str]:
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
    return fields


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
