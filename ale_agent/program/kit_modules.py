"""The kit's modules as text: what each defines, imports and uses, so that single functions can be taken out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import TypeGuard

from ale_agent.errors import ProgramError
from ale_agent.program.scopes import GlobalNames, global_names
from ale_agent.program.syntax import SourceText

PACKAGE = "ale_agent"
KIT = (PACKAGE, "kit")

_DEFINITION = re.compile(r"(?:async\s+)?(?:def|class)\s+")


@dataclass(frozen=True)
class Binding:
    """What an import binds a name to: a dotted path, and whether its last part was imported *from* the rest."""

    path: tuple[str, ...]
    is_from: bool

    @property
    def is_ours(self) -> bool:
        """Whether it leads into this project."""
        return self.path[0] == PACKAGE

    def statement(self, name: str) -> str:
        """Return the import that binds a name to this."""
        *module, last = self.path
        if self.is_from:
            return f"from {'.'.join(module)} import {last}" + ("" if name == last else f" as {name}")
        dotted = ".".join(self.path)
        return f"import {dotted}" + ("" if name == dotted else f" as {name}")


@dataclass(frozen=True, order=True)
class Symbol:
    """A function, class or constant of the kit: its module below the kit, ``""`` for the package, and its name."""

    module: str
    name: str


@dataclass(frozen=True)
class Use:
    """A place in a text that means a symbol of the kit, ``name`` or ``module.name``; its final name goes there."""

    start: int
    end: int
    symbol: Symbol
    attribute: bool


class Module:
    """One parsed text, a kit module or the program itself, with its imports and top-level definitions.

    Parameters
    ----------
    name
        Its dotted name below the kit; `None` for the program.
    source
        Its text.
    """

    def __init__(self, name: str | None, source: SourceText) -> None:
        self.name = name
        self.source = source
        self.label = "the program" if name is None else ".".join([*KIT, name]).rstrip(".")
        self.imports: dict[str, Binding] = {}
        self.units: dict[str, ast.stmt] = {}
        for statement in source.tree.body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                self.imports.update(import_bindings(statement, name, self.label))
            elif name is not None:
                for bound in _bound_by(statement):
                    self.units[bound] = statement

    @cached_property
    def globals(self) -> GlobalNames:
        """Its global names."""
        return global_names(self.source.tree)

    @cached_property
    def local_names(self) -> set[str]:
        """Names that are local in some function or class body."""
        outside = {id(node) for node in self.globals.references}
        found = {node.arg for node in ast.walk(self.source.tree) if isinstance(node, ast.arg)}
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Name) and id(node) not in outside:
                found.add(node.id)
        top = {id(node) for nodes in self.globals.bindings.values() for node in nodes}
        found |= {node.name for node in ast.walk(self.source.tree) if _is_definition(node) and id(node) not in top}
        return found

    @cached_property
    def parents(self) -> dict[int, ast.AST]:
        """Each node's parent, by the node's id."""
        return {id(child): node for node in ast.walk(self.source.tree) for child in ast.iter_child_nodes(node)}

    def unit_span(self, statement: ast.stmt) -> tuple[int, int]:
        """Return start and end of a definition with its decorators and the comment lines right above it."""
        decorators = getattr(statement, "decorator_list", [])
        line = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
        starts, text = self.source.line_starts, self.source.text
        while line > 1 and text[starts[line - 2] :].startswith("#"):
            line -= 1
        return starts[line - 1], self.source.span(statement)[1]

    def name_span(self, statement: ast.stmt) -> tuple[int, int] | None:
        """Return where a ``def`` or ``class`` has its name, `None` for other statements."""
        if not _is_definition(statement):
            return None
        start = self.source.span(statement)[0]
        match = _DEFINITION.match(self.source.text, start)
        if match is None:
            raise ProgramError(f"{self.label}, line {statement.lineno}: the definition cannot be taken apart")
        return match.end(), match.end() + len(statement.name)


class Library:
    """The kit's modules, parsed when needed.

    Parameters
    ----------
    sources
        Text of each module by its dotted name below the kit; ``""`` is the package itself.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = {"": "", **sources}
        self._modules: dict[str, Module] = {}
        self._uses: dict[str | None, list[Use]] = {}

    def module(self, name: str) -> Module:
        """Return a module by its name below the kit."""
        if name not in self._modules:
            label = ".".join([*KIT, name]).rstrip(".")
            self._modules[name] = Module(name, SourceText.parse(self.sources[name], name=label))
        return self._modules[name]

    def uses(self, module: Module) -> list[Use]:
        """Return every place of a module that means a symbol of the kit, its own definitions included."""
        if module.name not in self._uses:
            self._uses[module.name] = list(self._find_uses(module))
        return self._uses[module.name]

    def _find_uses(self, module: Module) -> Iterator[Use]:
        for node in module.globals.references:
            binding = module.imports.get(node.id)
            if binding is not None and binding.is_ours and isinstance(node.ctx, ast.Load):
                yield self._follow(module, node, binding)
            elif module.name is not None and node.id in module.units:
                yield Use(*module.source.span(node), Symbol(module.name, node.id), attribute=False)

    def resolve(self, path: tuple[str, ...], where: str) -> tuple[Symbol | None, int]:
        """Return the symbol at a dotted path and how many parts lead to it; `None` if the path ends at a module.

        Raises
        ------
        ProgramError
            There is no such module or definition, or it is not the kit's.
        """
        shown = ".".join(path)
        if path[: len(KIT)] != KIT[: len(path)]:
            raise ProgramError(f"{where}: {shown} is not in ale_agent.kit, the only part that a program may import")
        for length in range(len(KIT), len(path)):
            name = ".".join(path[len(KIT) : length + 1])
            if name in self.sources:
                continue
            return self._symbol(".".join(path[len(KIT) : length]), path[length], f"{where}: {shown}"), length + 1
        return None, len(path)

    def _symbol(self, module_name: str, name: str, where: str) -> Symbol:
        seen: set[Symbol] = set()
        symbol = Symbol(module_name, name)
        while symbol not in seen:
            seen.add(symbol)
            module = self.module(symbol.module)
            if symbol.name in module.units:
                return symbol
            binding = module.imports.get(symbol.name)
            if binding is None:
                break
            if not binding.is_ours:
                raise ProgramError(f"{where}: that is {'.'.join(binding.path)}; import it from there")
            target, _ = self.resolve(binding.path, module.label)
            if target is None:
                break
            symbol = target
        raise ProgramError(f"{where}: {module.label} defines no {name!r}{_known(self, symbol.module)}")

    def _follow(self, module: Module, node: ast.Name, binding: Binding) -> Use:
        """Return the use that starts at a name bound by a kit import, attributes included as far as they lead."""
        path = binding.path
        chain: list[ast.expr] = [node]
        parent = module.parents.get(id(node))
        while isinstance(parent, ast.Attribute):
            chain.append(parent)
            parent = module.parents.get(id(parent))
        where = f"{module.label}, line {node.lineno}"
        attributes = [link.attr for link in chain[1:] if isinstance(link, ast.Attribute)]
        symbol, length = self.resolve((*path, *attributes), where)
        if symbol is None:
            raise ProgramError(f"{where}: a module of the kit is used as a value; use its functions one by one")
        last = chain[max(0, length - len(path))]
        if isinstance(last, ast.Attribute) and not isinstance(last.ctx, ast.Load):
            raise ProgramError(f"{where}: assigning to {'.'.join((*path, *attributes))} is not possible in one file")
        start, end_index = module.source.span(last)
        shown = module.source.text[start:end_index]
        expected = ".".join([node.id, *attributes[: max(0, length - len(path))]])
        if "".join(shown.split()) != expected:
            raise ProgramError(f"{where}: {expected} cannot be rewritten here (in an f-string?); assign it to a name")
        return Use(start, end_index, symbol, attribute=last is not node)


