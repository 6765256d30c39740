"""The kit as a page of a prompt: its modules and functions with what their docstrings say, arrays and dtypes included."""

from __future__ import annotations

import ast
from collections.abc import Mapping

_FIRST = ("randomness", "budget", "calibration", "credit", "arrays")


def describe_kit(sources: Mapping[str, str]) -> str:
    """Return the kit's public functions with their arguments and what each does.

    What is useful in any program comes first, the moves on the four answer spaces after it.

    Parameters
    ----------
    sources
        Its modules' texts by name; the empty name is the package.
    """
    lines = [_docstring(sources[""])] if sources.get("") else []
    for module in sorted(
        sources, key=lambda name: (name not in _FIRST, _FIRST.index(name) if name in _FIRST else 0, name)
    ):
        tree = ast.parse(sources[module])
        functions = [n for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
        if not module or not functions:
            continue
        lines += ["", f"## from ale_agent.kit.{module} import ...", _docstring(sources[module]), ""]
        lines += [f"- {f.name}({_arguments(f)}): {_paragraphs(ast.get_docstring(f))}" for f in functions]
    return "\n".join(lines).strip()


def _docstring(source: str) -> str:
    return (ast.get_docstring(ast.parse(source)) or "").strip()


def _arguments(function: ast.FunctionDef) -> str:
    return ast.unparse(function.args)


def _paragraphs(docstring: str | None) -> str:
    """Return a docstring in one line, without its sections."""
    kept = []
    lines = (docstring or "").strip().split("\n")
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if after.strip() and set(after.strip()) == {"-"}:
            break
        kept.append(line)
    return " ".join(" ".join(kept).split())
