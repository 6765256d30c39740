"""What was understood of a statement and what was not, in lines for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ale_agent.statement.statement import Statement

_MAXIMUM_SIZES = 8


def describe(statement: Statement, notes: Sequence[str] = ()) -> Statement:
    """Return the statement with its `understood` and `not_understood` lines filled in."""
    return replace(
        statement, understood=tuple(_understood(statement)), not_understood=(*_missing(statement, notes), *notes)
    )


def summary_lines(statement: Statement) -> list[str]:
    """Return a few lines for the terminal: what was understood, then what was not."""
    lines = [f"{statement.title or 'untitled'} ({statement.id}, {statement.kind})"]
    lines += [f"  {line}" for line in statement.understood]
    lines += [f"  not understood: {line}" for line in statement.not_understood]
    return lines


def _understood(statement: Statement) -> list[str]:
    features = statement.features
    lines = []
    limits = []
    if statement.time_limit is not None:
        limits.append(f"{statement.time_limit:g} s")
    if statement.memory_limit_mb is not None:
        limits.append(f"{statement.memory_limit_mb} MiB")
    if limits:
        lines.append(f"limits: {', '.join(limits)} a case")
    if statement.objective is not None:
        lines.append(f"objective: {statement.objective}")
    if statement.interactive:
        lines.append("interactive: solver and judge talk turn by turn")
    for name, schema in (("input", statement.input_format), ("output", statement.output_format)):
        if schema is not None and schema.verified:
            lines.append(f"{name}: {schema.describe()} (verified on the sample)")
    if statement.sizes:
        shown = [f"{name} {_range(ends)}" for name, ends in list(statement.sizes.items())[:_MAXIMUM_SIZES]]
        lines.append(f"sizes: {', '.join(shown)}")
    if statement.samples:
        lines.append(f"samples: {len(statement.samples)}")
    if features.answer_space is not None:
        lines.append(f"an answer looks like: {features.answer_space} ({features.answer_space_reason})")
    if features.archetypes:
        lines.append(f"kind: {', '.join(features.archetypes)}")
    return lines


def _range(ends: tuple[float, float]) -> str:
    return f"= {ends[0]:g}" if ends[0] == ends[1] else f"{ends[0]:g}..{ends[1]:g}"


def _missing(statement: Statement, notes: Sequence[str]) -> list[str]:
    missing = []
    if not statement.title:
        missing.append("title: none was found")
    if statement.time_limit is None:
        missing.append("time limit: none was found; the problem folder's is used")
    if statement.objective is None:
        missing.append("objective: nothing says whether more or less is better")
    # A block that was found and not understood has its note.
    noted = {note.partition(":")[0] for note in notes}
    if statement.input_format is None and not statement.interactive and "input format" not in noted:
        missing.append("input format: no block in an Input section")
    if statement.output_format is None and not statement.interactive and "output format" not in noted:
        missing.append("output format: no block in an Output section")
    if not statement.samples:
        missing.append("samples: none was found")
    if statement.features.answer_space is None:
        missing.append("answer space: nothing says what an answer is")
    return missing
