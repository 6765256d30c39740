"""The check of a statement: it has its sections, and says what problem.toml, tools.py and the samples do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ale_agent.errors import ProblemError, StatementError
from ale_agent.problem.finding import Check, Finding
from ale_agent.problem.new import stub_texts
from ale_agent.problem.score import Objective
from ale_agent.problem.specification import read_text
from ale_agent.problem.text_difference import Difference, difference
from ale_agent.statement import Sample, Statement, parse_statement, read_statement
from ale_agent.statement.limits import find_memory_limits, find_time_limits

SECTIONS = ("Problem", "Scoring", "Input", "Output", "Constraints", "Input Generation", "Sample")

_HEADING = re.compile(r"^#{1,4}[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_OBJECTIVES: tuple[Objective, ...] = ("maximize", "minimize")
_DOTS = "(a line of dots stands for lines that are left out)"


def check_statement(check: Check) -> Iterator[Finding]:
    """Yield what is missing in the statement, and where it contradicts problem.toml."""
    path = check.problem.statement_path
    if path is None:
        yield Finding(check.statement_severity, "statement.md", "is missing", "write what a contestant reads")
        return
    try:
        if path.suffix == ".md":
            text = read_text(path, max_bytes=4 << 20)
            yield from _check_sections(check, path.name, text)
            check.statement = parse_statement(text, "markdown")
        else:
            check.statement = read_statement(path)
    except ProblemError as error:
        yield Finding("error", path.name, str(error), "save it as UTF-8 text")
        return
    except StatementError as error:
        yield Finding(check.statement_severity, path.name, str(error), "write what a contestant reads")
        return
    yield from _check_limits(check, path.name)
    yield from _check_objective(check, path.name)
    yield from _check_stub(check, path.name)


def _check_sections(check: Check, name: str, text: str) -> Iterator[Finding]:
    headings = {heading.strip().lower() for heading in _HEADING.findall(text)}
    for section in SECTIONS:
        if section.lower() not in headings:
            yield Finding(
                check.statement_severity, name, f"has no section '{section}'", f"add a heading '## {section}'"
            )


def _check_limits(check: Check, name: str) -> Iterator[Finding]:
    assert check.statement is not None
    spec = check.problem.spec
    limits = (
        ("time", "s", find_time_limits, check.statement.time_limit, "time_limit", spec.time_limit),
        ("memory", "MB", find_memory_limits, check.statement.memory_limit_mb, "memory_limit_mb", spec.memory_limit_mb),
    )
    lines = check.statement.text.split("\n")
    for what, unit, find, said, key, meant in limits:
        if said is None or said == meant:
            continue
        line = next((line for line in lines if said in find(line)), "")
        shown = f" ({line.strip()[:80]!r})" if line else ""
        contradiction = f"says a {what} limit of {said:g} {unit}{shown}, but problem.toml has {key} = {meant:g}"
        yield Finding("warning", name, contradiction, "make both the same")


def _check_objective(check: Check, name: str) -> Iterator[Finding]:
    assert check.statement is not None
    said, meant = check.statement.objective, check.problem.spec.objective
    if said is not None and said != meant:
        word = {"maximize": "more", "minimize": "less"}
        # Its words were weighed, and it is no more than that.
        what = f"reads as if {word[said]} were better, but problem.toml has objective = '{meant}'"
        mend = f"say in section Scoring that {word[meant]} is better, or correct the objective"
        yield Finding("warning", name, what, mend)


def _check_stub(check: Check, name: str) -> Iterator[Finding]:
    """Yield that the statement is the one which `problem new` writes, where the cases are no longer its."""
    assert check.statement is not None
    spec = check.problem.spec
    for objective in _OBJECTIVES:
        stub = stub_texts(spec.id, objective=objective, interactive=spec.interactive)
        told = parse_statement(stub["statement.md"], "markdown")
        if _body(told) == _body(check.statement) and not _same_cases(stub["tools.py"], check.problem.tools_source):
            what = "is still the text that 'problem new' writes, but tools.py makes other cases"
            yield Finding(check.statement_severity, name, what, "tell the problem that tools.py judges")
            return


def _body(statement: Statement) -> list[str]:
    """Return the words behind title and limits, which are as easily changed as no matter."""
    return statement.text.partition("## Problem")[2].split()


def _same_cases(stub: str, tools: str | None) -> bool:
    return tools is not None and _generate(stub) == _generate(tools)


def _generate(tools: str) -> str:
    """Return the statements of the function `generate`: comments and the form of its lines are no matter."""
    functions = (node for node in ast.parse(tools).body if isinstance(node, ast.FunctionDef))
    return next((ast.dump(node) for node in functions if node.name == "generate"), "")


@dataclass(frozen=True)
class _Known:
    """A sample of the folder as a contestant would see it, and what its two sides are called."""

    input: str
    output: str
    input_name: str
    output_name: str


def check_shown_samples(check: Check) -> Iterator[Finding]:
    """Yield the samples of the statement that are none of the folder's: nobody judges those."""
    path = check.problem.statement_path
    if check.statement is None or path is None:
        return
    interactive = check.problem.spec.interactive
    known = []
    for sample in check.problem.samples:
        place = f"samples/{sample.name}"
        if interactive and sample.name in check.sent:
            sent = f"what the judge sends in the dialogue of {place}"
            known.append(_Known(check.sent[sample.name], sample.output, sent, f"{place}.out"))
        elif not interactive:
            known.append(_Known(sample.input, sample.output, f"{place}.in", f"{place}.out"))
    for number, shown in enumerate(check.statement.samples, start=1):
        rivals = [one for one in known if _is_whole(shown, one)] if interactive else known
        if rivals and (told := _contradiction(shown, rivals, number)) is not None:
            mend = f"make both the same {_DOTS}, or add the statement's sample to samples/"
            yield Finding("warning", path.name, told, mend)


def _is_whole(shown: Sample, known: _Known) -> bool:
    """Whether a statement's sample is a whole dialogue, and this one: a part of one, or one in words, is not compared."""
    if not shown.input.strip() or not shown.output.strip():
        return False
    same_length = len(shown.output.split("\n")) == len(known.output.rstrip("\n").split("\n"))
    return same_length or difference(shown.input, known.input) is None


def _contradiction(shown: Sample, known: Sequence[_Known], number: int) -> str | None:
    """Return where a shown sample differs from the one that is most like it, None if it is one of them."""
    inputs = [difference(shown.input, one.input) if shown.input.strip() else None for one in known]
    outputs = [difference(shown.output, one.output) if shown.output.strip() else None for one in known]
    if any(one is None and other is None for one, other in zip(inputs, outputs, strict=True)):
        return None
    nearest = max(range(len(known)), key=lambda place: (_agreement(inputs[place]), _agreement(outputs[place])))
    if (found := inputs[nearest]) is not None:
        return f"sample input {number} differs from {known[nearest].input_name} {_told(found)}"
    found = outputs[nearest]
    assert found is not None
    return f"sample output {number} differs from {known[nearest].output_name} {_told(found)}"


def _agreement(found: Difference | None) -> float:
    return float("inf") if found is None else found.line


def _told(found: Difference) -> str:
    return f"in line {found.line}: {found.one!r} is {found.other!r} there"
