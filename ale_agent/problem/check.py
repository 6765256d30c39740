"""The whole contract of a problem folder, tried out: what is wrong, where, and how to mend it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal
from xml.etree import ElementTree

import numpy as np

from ale_agent.errors import ProblemError, ToolsError
from ale_agent.problem.bad_solvers import BAD_SOLVERS, play
from ale_agent.problem.case import Case
from ale_agent.problem.case_hashes import FILE as HASHES_FILE
from ale_agent.problem.case_hashes import case_hash, read_case_hashes
from ale_agent.problem.folder import Problem
from ale_agent.problem.host import PythonToolsHost
from ale_agent.problem.malformed import malformed_outputs
from ale_agent.problem.specification import PythonToolsSpec, read_text
from ale_agent.problem.tools import (
    InvalidAnswerError,
    SolverGoneError,
    SolverSilentError,
    ToolsHost,
    open_tools,
)

SECTIONS = ("Problem", "Scoring", "Input", "Output", "Constraints", "Input Generation", "Sample")
SCORE_SECONDS = 0.020
GENERATE_SECONDS = 0.050
GREATEST_SEED = (1 << 64) - 1

_TIMEOUT_SECONDS = 20.0
_COMPILE_SECONDS = 180.0
_SILENCE_SECONDS = 0.5
_ARRAY_CASES = 3
# Seeds and judged outputs that are timed, and how often each: the quickest run of each tells the work, the rest is noise.
_TIMED, _TIMED_CALLS = 5, 4
# A judge that hangs costs its whole timeout each time: a few examples tell enough.
_MAX_ALIKE = 3
_AT_FAULT = (InvalidAnswerError, SolverGoneError, SolverSilentError)
_HEADING = re.compile(r"^#{1,4}[ \t]+(.*?)[ \t#]*$", re.MULTILINE)

Severity = Literal["error", "warning"]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a problem folder.

    Parameters
    ----------
    severity
        ``error``: the contract is broken; ``warning``: it works, but not well.
    where
        The file, and the function, section or sample.
    what
        What is wrong, with the value.
    mend
        What to do.
    """

    severity: Severity
    where: str
    what: str
    mend: str


@dataclass(frozen=True)
class CheckReport:
    """What the check of a problem folder brought.

    Parameters
    ----------
    findings
        What is wrong; nothing if the contract holds.
    generate_seconds, score_seconds
        What the slowest of a few cases takes to make, and to judge, warmed up; None where that was not measured.
    hashes
        How many cases were compared with the contest's own.
    """

    findings: tuple[Finding, ...]
    generate_seconds: float | None = None
    score_seconds: float | None = None
    hashes: int = 0


@dataclass
class _Check:
    """A check under way: what it was asked, and what the stages so far leave for the later ones."""

    problem: Problem
    tools: ToolsHost
    seeds: Sequence[int]
    outputs: int
    rng: np.random.Generator
    progress: Progress
    all_hashes: bool
    cases: list[Case] = field(default_factory=list)
    # Cases with outputs that the judge accepts.
    judged: list[tuple[Case, str]] = field(default_factory=list)
    generate_seconds: float | None = None
    score_seconds: float | None = None
    hashes: int = 0

    @property
    def file(self) -> str:
        return "tools.py" if isinstance(self.problem.spec.tools, PythonToolsSpec) else "problem.toml [tools]"

    @property
    def judge(self) -> str:
        return f"{self.file}: {'interact' if self.problem.spec.interactive else 'score'}"

    def anything(self) -> tuple[Case, str] | None:
        """Return some case with some output, an accepted one if there is one."""
        if self.judged:
            return self.judged[0]
        return (self.cases[0], "1\n") if self.cases else None


def check_problem(
    problem: Problem,
    *,
    seeds: Sequence[int] = range(20),
    outputs: int = 500,
    rng: np.random.Generator,
    all_hashes: bool = False,
    progress: Progress | None = None,
) -> CheckReport:
    """Return what is wrong with a problem, and how fast its tools are.

    The tools run outside any sandbox: they are trusted as a program that a user starts.

    Parameters
    ----------
    problem
        A folder that loads.
    seeds
        Of the cases that are tried; the first ready-made ones instead where nothing generates others.
    outputs
        How many malformed outputs are tried.
    rng
        Draws answers and mutations.
    all_hashes
        Whether every case of case_hashes.csv is made and compared; otherwise those of the seeds that are tried.
    progress
        Told the stage, how much of it is done, and of how much.
    """
    stages = (
        _check_statement,
        _check_generate,
        _check_hashes,
        _check_samples,
        _check_arrays,
        _check_draw,
        _check_speed,
        _check_malformed,
        _check_bad_solvers,
    )
    findings: list[Finding] = []
    if problem.case_seeds_available is not None:
        seeds = problem.case_seeds_available[: max(1, len(seeds))]
    with open_tools(problem, timeout_seconds=_TIMEOUT_SECONDS) as tools:
        check = _Check(problem, tools, seeds, outputs, rng, progress or (lambda stage, done, total: None), all_hashes)
        for stage in stages:
            try:
                findings.extend(stage(check))
            except ToolsError as error:
                mend = "mend that first; what depends on it is not checked yet"
                findings.append(Finding("error", check.file, str(error), mend))
                if not check.cases and stage is not _check_statement:
                    break
    return CheckReport(tuple(findings), check.generate_seconds, check.score_seconds, check.hashes)


