"""Static checks of a solver program: what can be said before it runs.

This is no sandbox and no defence: a program that passes can still do anything that Python can. It only saves the time
of running what a judge would refuse, and tells its author early. Untrusted programs run inside a sandbox, always.
"""

from __future__ import annotations

import ast
import builtins
import difflib

from ale_agent.errors import ProgramError
from ale_agent.program.scopes import GlobalNames, global_names
from ale_agent.program.syntax import parse_tree

# fmt: off
ALLOWED_MODULES = frozenset([
    "__future__", "abc", "array", "ast", "base64", "binascii", "bisect", "builtins", "bz2", "cmath", "collections",
    "contextlib", "copy", "copyreg", "csv", "dataclasses", "datetime", "decimal", "enum", "errno", "fractions",
    "functools", "gc", "hashlib", "heapq", "io", "itertools", "json", "keyword", "locale", "lzma", "math",
    "numbers", "operator", "os", "pprint", "queue", "random", "re", "secrets", "sched", "statistics", "string",
    "struct", "sys", "textwrap", "time", "timeit", "traceback", "types", "typing", "unicodedata", "warnings",
    "weakref", "zlib", "numpy", "numba",
])
# fmt: on
"""The part of the standard library that computes, NumPy and Numba; besides these, ale_agent.kit until it is inlined."""

_MODULE_NAMES = frozenset(
    ("__name__", "__file__", "__doc__", "__builtins__", "__spec__", "__package__", "__annotations__", "__loader__")
)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)


def check_source(source: str) -> None:
    """Return quietly if a text can be a solver program.

    Raises
    ------
    ProgramError
        It is too long or not Python, imports what a judge or the sandbox has not, has nothing to run, never calls its
        ``main``, or reads a name that is defined nowhere. The message has the line.
    """
    tree = parse_tree(source)
    try:
        _check_imports(tree)
        _check_entry(tree)
        _check_names(tree, global_names(tree))
    except RecursionError:
        raise ProgramError("the program nests expressions too deeply to be checked: break them up") from None


def _check_imports(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ProgramError(f"line {node.lineno}: a relative import has no meaning in a single file")
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for module in modules:
            _check_module(module, node.lineno)


def _check_module(module: str, line: int) -> None:
    parts = module.split(".")
    if parts[:2] == ["ale_agent", "kit"]:
        return
    if parts[0] == "ale_agent":
        raise ProgramError(f"line {line}: a solver imports nothing of ale_agent but ale_agent.kit, not {module}")
    if parts[0] not in ALLOWED_MODULES:
        raise ProgramError(
            f"line {line}: import of {parts[0]!r} is not allowed; a solver has NumPy, Numba and the computing part of "
            "the standard library"
        )


def _check_entry(tree: ast.Module) -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    if any(isinstance(node, functions) and node.name == "main" for node in tree.body):
        top = [node for node in tree.body if not isinstance(node, (*functions, ast.ClassDef))]
        if not any(isinstance(name, ast.Name) and name.id == "main" for node in top for name in ast.walk(node)):
            raise ProgramError('main() is defined but never called: end with: if __name__ == "__main__": main()')
    elif not any(_does_something(node) for node in tree.body):
        raise ProgramError("the program has nothing to run: define main() that reads stdin and writes the answer")


def _does_something(node: ast.stmt) -> bool:
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        return any(isinstance(inner, ast.Call) for inner in ast.walk(node))
    is_constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return not isinstance(node, _DEFINITIONS) and not is_constant


def _check_names(tree: ast.Module, names: GlobalNames) -> None:
    if "*" in names.bindings or any(
        isinstance(node, ast.Name) and node.id in ("exec", "globals", "vars", "locals") for node in names.references
    ):
        return  # names may be made at run time
    optional = _names_guarded(tree)
    for node in names.references:
        name = node.id
        if name in names.bindings or name in _MODULE_NAMES or name in optional or hasattr(builtins, name):
            continue
        near = difflib.get_close_matches(name, list(names.bindings), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ProgramError(f"line {node.lineno}: the name {name!r} is defined nowhere{hint}")


def _names_guarded(tree: ast.Module) -> set[str]:
    """Return the names read inside a ``try`` that catches exceptions, where a missing one may be meant."""
    return {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and node.handlers
        for inner in node.body
        for name in ast.walk(inner)
        if isinstance(name, ast.Name)
    }
