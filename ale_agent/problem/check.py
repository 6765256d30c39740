"""The whole contract of a problem folder, tried out: what is wrong, where, and how to mend it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from xml.etree import ElementTree

import numpy as np

from ale_agent.errors import ProblemError, ToolsError
from ale_agent.problem.bad_solvers import BAD_SOLVERS, play
from ale_agent.problem.case import Case
from ale_agent.problem.case_hashes import FILE as HASHES_FILE
from ale_agent.problem.case_hashes import case_hash, read_case_hashes
from ale_agent.problem.check_samples import check_dialogues, check_samples
from ale_agent.problem.check_statement import check_shown_samples, check_statement
from ale_agent.problem.finding import AT_FAULT, TIMEOUT_SECONDS, Check, CheckReport, Finding, Progress, Severity
from ale_agent.problem.folder import Problem
from ale_agent.problem.host import PythonToolsHost
from ale_agent.problem.malformed import malformed_outputs
from ale_agent.problem.specification import PythonToolsSpec
from ale_agent.problem.tools import InvalidAnswerError, SolverSilentError, open_tools

SCORE_SECONDS = 0.020
GENERATE_SECONDS = 0.050
GREATEST_SEED = (1 << 64) - 1

_COMPILE_SECONDS = 180.0
_SILENCE_SECONDS = 0.5
_ARRAY_CASES = 3
# Seeds and judged outputs that are timed, and how often each: the quickest run of each tells the work, the rest is noise.
_TIMED, _TIMED_CALLS = 5, 4
# A judge that hangs costs its whole timeout each time: a few examples tell enough.
_MAX_ALIKE = 3


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
        check_statement,
        _check_generate,
        _check_hashes,
        check_samples,
        check_dialogues,
        check_shown_samples,
        _check_arrays,
        _check_draw,
        _check_speed,
        _check_malformed,
        _check_bad_solvers,
    )
    findings: list[Finding] = []
    if problem.case_seeds_available is not None:
        seeds = problem.case_seeds_available[: max(1, len(seeds))]
    with open_tools(problem, timeout_seconds=TIMEOUT_SECONDS) as tools:
        check = Check(problem, tools, seeds, outputs, rng, progress or (lambda stage, done, total: None), all_hashes)
        for stage in stages:
            try:
                findings.extend(stage(check))
            except ToolsError as error:
                mend = "mend that first; what depends on it is not checked yet"
                findings.append(Finding("error", check.file, str(error), mend))
                if not check.cases and stage is not check_statement:
                    break
    return CheckReport(tuple(findings), check.generate_seconds, check.score_seconds, check.hashes)


def _check_generate(check: Check) -> Iterator[Finding]:
    where = f"{check.file}: generate"
    any_seed = check.problem.case_seeds_available is None
    tried = [*check.seeds, *([GREATEST_SEED] if any_seed else [])]
    with open_tools(check.problem, timeout_seconds=TIMEOUT_SECONDS) as fresh:
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


def _check_hashes(check: Check) -> Iterator[Finding]:
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


def _check_arrays(check: Check) -> Iterator[Finding]:
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


def _check_draw(check: Check) -> Iterator[Finding]:
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


def _check_speed(check: Check) -> Iterator[Finding]:
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


def _slowest_seconds(calls: Sequence[Callable[[], object]], check: Check) -> float | None:
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


def _check_malformed(check: Check) -> Iterator[Finding]:
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


def _judge_malformed(check: Check, case: Case, output: str) -> Finding | None:
    """Return what the judge does wrong with a malformed output: any score or refusal with a reason is right."""
    shown = repr(output) if len(output) <= 100 else f"{output[:60]!r}... ({len(output)} characters)"
    try:
        check.tools.score(case, output)
    except AT_FAULT as error:
        if str(error).strip():
            return None
        what = f"refuses the output {shown} without a reason"
        return Finding("error", check.judge, what, "say in the ValueError what is wrong and where")
    except ToolsError as error:
        mend = "check the output's form before using it, and raise ValueError(reason)"
        return Finding("error", check.judge, f"breaks on the output {shown}: {error}", mend)
    return None


def _check_bad_solvers(check: Check) -> Iterator[Finding]:
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
        except AT_FAULT as error:
            if isinstance(error, expected.get(name, Exception)):
                continue
            outcome = f"says: {error}"
        except ToolsError as error:
            yield Finding("error", check.judge, f"with a solver that {name}: {error}", "raise ValueError(reason)")
            continue
        if name in expected:
            mend = "wait for the solver with solver.receive(), whose exceptions may pass"
            yield Finding("error", check.judge, f"with a solver that {name} {outcome}", mend)