def _check_statement(check: _Check) -> Iterator[Finding]:
    path = check.problem.statement_path
    own = isinstance(check.problem.spec.tools, PythonToolsSpec)
    severity: Severity = "error" if own else "warning"
    if path is None:
        yield Finding(severity, "statement.md", "is missing", "write what a contestant reads")
        return
    if path.suffix != ".md":
        return
    try:
        text = read_text(path, max_bytes=4 << 20)
    except ProblemError as error:
        yield Finding("error", path.name, str(error), "save it as UTF-8 text")
        return
    headings = {heading.strip().lower() for heading in _HEADING.findall(text)}
    for section in SECTIONS:
        if section.lower() not in headings:
            yield Finding(severity, path.name, f"has no section '{section}'", f"add a heading '## {section}'")


def _check_generate(check: _Check) -> Iterator[Finding]:
    where = f"{check.file}: generate"
    any_seed = check.problem.case_seeds_available is None
    tried = [*check.seeds, *([GREATEST_SEED] if any_seed else [])]
    with open_tools(check.problem, timeout_seconds=_TIMEOUT_SECONDS) as fresh:
        for number, seed in enumerate(tried):
            check.progress("cases", number, len(tried))
            text = check.tools.generate(seed)
            check.cases.append(Case(seed, text))
            if isinstance(check.tools, PythonToolsHost) and check.tools.generate(seed) != text:
                yield Finding("error", where, f"gives two different cases for seed {seed}", "draw from the seed alone")
            elif fresh.generate(seed) != text:
                what = f"gives another case for seed {seed} in another process"
                yield Finding("error", where, what, "draw from the seed alone: no hash(), no sets, no time")
            if not text.strip():
                yield Finding("error", where, f"gives an empty case for seed {seed}", "return the case's text")
    if len(check.cases) > 2 and len({case.text for case in check.cases}) == 1 and any_seed:
        yield Finding("warning", where, "gives one and the same case for every seed", "use the seed")


def _check_hashes(check: _Check) -> Iterator[Finding]:
    try:
        known = read_case_hashes(check.problem.folder)
    except ProblemError as error:
        yield Finding("error", HASHES_FILE, str(error), "write one line seed,sha256 for each case")
        return
    made = {case.seed: case.text for case in check.cases}
    compared = [seed for seed in known if check.all_hashes or seed in made]
    others = []
    for number, seed in enumerate(compared):
        check.progress("hashes", number, len(compared))
        text = made[seed] if seed in made else check.tools.generate(seed)
        if case_hash(text) != known[seed]:
            others.append(seed)
    check.hashes = len(compared)
    if others:
        shown = ", ".join(map(str, others[:5])) + (", ..." if len(others) > 5 else "")
        what = f"gives other cases than the contest's for {len(others)} of {len(compared)} seeds: {shown}"
        yield Finding("error", f"{check.file}: generate", what, f"draw as the contest's generator does ({HASHES_FILE})")


def _check_samples(check: _Check) -> Iterator[Finding]:
    samples = check.problem.samples
    if not samples:
        yield Finding("warning", "samples/", "there are none", "add 0000.in, 0000.out and scores.json")
    for number, sample in enumerate(samples):
        check.progress("samples", number, len(samples))
        where = f"samples/{sample.name}"
        case = Case(int(sample.name) if sample.name.isdecimal() else number, sample.input)
        try:
            score = check.tools.score(case, sample.output)
        except _AT_FAULT as error:
            yield Finding("error", where, f"its output is refused: {error}", "mend the judge or the sample")
            continue
        check.judged.append((case, sample.output))
        if score != sample.score:
            what = f"is judged {score!r}, but scores.json says {sample.score!r}"
            yield Finding("error", where, what, "mend the judge or scores.json")


def _check_arrays(check: _Check) -> Iterator[Finding]:
    if not check.problem.array_level or not isinstance(check.tools, PythonToolsHost):
        return
    check.progress("arrays", 0, 1)
    cases = [*(case for case, _ in check.judged[:_ARRAY_CASES]), *check.cases[:_ARRAY_CASES]]
    request = {
        "cases": [case.text for case in cases],
        "objective": check.problem.spec.objective,
        "seed": int(check.rng.integers(1 << 62)),
    }
    places: set[str] = set()
    found = check.tools.call("check_arrays", request, cases[0].seed, extra_seconds=_COMPILE_SECONDS)
    for case, result in zip(cases, found, strict=True):
        check.judged.extend((case, output) for output in result["outputs"])
        if (finding := result["finding"]) is None or finding["where"] in places:
            continue
        # One broken function is broken on every case in the same way.
        places.add(finding["where"])
        severity: Severity = "error" if finding["severity"] == "error" else "warning"
        what = f"{finding['what']} (case of seed {case.seed})"
        yield Finding(severity, f"tools.py: {finding['where']}", what, finding["mend"])