def import_bindings(node: ast.Import | ast.ImportFrom, module: str | None, label: str) -> dict[str, Binding]:
    """Return what an import statement binds; relative ones are resolved inside the kit.

    Raises
    ------
    ProgramError
        A star import of the kit, or a relative import outside it.
    """
    if isinstance(node, ast.Import):
        found = {}
        for alias in node.names:
            path = tuple(alias.name.split("."))
            if alias.asname is None and path[0] == PACKAGE:
                found[PACKAGE] = Binding((PACKAGE,), is_from=False)
            else:
                found[alias.asname or alias.name] = Binding(path, is_from=False)
        return found
    base = _base(node, module, label)
    if base[:1] == ("__future__",):
        return {}
    if base[:1] == (PACKAGE,) and any(alias.name == "*" for alias in node.names):
        raise ProgramError(f"{label}, line {node.lineno}: name what you import from {'.'.join(base)}; no star import")
    return {alias.asname or alias.name: Binding((*base, alias.name), is_from=True) for alias in node.names}


def _base(node: ast.ImportFrom, module: str | None, label: str) -> tuple[str, ...]:
    tail = tuple(node.module.split(".")) if node.module else ()
    if node.level == 0:
        return tail
    if module is None:
        raise ProgramError(f"{label}, line {node.lineno}: a relative import has no meaning in a single file")
    package = [*KIT, *(module.split(".") if module else [])]
    # The package's own ``__init__`` is its own base; a module's base is the package that holds it.
    levels = node.level if module else node.level - 1
    return (*package[: len(package) - levels], *tail)


def _is_definition(node: ast.AST) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def _bound_by(statement: ast.stmt) -> list[str]:
    if _is_definition(statement):
        return [statement.name]
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return []


def _known(library: Library, module: str) -> str:
    names = [name for name in library.module(module).units if not name.startswith("_")]
    return f"; it has {', '.join(names[:12])}" if names else ""


@cache
def kit_sources() -> dict[str, str]:
    """Return the installed kit's modules as text, by dotted name below ``ale_agent.kit``."""
    found: dict[str, str] = {}
    pending = [("", resources.files(PACKAGE) / "kit")]
    while pending:
        prefix, folder = pending.pop()
        for entry in folder.iterdir():
            name = f"{prefix}.{entry.name}".lstrip(".")
            if entry.is_dir() and entry.name.isidentifier() and not entry.name.startswith("__"):
                pending.append((name, entry))
            elif entry.name == "__init__.py":
                found[prefix] = entry.read_text(encoding="utf-8")
            elif entry.name.endswith(".py"):
                found[name.removesuffix(".py")] = entry.read_text(encoding="utf-8")
    return found
