"""Making a program one file: the functions it uses of ``ale_agent.kit`` are written into it.

What the program needs of the kit, with all that those functions need in turn, is placed once, behind the block of
imports that holds the first import of the kit, in the order in which Python would have defined it. A kit name that the
program uses for something else is renamed. The program's text stays as it is but for the imports and the uses of
``module.name``.

Not covered: imports of the kit inside functions or conditions or by star, and its modules as values; these are refused.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ale_agent.errors import ProgramError
from ale_agent.program.identity import KIT_BEGIN, KIT_END
from ale_agent.program.kit_modules import (
    PACKAGE,
    Binding,
    Library,
    Module,
    Symbol,
    Use,
    import_bindings,
    kit_sources,
)
from ale_agent.program.syntax import MAXIMUM_BYTES, SourceText, replace_ranges

__all__ = ["bundle", "kit_sources"]


def bundle(source: str, *, kit: Mapping[str, str] | None = None) -> str:
    """Return the program as a single file without imports of ale_agent; one that has none comes back unchanged.

    Parameters
    ----------
    source
        A solver program.
    kit
        Sources of the kit's modules by name; the installed kit if absent.

    Raises
    ------
    ProgramError
        The kit is imported in a way that cannot be inlined, lacks what is asked of it, or the result is too long.
    """
    program = Module(None, SourceText.parse(source))
    if not any(binding.is_ours for binding in _all_bindings(program)):
        return source
    try:
        result = _Bundler(program, Library(kit_sources() if kit is None else kit)).run()
    except RecursionError:
        raise ProgramError("the program nests expressions too deeply to be bundled: break them up") from None
    size = len(result.encode())
    if size > MAXIMUM_BYTES:
        raise ProgramError(f"with the kit inlined the program has {size} bytes; at most {MAXIMUM_BYTES} are allowed")
    return result


@dataclass
class _Needs:
    """What has to be written: symbols by module in the order of import, and imports from outside."""

    modules: list[str]
    symbols: dict[str, set[str]]
    outside: list[tuple[str, Binding]]


class _Bundler:
    """One bundling: from the program and the library to the text."""

    def __init__(self, program: Module, library: Library) -> None:
        self.program = program
        self.library = library
        self.imports = _kit_imports(program)
        self.uses = list(library.uses(program))
        self.direct = self._direct_symbols()
        self.needs = self._collect()
        self.free_names = self._free_names()
        self.final_names: dict[Symbol, str] = {}
        self.final_outside: dict[Binding, str] = {}
        self._choose_names()

    def run(self) -> str:
        """Return the bundled text."""
        text, newline = self.program.source.text, _newline(self.program.source.text)
        first, last = self._block()
        changes = [(use.start, use.end, self.final_names[use.symbol]) for use in self.uses if use.attribute]
        insertion = self._line_end(self.program.source.tree.body[last])
        in_block: list[str] = []
        for position, node in self.imports:
            aliases = self._aliases(node)
            start, end = self._line_start(node), self._line_end(node)
            if first <= position <= last:
                in_block += aliases
                changes.append((start, end, ""))
            else:
                changes.append((start, end, "".join(f"{alias}{newline}" for alias in aliases)))
        inlined = newline.join(self._inlined(in_block).split("\n"))
        gap = newline if text[:insertion].endswith(("\n", "\r")) else newline * 2
        changes.append((insertion, insertion, gap + inlined))
        return replace_ranges(text, changes)

    def _direct_symbols(self) -> dict[str, Symbol]:
        """Return the program's names that kit imports bind to symbols (not to modules)."""
        found = {}
        for _, node in self.imports:
            for name, binding in import_bindings(node, None, "the program").items():
                if binding.is_ours:
                    symbol, _ = self.library.resolve(binding.path, f"the program, line {node.lineno}")
                    if symbol is not None:
                        found[name] = symbol
        return found

    def _collect(self) -> _Needs:
        needs = _Needs([], {}, [])
        wanted = sorted({*self.direct.values(), *(use.symbol for use in self.uses)})
        pending = list(wanted)
        while pending:
            symbol = pending.pop()
            names = needs.symbols.setdefault(symbol.module, set())
            if symbol.name in names:
                continue
            module = self.library.module(symbol.module)
            statement = module.units[symbol.name]
            bound = {name for name, unit in module.units.items() if unit is statement}
            names |= bound
            _refuse_double_definitions(module, bound)
            start, end = module.unit_span(statement)
            pending += [use.symbol for use in self.library.uses(module) if start <= use.start < end]
            self._collect_outside(module, start, end, needs)
        for name in sorted(needs.symbols):
            self._order(name, needs, ())
        return needs

    def _collect_outside(self, module: Module, start: int, end: int, needs: _Needs) -> None:
        for node in module.globals.references:
            if not start <= module.source.span(node)[0] < end:
                continue
            binding = module.imports.get(node.id)
            name = node.id
            if binding is None:
                dotted = [key for key in module.imports if key.startswith(f"{node.id}.")]
                for key in dotted:
                    needs.outside.append((key, module.imports[key]))
                if not dotted and node.id not in module.units:
                    self._check_builtin(module, node)
            elif not binding.is_ours and (name, binding) not in needs.outside:
                needs.outside.append((name, binding))

    def _check_builtin(self, module: Module, node: ast.Name) -> None:
        if not hasattr(builtins, node.id) and node.id not in ("__name__", "__file__", "__doc__"):
            raise ProgramError(f"{module.label}, line {node.lineno}: {node.id!r} is not defined at its top level")
        if node.id in self.program.globals.bindings:
            raise ProgramError(
                f"the program redefines the builtin {node.id!r}, which {module.label} uses: rename it in the program"
            )

    def _order(self, name: str, needs: _Needs, path: tuple[str, ...]) -> None:
        """Append a module behind those it imports, as Python would run them."""
        if name in needs.modules:
            return
        if name in path:
            raise ProgramError(f"modules of the kit import each other: {' -> '.join([*path, name])}")
        module = self.library.module(name)
        inner = sorted({use.symbol.module for use in self.library.uses(module)} - {name})
        for other in inner:
            if other in needs.symbols:
                self._order(other, needs, (*path, name))
        needs.modules.append(name)

    def _free_names(self) -> set[str]:
        """Return the names that a kit symbol can take without being something else in the program."""
        bindings = self.program.globals.bindings
        return {name for name in self.direct if len(bindings.get(name, [])) == 1}

    def _choose_names(self) -> None:
        program = self.program.globals
        bound_by_kit = self.free_names | {
            name
            for name, binding in self.program.imports.items()
            if binding.is_ours and len(program.bindings.get(name, [])) == 1
        }
        taken = ({node.id for node in program.references} | set(program.bindings)) - bound_by_kit
        modules = [self.program, *(self.library.module(name) for name in self.needs.modules)]
        captured = self._captured(modules)
        local = set().union(*(module.local_names for module in modules))
        for name, symbol in sorted(self.direct.items()):
            if name == symbol.name and name in self.free_names and name not in captured.get(symbol, ()):
                self.final_names[symbol] = name
        taken |= self.free_names
        for name, binding in self.needs.outside:
            self._name_outside(name, binding, taken, local)
        for module in self.needs.modules:
            for name in sorted(self.needs.symbols[module]):
                symbol = Symbol(module, name)
                if symbol not in self.final_names:
                    avoided = taken | captured.get(symbol, set())
                    fresh = _fresh(name, module.rpartition(".")[2] or "kit", avoided, local)
                    self.final_names[symbol] = fresh
                taken.add(self.final_names[symbol])

    def _captured(self, modules: list[Module]) -> dict[Symbol, set[str]]:
        """Return, for each symbol that is written differently somewhere, the local names of the texts that do so.

        Its final name put there could be caught by a local variable of the same name.
        """
        found: dict[Symbol, set[str]] = {}
        for module in modules:
            for use in self.library.uses(module):
                if module.source.text[use.start : use.end] != use.symbol.name and (
                    use.attribute or module.name is not None
                ):
                    found.setdefault(use.symbol, set()).update(module.local_names)
        return found

    def _name_outside(self, name: str, binding: Binding, taken: set[str], local: set[str]) -> None:
        if binding in self.final_outside:
            return
        top = name.split(".")[0]
        same = self.program.imports.get(name) == binding and len(self.program.globals.bindings.get(top, [])) == 1
        if same or top not in taken:
            self.final_outside[binding] = name
        elif "." in name:
            raise ProgramError(f"the program uses {top!r} for something else than the kit's import {name}: rename it")
        else:
            self.final_outside[binding] = _fresh(name, "kit", taken, local)
        taken.add(self.final_outside[binding].split(".")[0])

    def _block(self) -> tuple[int, int]:
        """Return the first and last position, in the program's body, of the imports around the first kit import."""
        body = self.program.source.tree.body
        first = last = self.imports[0][0]
        while first > 0 and isinstance(body[first - 1], (ast.Import, ast.ImportFrom)):
            first -= 1
        while last + 1 < len(body) and isinstance(body[last + 1], (ast.Import, ast.ImportFrom)):
            following = body[last + 2] if last + 2 < len(body) else None
            if following is not None and following.lineno == body[last + 1].end_lineno:
                break
            last += 1
        return first, last

    def _aliases(self, node: ast.Import | ast.ImportFrom) -> list[str]:
        """Return the assignments that bind what an import bound, where the names differ."""
        names = [name for name, binding in import_bindings(node, None, "the program").items() if binding.is_ours]
        pairs = [(name, self.final_names[self.direct[name]]) for name in names if name in self.direct]
        return [f"{name} = {final}" for name, final in pairs if name != final]

    def _inlined(self, aliases: list[str]) -> str:
        lines = [KIT_BEGIN, ""]
        block_end = self._line_end(self.program.source.tree.body[self._block()[1]])
        present = dict(self._imports_before(block_end))
        missing = [(binding, name) for binding, name in self.final_outside.items() if present.get(name) != binding]
        lines += sorted((binding.statement(name) for binding, name in missing), key=lambda line: (line[0] == "f", line))
        pieces = ["\n".join(lines)] if len(lines) > 2 else []
        for module in self.needs.modules:
            pieces += self._module_texts(self.library.module(module))
        if aliases:
            pieces.append("\n".join(aliases))
        if len(lines) == 2:
            pieces[:1] = ["\n".join([*lines, pieces[0]])]
        return "\n\n\n".join([*pieces, KIT_END]) + "\n"

    def _imports_before(self, end: int) -> Iterable[tuple[str, Binding]]:
        for node in self.program.source.tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)) and self.program.source.span(node)[0] < end:
                yield from import_bindings(node, None, "the program").items()

    def _module_texts(self, module: Module) -> list[str]:
        """Return the needed definitions of one module, headed by where they are from; constants together."""
        assert module.name is not None
        wanted = self.needs.symbols[module.name]
        statements = [node for node in module.source.tree.body if any(module.units.get(n) is node for n in wanted)]
        uses = list(self.library.uses(module))
        texts: list[str] = [f"# From {module.label}."]
        joins_constants = joins_any = True
        for statement in statements:
            constant = isinstance(statement, (ast.Assign, ast.AnnAssign))
            text = self._unit_text(module, statement, uses)
            if joins_any or (joins_constants and constant):
                texts[-1] += "\n" + text
            else:
                texts.append(text)
            joins_constants, joins_any = constant, False
        return texts

    def _unit_text(self, module: Module, statement: ast.stmt, uses: list[Use]) -> str:
        assert module.name is not None
        start, end = module.unit_span(statement)
        changes = [
            (use.start, use.end, self.final_names[use.symbol])
            for use in uses
            if start <= use.start < end and module.source.text[use.start : use.end] != self.final_names[use.symbol]
        ]
        name_span = module.name_span(statement)
        if name_span is not None:
            name = module.source.text[name_span[0] : name_span[1]]
            changes.append((*name_span, self.final_names[Symbol(module.name, name)]))
        for node in module.globals.references:
            binding = module.imports.get(node.id)
            span = module.source.span(node)
            if binding is not None and not binding.is_ours and start <= span[0] < end:
                final = self.final_outside[binding]
                if final != node.id:
                    _check_text(module, node, span)
                    changes.append((*span, final))
        moved = [(a - start, b - start, new) for a, b, new in changes]
        return "\n".join(replace_ranges(module.source.text[start:end], moved).splitlines())

    def _line_start(self, node: ast.stmt) -> int:
        return self.program.source.line_starts[node.lineno - 1]

    def _line_end(self, node: ast.stmt) -> int:
        line = node.end_lineno or node.lineno
        starts = self.program.source.line_starts
        return starts[line] if line < len(starts) else len(self.program.source.text)


