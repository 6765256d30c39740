"""Writing tuned values into a program: new defaults in its ``PARAMETERS``, the rest of the text untouched."""

from __future__ import annotations

from collections.abc import Mapping

from ale_agent.errors import ProgramError
from ale_agent.program.parameters import Value, find_defaults, find_table
from ale_agent.program.program import Program
from ale_agent.program.syntax import SourceText


def bake(program: Program, values: Mapping[str, Value]) -> Program:
    """Return the program with these values as its defaults.

    Raises
    ------
    ProgramError
        A name is not declared, or a value does not fit its parameter.
    """
    declared = {parameter.name: parameter for parameter in program.parameters}
    unknown = sorted(set(values) - set(declared))
    if unknown:
        raise ProgramError(f"the program declares no parameter {unknown[0]!r}; it has {sorted(declared)}")
    source = SourceText.parse(program.source)
    table = find_table(source.tree)
    if table is None or not values:
        return program
    nodes = find_defaults(table)
    changes = []
    for name, value in values.items():
        new = declared[name].checked(value)
        if type(new) is not type(declared[name].default) or new != declared[name].default:
            changes.append((*source.span(nodes[name]), repr(new)))
    return Program.from_source(source.replaced(changes)) if changes else program