def _check_draw(check: _Check) -> Iterator[Finding]:
    if not check.problem.has_draw:
        return
    where = f"{check.file}: draw"
    for number, (case, output) in enumerate(check.judged[:_MAX_ALIKE]):
        check.progress("pictures", number, _MAX_ALIKE)
        try:
            picture = check.tools.draw(case, output)
            tag = ElementTree.fromstring(picture).tag
        except InvalidAnswerError as error:
            yield Finding("error", where, f"refuses an output that the judge accepts: {error}", "draw every valid one")
            return
        except ElementTree.ParseError as error:
            yield Finding("error", where, f"gives no well-formed XML: {error}", "escape &, < and quotes")
            return
        if tag.rpartition("}")[2] != "svg":
            yield Finding("error", where, f"gives a picture that begins with <{tag}>", "return one <svg> element")
            return


def _check_speed(check: _Check) -> Iterator[Finding]:
    pairs = check.judged[:_TIMED]
    check.score_seconds = _slowest_seconds([partial(check.tools.score, *pair) for pair in pairs], check)
    if isinstance(check.problem.spec.tools, PythonToolsSpec):
        seeds = check.seeds[:_TIMED]
        check.generate_seconds = _slowest_seconds([partial(check.tools.generate, seed) for seed in seeds], check)
    limits = (
        (check.score_seconds, SCORE_SECONDS, check.judge, "use NumPy or Numba for the inner loops"),
        (check.generate_seconds, GENERATE_SECONDS, f"{check.file}: generate", "draw whole arrays, or compile the loop"),
    )
    for spent, limit, where, mend in limits:
        if spent is not None and spent > limit:
            what = f"takes {spent * 1e3:.0f} ms a case, more than {limit * 1e3:.0f} ms"
            yield Finding("warning", where, what, mend)


def _slowest_seconds(calls: Sequence[Callable[[], object]], check: _Check) -> float | None:
    """Return what the slowest call takes, each at its quickest; None if there is none."""
    quickest = []
    for number, call in enumerate(calls):
        check.progress("speed", number, len(calls))
        times = []
        for _ in range(_TIMED_CALLS):
            started = time.perf_counter()
            call()
            times.append(time.perf_counter() - started)
        quickest.append(min(times))
    return max(quickest, default=None)


def _check_malformed(check: _Check) -> Iterator[Finding]:
    if (some := check.anything()) is None:
        return
    bases: dict[Case, list[str]] = {}
    for case, output in check.judged or [some]:
        bases.setdefault(case, []).append(output)
    broken = 0
    done = 0
    for number, (case, valid) in enumerate(bases.items()):
        share = (check.outputs - done) // (len(bases) - number)
        for output in malformed_outputs(valid, share, check.rng):
            check.progress("malformed outputs", done, check.outputs)
            done += 1
            if (finding := _judge_malformed(check, case, output)) is not None:
                yield finding
                broken += finding.severity == "error"
                if broken >= _MAX_ALIKE:
                    return


def _judge_malformed(check: _Check, case: Case, output: str) -> Finding | None:
    """Return what the judge does wrong with a malformed output: any score or refusal with a reason is right."""
    shown = repr(output) if len(output) <= 100 else f"{output[:60]!r}... ({len(output)} characters)"
    try:
        check.tools.score(case, output)
    except _AT_FAULT as error:
        if str(error).strip():
            return None
        what = f"refuses the output {shown} without a reason"
        return Finding("error", check.judge, what, "say in the ValueError what is wrong and where")
    except ToolsError as error:
        mend = "check the output's form before using it, and raise ValueError(reason)"
        return Finding("error", check.judge, f"breaks on the output {shown}: {error}", mend)
    return None


def _check_bad_solvers(check: _Check) -> Iterator[Finding]:
    if not check.problem.spec.interactive or not check.cases:
        return
    expected: dict[str, type[Exception]] = {
        "stays silent": SolverSilentError,
        "floods with one endless line": InvalidAnswerError,
    }
    for number, (name, behaviour) in enumerate(BAD_SOLVERS.items()):
        check.progress("bad solvers", number, len(BAD_SOLVERS))
        outcome = "gives it a score"
        try:
            play(check.tools, check.cases[0], behaviour, wall_seconds=_SILENCE_SECONDS)
        except _AT_FAULT as error:
            if isinstance(error, expected.get(name, Exception)):
                continue
            outcome = f"says: {error}"
        except ToolsError as error:
            yield Finding("error", check.judge, f"with a solver that {name}: {error}", "raise ValueError(reason)")
            continue
        if name in expected:
            mend = "wait for the solver with solver.receive(), whose exceptions may pass"
            yield Finding("error", check.judge, f"with a solver that {name} {outcome}", mend)
