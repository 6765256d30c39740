"""Takes from a problem's tools.py what its four array-level functions need, and nothing else.

The text is read, never run. Kept is every top-level statement that defines, or fills, a name which those functions
use, in the file's order, with the comments above it; `objective` and the functions that it calls are compiled.
It does not follow names that are made at run time (`globals()[...]`, `exec`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ale_agent.errors import ProblemError
from ale_agent.program.syntax import parse_quietly

ARRAY_LEVEL = ("read_case", "answer_space", "objective", "write_answer")
_DECORATOR = '@njit(cache=True, error_model="numpy")'
_RESERVED = ("PARAMETERS", "main", "warm_up")
_MODULES = ("base64", "json", "math", "os", "sys", "time", "zlib")


@dataclass(frozen=True)
class InlinedTools:
    """What a program carries along of a problem's tools.

    Parameters
    ----------
    imports
        The import statements, one a line.
    body
        The definitions, in the order of the file.
    names
        Every name that the two bind at the top level.
    """

    imports: tuple[str, ...]
    body: str
    names: frozenset[str]


def inline_tools(tools_source: str) -> InlinedTools:
    """Return what the array-level functions of a tools.py need.

    Raises
    ------
    ProblemError
        If the text is no Python, lacks one of the four functions, or they need a name that a program reserves, or a
        module of ours.
    """
    try:
        tree = parse_quietly(tools_source)
    except (SyntaxError, ValueError) as error:
        raise ProblemError(f"tools.py cannot be read as Python: {error}") from error
    defined = {name for node in tree.body for name in _bound_names(node)}
    missing = [name for name in ARRAY_LEVEL if name not in defined]
    if missing:
        raise ProblemError(f"tools.py lacks {', '.join(missing)}: a program is composed from {', '.join(ARRAY_LEVEL)}")
    kept = _needed_statements(tree, defined)
    names = frozenset(name for node in kept for name in _bound_names(node))
    modules = {name for node in kept if isinstance(node, ast.Import) for name in _bound_names(node)}
    for name in (*_RESERVED, *_MODULES):
        if name in names and not (name in _MODULES and name in modules):
            raise ProblemError(
                f"tools.py: the array-level functions use a global named {name}, which a solver program reserves: rename it"
            )
    compiled = _compiled_functions(tree)
    lines = tools_source.splitlines()
    imports = tuple(text for node in kept if _is_import(node) for text in _import_lines(node))
    blocks = [_statement_text(node, lines, compiled) for node in kept if not _is_import(node)]
    return InlinedTools(imports, "\n\n".join(_spaced(blocks)), names)


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _import_lines(node: ast.stmt) -> Iterable[str]:
    """Yield one import statement per name."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield "import " + ast.unparse(alias)
    elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
        if node.level or (node.module or "").startswith("ale_agent"):
            raise ProblemError(
                f"tools.py line {node.lineno}: the array-level functions use {ast.unparse(node)!r}; "
                "a solver program may import the standard library, NumPy and Numba only"
            )
        for alias in node.names:
            yield f"from {node.module} import " + ast.unparse(alias)


def _bound_names(node: ast.stmt) -> set[str]:
    """Return the names that a top-level statement binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return {
        inner.name if isinstance(inner, ast.FunctionDef | ast.ClassDef) else inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.FunctionDef | ast.ClassDef)
        or (isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store))
    }


def _used_names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _needed_statements(tree: ast.Module, defined: set[str]) -> list[ast.stmt]:
    """Return the statements that define or fill a needed name, found by going round until nothing is added."""
    needed = set(ARRAY_LEVEL)
    kept: set[int] = set()
    grown = True
    while grown:
        grown = False
        for index, node in enumerate(tree.body):
            if index in kept or not _serves(node, needed):
                continue
            kept.add(index)
            needed |= (_used_names(node) & defined) if not _is_import(node) else set()
            grown = True
    # `from __future__ import annotations` must come first in a program and is written there anyway.
    return [node for index, node in enumerate(tree.body) if index in kept and not _is_main_guard(node)]


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in _used_names(node.test)


def _serves(node: ast.stmt, needed: set[str]) -> bool:
    """Say whether a statement binds a needed name or changes what one holds (an item, an attribute, a method call)."""
    if _is_main_guard(node):
        return False
    if _bound_names(node) & needed:
        return True
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
        return False
    changed = {
        name.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Subscript | ast.Attribute)
        and (isinstance(inner.ctx, ast.Store) or isinstance(node, ast.Expr))
        for name in ast.walk(inner.value)
        if isinstance(name, ast.Name)
    }
    return bool(changed & needed)


def _compiled_functions(tree: ast.Module) -> set[str]:
    """Return the functions that the objective reaches and that are not compiled by a decorator of their own."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    reached: set[str] = set()
    waiting = ["objective"]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in functions:
            continue
        reached.add(name)
        waiting.extend(_used_names(functions[name]))
    return {name for name in reached if not any(_is_compiling(d) for d in functions[name].decorator_list)}


def _is_compiling(decorator: ast.expr) -> bool:
    return bool(re.search(r"\b(njit|jit|vectorize|guvectorize|generated_jit|overload)\b", ast.unparse(decorator)))


def _statement_text(node: ast.stmt, lines: list[str], compiled: set[str]) -> str:
    """Return a statement's own text with the comment lines right above it, and the decorator that compiles it."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
    text = lines[first : node.end_lineno]
    if isinstance(node, ast.FunctionDef) and node.name in compiled:
        text = [_DECORATOR, *text]
    above = first
    while above > 0 and lines[above - 1].startswith("#") and not lines[above - 1].startswith("#!"):
        above -= 1
    return "\n".join(lines[above:first] + text)


def _spaced(blocks: list[str]) -> list[str]:
    """Join neighbouring one-line statements, and set functions apart by two empty lines."""
    joined: list[str] = []
    for block in blocks:
        large = "\n" in block
        if (
            joined
            and not large
            and "\n" not in joined[-1].splitlines()[-1]
            and not joined[-1].startswith(("def ", "@", "class "))
        ):
            joined[-1] += "\n" + block
        else:
            joined.append(block if not joined else "\n" + block)
    return joined
