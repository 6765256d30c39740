"""A judge from a statement alone: a model writes problem.toml and tools.py, and what is wrong with them goes back to it.

Pure but for the conversation; running what it wrote, locked, is the caller's `check`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ale_agent.errors import ProblemError
from ale_agent.statement import Statement
from ale_agent.strategist.asking import ask_until_read
from ale_agent.strategist.conversations import Conversation, ModelRequest
from ale_agent.strategist.prompting import write_tools_prompt
from ale_agent.strategist.replies import read_tools_reply
from ale_agent.strategist.reply_schemas import ToolsReply, schema_of

_NOT_ID = re.compile(r"[^a-z0-9_-]+")
_SIMPLE = (str, bool, int, float)


@dataclass(frozen=True)
class ToolsDraft:
    """The two files that a model wrote, the first one put in order.

    Parameters
    ----------
    problem_toml
        The text of problem.toml; it says that a model wrote the tools, so that they run locked.
    tools_py
        The text of tools.py.
    """

    problem_toml: str
    tools_py: str


Check = Callable[[ToolsDraft], str | None]
"""Tries a draft, locked; returns why it cannot be used, None if it can."""


def write_tools(
    conversation: Conversation,
    statement: Statement,
    *,
    check: Check,
    retries: int = 4,
    observe: Callable[[str], None] = lambda text: None,
) -> ToolsDraft | tuple[str, ...]:
    """Return the files that hold, or the reasons why no reply did.

    Parameters
    ----------
    conversation
        Who writes.
    statement
        What the problem is; limits that it names overrule the reply's.
    check
        Tries a draft.
    retries
        How often a reply goes back.
    observe
        Is told, in a line, of every reply that was sent back.

    Raises
    ------
    BudgetExceededError
        The next call would go over a cap.
    ConversationError
        The model cannot be reached and asking again is pointless.
    """

    def read(text: str) -> ToolsDraft:
        specification, tools = read_tools_reply(text)
        draft = ToolsDraft(put_in_order(specification, statement), tools)
        reason = check(draft)
        if reason is not None:
            raise ProblemError(reason)
        return draft

    request = ModelRequest(kind="tools", prompt=write_tools_prompt(statement), schema=schema_of(ToolsReply))
    answered = ask_until_read(conversation, request, read, retries=retries, observe=observe)
    return answered.value if answered.value is not None else answered.reasons


def put_in_order(specification: str, statement: Statement) -> str:
    """Return a model's problem.toml with what is known for certain, and the mark that a model wrote the tools.

    Raises
    ------
    ProblemError
        It is no TOML.
    """
    try:
        content: dict[str, Any] = tomllib.loads(specification)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProblemError(f"problem.toml is not valid TOML: {error}") from error
    known: dict[str, Any] = {"id": _identifier(str(content.get("id") or statement.title))}
    known["title"] = _one_line(statement.title) or _one_line(str(content.get("title") or known["id"]))
    if statement.time_limit is not None:
        known["time_limit"] = float(statement.time_limit)
    if statement.memory_limit_mb is not None:
        known["memory_limit_mb"] = int(statement.memory_limit_mb)
    content = {**content, **known}
    content.pop("tools", None)
    content.pop("leaderboard", None)
    top = {key: value for key, value in content.items() if isinstance(value, _SIMPLE)}
    return _toml(top) + '\n[tools]\nkind = "python"\nwritten_by = "model"\n'


def _identifier(text: str) -> str:
    return _NOT_ID.sub("-", text.lower()).strip("-")[:40] or "problem"


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in " ".join(text.split()))


def _toml(values: Mapping[str, Any]) -> str:
    return "".join(f"{_toml_key(key)} = {_toml_value(value)}\n" for key, value in values.items())


def _toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml_value(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = "".join(
            f"\\u{ord(c):04X}" if ord(c) < 32 or ord(c) == 127 else {"\\": "\\\\", '"': '\\"'}.get(c, c) for c in value
        )
        return f'"{escaped}"'
    return repr(value)