def _all_bindings(program: Module) -> Iterable[Binding]:
    for node in ast.walk(program.source.tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from import_bindings(node, None, "the program").values()


def _kit_imports(program: Module) -> list[tuple[int, ast.Import | ast.ImportFrom]]:
    """Return the statements that import the kit, with their positions in the body, each alone on its lines."""
    body = program.source.tree.body
    found = []
    top = set()
    for position, node in enumerate(body):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        top.add(id(node))
        bindings = list(import_bindings(node, None, "the program").values())
        if not any(binding.is_ours for binding in bindings):
            continue
        if not all(binding.is_ours for binding in bindings):
            raise ProgramError(f"the program, line {node.lineno}: import ale_agent.kit in a statement of its own")
        around = body[max(0, position - 1) : position] + body[position + 1 : position + 2]
        if any(other.end_lineno == node.lineno or other.lineno == node.end_lineno for other in around):
            raise ProgramError(f"the program, line {node.lineno}: import ale_agent.kit on a line of its own")
        found.append((position, node))
    for inner in ast.walk(program.source.tree):
        if not isinstance(inner, (ast.Import, ast.ImportFrom)) or id(inner) in top:
            continue
        if any(binding.is_ours for binding in import_bindings(inner, None, "the program").values()):
            raise ProgramError(f"the program, line {inner.lineno}: import {PACKAGE}.kit at the top level only")
    return found


def _refuse_double_definitions(module: Module, names: Iterable[str]) -> None:
    for name in names:
        if len(module.globals.bindings.get(name, [])) > 1:
            raise ProgramError(f"{module.label} binds {name!r} more than once: it cannot be taken out of its module")


def _check_text(module: Module, node: ast.Name, span: tuple[int, int]) -> None:
    if module.source.text[span[0] : span[1]] != node.id:
        raise ProgramError(f"{module.label}, line {node.lineno}: {node.id} cannot be renamed here (in an f-string?)")


def _fresh(name: str, prefix: str, taken: set[str], local: set[str]) -> str:
    """Return the name, or one made from it, that is not taken; a new one is also no local name anywhere."""
    if name not in taken:
        return name
    stem = f"{'_' if name.startswith('_') else ''}{prefix}_{name.lstrip('_')}"
    number = 2
    candidate = stem
    while candidate in taken or candidate in local:
        candidate = f"{stem}_{number}"
        number += 1
    return candidate


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
