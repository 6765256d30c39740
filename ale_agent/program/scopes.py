"""Which names of a module are global: bound at its top level, or read from there inside functions.

Python's own rules, statically: function arguments and assignments are local unless declared ``global``; a class body's
names are seen in the body only; a comprehension has a scope of its own. Names made by ``exec``, ``globals()`` or a star
import are not seen.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass
class GlobalNames:
    """What a module does with its global names.

    Parameters
    ----------
    references
        Every `ast.Name` that means a global (or a builtin), in any scope, reads and writes alike.
    bindings
        For each global name the nodes that bind it: assignments, definitions, imports.
    """

    references: list[ast.Name] = field(default_factory=list)
    bindings: dict[str, list[ast.AST]] = field(default_factory=lambda: defaultdict(list))


def global_names(tree: ast.Module) -> GlobalNames:
    """Return the module's global names; cost linear in its size."""
    found = GlobalNames()
    for statement in tree.body:
        _visit(statement, (), frozenset(), found)
    return found


def _visit(node: ast.AST, enclosing: tuple[frozenset[str], ...], declared: frozenset[str], found: GlobalNames) -> None:
    """Collect from a node; `enclosing` holds the local names of the scopes around it, outermost first."""
    if isinstance(node, ast.Name):
        if _is_global(node.id, enclosing, declared):
            found.references.append(node)
            if not isinstance(node.ctx, ast.Load):
                found.bindings[node.id].append(node)
        return
    for name in _names_bound(node):
        if _is_global(name, enclosing, declared):
            found.bindings[name].append(node)
    if isinstance(node, _Function):
        _visit_function(node, enclosing, enclosing, declared, found)
    elif isinstance(node, ast.ClassDef):
        _visit_class(node, enclosing, declared, found)
    elif isinstance(node, _Comprehension):
        _visit_comprehension(node, enclosing, declared, found)
    else:
        for child in ast.iter_child_nodes(node):
            _visit(child, enclosing, declared, found)


def _is_global(name: str, enclosing: tuple[frozenset[str], ...], declared: frozenset[str]) -> bool:
    return name in declared or not any(name in scope for scope in enclosing)


def _visit_function(
    node: _Function,
    around: tuple[frozenset[str], ...],
    enclosing: tuple[frozenset[str], ...],
    declared: frozenset[str],
    found: GlobalNames,
) -> None:
    """Collect from a function; decorators, defaults and annotations see `around`, its body `enclosing`."""
    arguments = node.args
    outside: list[ast.AST] = [*arguments.defaults, *(value for value in arguments.kw_defaults if value is not None)]
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
    outside += [argument.annotation for argument in every if argument.annotation is not None]
    body: list[ast.AST]
    if isinstance(node, ast.Lambda):
        body = [node.body]
    else:
        outside += node.decorator_list
        outside += [node.returns] if node.returns is not None else []
        body = list(node.body)
    for child in outside:
        _visit(child, around, declared, found)
    local, inner_declared, nonlocal_names = _locals_of(body)
    local |= {argument.arg for argument in every}
    scope = frozenset(local - inner_declared - nonlocal_names)
    inner = frozenset((declared | inner_declared) - scope - nonlocal_names)
    for child in body:
        _visit(child, (*enclosing, scope), inner, found)


def _visit_class(
    node: ast.ClassDef, enclosing: tuple[frozenset[str], ...], declared: frozenset[str], found: GlobalNames
) -> None:
    for child in (*node.decorator_list, *node.bases, *node.keywords):
        _visit(child, enclosing, declared, found)
    local, inner_declared, nonlocal_names = _locals_of(list(node.body))
    scope = frozenset(local - inner_declared - nonlocal_names)
    around = (*enclosing, scope)
    for child in node.body:
        if isinstance(child, _Function):
            # A method's body does not see the class body's names.
            _visit_function(child, around, enclosing, declared | inner_declared, found)
        else:
            _visit(child, around, declared | inner_declared, found)


def _visit_comprehension(
    node: _Comprehension, enclosing: tuple[frozenset[str], ...], declared: frozenset[str], found: GlobalNames
) -> None:
    scope = frozenset(
        name.id
        for generator in node.generators
        for name in ast.walk(generator.target)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    )
    first = node.generators[0]
    _visit(first.iter, enclosing, declared, found)
    inner = (*enclosing, scope)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.comprehension):
            parts = [child.target, *child.ifs] + ([] if child is first else [child.iter])
            for part in parts:
                _visit(part, inner, declared - scope, found)
        else:
            _visit(child, inner, declared - scope, found)


def _locals_of(body: list[ast.AST]) -> tuple[set[str], set[str], set[str]]:
    """Return what a body binds, what it declares global, and what it declares nonlocal."""
    bound: set[str] = set()
    declared: set[str] = set()
    nonlocal_names: set[str] = set()
    for node in _own_nodes(body):
        if isinstance(node, ast.Global):
            declared.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            nonlocal_names.update(node.names)
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                bound.add(node.id)
        else:
            bound.update(_names_bound(node))
    return bound, declared, nonlocal_names


def _own_nodes(body: list[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes of one scope; a walrus in a comprehension binds in the scope around it."""
    pending = list(reversed(body))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, (*_Function.__args__, ast.ClassDef)):
            continue
        if isinstance(node, _Comprehension):
            pending += [walrus.target for walrus in ast.walk(node) if isinstance(walrus, ast.NamedExpr)]
            continue
        pending.extend(ast.iter_child_nodes(node))


def _names_bound(node: ast.AST) -> list[str]:
    """Return the names that a node other than `ast.Name` binds in its own scope."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Import):
        return [alias.asname or alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        return [node.name]
    if isinstance(node, ast.MatchMapping) and node.rest:
        return [node.rest]
    return []
