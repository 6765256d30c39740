"""Gathers the text of kit kernels and pieces for a program: each once, after what it uses, without its imports.

Kit modules and pieces keep to a form that makes this possible: at the top level only imports, functions and
assignments of literals, and names that are the same thing in all of them.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ale_agent.program.syntax import parse_quietly

_OURS = ("ale_agent.kit", "ale_agent.strategist.pieces")


@dataclass(frozen=True)
class Definition:
    """One top-level function or constant: its text, and the names that it uses."""

    text: str
    uses: frozenset[str]


@dataclass(frozen=True)
class Sources:
    """What a kit module or piece offers: its definitions, and which module brings in which other name."""

    definitions: dict[str, Definition]
    ours: dict[str, str]
    imports: dict[str, str]


@cache
def read_sources(module: str) -> Sources:
    """Return what a module of the kit or of the pieces defines and imports, read from its text."""
    package, _, name = module.rpartition(".")
    source = files(package).joinpath(f"{name}.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    definitions: dict[str, Definition] = {}
    ours: dict[str, str] = {}
    imports: dict[str, str] = {}
    for node in parse_quietly(source).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(_OURS):
            ours |= {alias.name: node.module for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            imports |= {a.asname or a.name: f"from {node.module} import {ast.unparse(a)}" for a in node.names}
        elif isinstance(node, ast.Import):
            imports |= {a.asname or a.name: f"import {ast.unparse(a)}" for a in node.names}
        elif isinstance(node, ast.FunctionDef | ast.Assign):
            names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
            while first > 0 and lines[first - 1].startswith("#"):
                first -= 1
            text = "\n".join(lines[first : node.end_lineno])
            bound = (
                [node.name]
                if isinstance(node, ast.FunctionDef)
                else [t.id for t in node.targets if isinstance(t, ast.Name)]
            )
            definitions |= {name: Definition(text, frozenset(names - {name})) for name in bound}
    return Sources(definitions, ours, imports)


def gather(wanted: Iterable[tuple[str, str]], own: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the imports and the definitions that some functions need, each after what it uses.

    Parameters
    ----------
    wanted
        Pairs of module and function.
    own
        Names that the program defines itself: they are not brought along.
    """
    imports: dict[str, None] = {}
    ordered: dict[str, str] = {}

    def visit(module: str, name: str) -> None:
        if name in ordered or name in own:
            return
        sources = read_sources(module)
        definition = sources.definitions[name]
        for used in sorted(definition.uses):
            if used in sources.ours:
                visit(sources.ours[used], used)
            elif used in sources.definitions:
                visit(module, used)
            elif used in sources.imports:
                imports[sources.imports[used]] = None
        ordered[name] = definition.text

    for module, name in wanted:
        visit(module, name)
    return list(imports), list(ordered.values())


def rename(text: str, names: Collection[str], suffix: str = "_kit") -> str:
    """Return Python text in which the identifiers given have a suffix; attributes of the same name are left alone."""
    if not names:
        return text
    lines = text.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for before, token in reversed(list(zip([None, *tokens[:-1]], tokens, strict=True))):
        if token.type == tokenize.NAME and token.string in names and not (before and before.string == "."):
            row, column = token.end
            lines[row - 1] = lines[row - 1][:column] + suffix + lines[row - 1][column:]
    return "".join(lines)
