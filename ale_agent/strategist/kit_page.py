"""The kit as a page of a prompt: its modules and functions with what their docstrings say, arrays and dtypes included."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ale_agent.program.syntax import parse_quietly

_FULL = ("randomness", "budget", "calibration", "credit", "arrays")
"""Of use in any program; the other modules are moves on one kind of answer each, and are listed shortly."""


def describe_kit(sources: Mapping[str, str]) -> str:
    """Return the kit's public functions with their arguments and what each does.

    Parameters
    ----------
    sources
        Its modules' texts by name; the empty name is the package.
    """
    full = [name for name in _FULL if name in sources]
    short = sorted(name for name in sources if name and name not in _FULL)
    parts = [_full(name, sources[name]) for name in full]
    if short and sources.get(""):
        parts.append(f"## Moves, where an answer is one array\n{_docstring(sources[''])}")
    parts += [_short(name, sources[name]) for name in short]
    return "\n\n".join(part for part in parts if part)


def _full(name: str, source: str) -> str:
    functions = _functions(source)
    if not functions:
        return ""
    imported = ", ".join(function.name for function in functions[:4]) + (", ..." if len(functions) > 4 else "")
    lines = [f"- {f.name}({ast.unparse(f.args)}): {_paragraphs(ast.get_docstring(f))}" for f in functions]
    return "\n".join([f"## from ale_agent.kit.{name} import {imported}", _docstring(source), "", *lines])


def _short(name: str, source: str) -> str:
    functions = _functions(source)
    if not functions:
        return ""
    listed = ", ".join(f"{f.name}({ast.unparse(f.args)})" for f in functions)
    return f"from ale_agent.kit.{name} import ...: {_docstring(source)}\n{listed}"


def _functions(source: str) -> list[ast.FunctionDef]:
    return [n for n in parse_quietly(source).body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]


def _docstring(source: str) -> str:
    return (ast.get_docstring(parse_quietly(source)) or "").strip()


def _paragraphs(docstring: str | None) -> str:
    """Return a docstring in one line, without its sections."""
    kept = []
    lines = (docstring or "").strip().split("\n")
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if after.strip() and set(after.strip()) == {"-"}:
            break
        kept.append(line)
    return " ".join(" ".join(kept).split())
