"""Runs a program as a contest judge would: a compile pass, then one cold process per case, by the clock on the wall.

Start-up counts, so what a compile pass leaves behind (Numba's cache files) is there in every run, and nothing that one
run leaves is there in another. What it does *not* imitate: the judge's hardware and its versions of the packages.

A contest's judge has a processor to itself, and this machine may be busy. How long a run waited for a processor that
others had is measured by the kernel; one that was late, but would have been in time without that, is run again a few
times. Nothing else is forgiven: not sleep, not slowness, not what the host of a virtual machine takes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from ale_agent.errors import ToolsError
from ale_agent.evaluate import judging
from ale_agent.evaluate.result import CaseResult, Verdict
from ale_agent.problem import Case, Problem, ToolsHost, open_tools
from ale_agent.program import Program
from ale_agent.sandbox import Cold, Limits, Outcome, Run, Sandbox

_COMPILE_SECONDS = 120.0
_OVERTIME_FACTOR = 1.5
_RERUNS = 2
_UNMEASURED_SHARE = 0.7


@dataclass(frozen=True)
class CompilePass:
    """What the compile pass gave.

    Parameters
    ----------
    seconds
        How long it took, waiting for a processor left out, as in the next one.
    startup_seconds
        How long the same took again, with everything compiled: what every case pays before its solver begins.
    error
        Why it failed, empty if it did not. A judge keeps that to itself.
    """

    seconds: float
    startup_seconds: float
    error: str


@dataclass(frozen=True)
class JudgeReport(Mapping[int, CaseResult]):
    """Results by case seed, and how much of the limit went where.

    Parameters
    ----------
    results
        By case seed, in the order of the runs.
    compiled
        The compile pass.
    time_limit
        The problem's, in seconds.
    """

    results: Mapping[int, CaseResult]
    compiled: CompilePass
    time_limit: float

    def __getitem__(self, seed: int) -> CaseResult:
        return self.results[seed]

    def __iter__(self) -> Iterator[int]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    @property
    def startup_seconds(self) -> float:
        """What every case pays before its solver begins."""
        return self.compiled.startup_seconds

    @property
    def startup_share(self) -> float:
        """The part of the limit that start-up takes."""
        return self.startup_seconds / self.time_limit

    @property
    def slowest(self) -> CaseResult:
        """The case that took longest."""
        return max(self.results.values(), key=lambda result: result.wall_seconds)


def was_starved(result: CaseResult, limit: float) -> bool:
    """Whether a run was late, but in time without its waiting for a processor: that says nothing of the program.

    Where the kernel does not tell how long it waited, little processor time of its own has to do for a sign.
    """
    if result.verdict is not Verdict.TIME_LIMIT or result.wall_seconds <= limit:
        return False
    if result.queued_seconds is None:
        return result.cpu_seconds < _UNMEASURED_SHARE * result.wall_seconds
    return result.wall_seconds - result.queued_seconds <= limit


class Judge:
    """Judges programs of one problem; a program is compiled once, at its first run.

    Parameters
    ----------
    problem
        Whose cases, tools and limits.
    sandbox
        Where the programs run; not closed here.
    tools_factory
        Opens the problem's tools.
    may_run_again
        Whether there is time to run a case again that was late for waiting.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        sandbox: Sandbox,
        tools_factory: Callable[[], ToolsHost] | None = None,
        may_run_again: Callable[[], bool] = lambda: True,
    ) -> None:
        self._problem = problem
        self._may_run_again = may_run_again
        self._sandbox = sandbox
        self._tools = tools_factory() if tools_factory else open_tools(problem)
        self._helper = ThreadPoolExecutor(1, thread_name_prefix="judge-supervisor")
        self._compiled: dict[str, tuple[Cold, CompilePass]] = {}

    def compile(self, program: Program) -> CompilePass:
        """Make the compile pass if it was not made yet, and return what it gave."""
        if program.source not in self._compiled:
            cold = self._sandbox.cold(program.source)
            self._compiled[program.source] = (cold, self._compile(cold))
        return self._compiled[program.source][1]

    def run(
        self, program: Program, seeds: Sequence[int], *, on_result: Callable[[CaseResult], None] = lambda result: None
    ) -> JudgeReport:
        """Run a program on cases, one at a time.

        Parameters
        ----------
        program
            Finished: its defaults are what it runs with.
        seeds
            The cases.
        on_result
            Called with each result as it comes.
        """
        compiled = self.compile(program)
        results: dict[int, CaseResult] = {}
        for seed in seeds:
            results[seed] = self._run_case(self._compiled[program.source][0], seed)
            on_result(results[seed])
        return JudgeReport(results, compiled, self._problem.spec.time_limit)

    def close(self) -> None:
        """Remove what was compiled and stop the tools; harmless when repeated."""
        for cold, _ in self._compiled.values():
            cold.close()
        self._compiled.clear()
        self._tools.close()
        self._helper.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _compile(self, cold: Cold) -> CompilePass:
        run = Run(standard_input=b"", limits=self._limits(_COMPILE_SECONDS))
        first = _finish(cold, run)
        if judging.ended_from_outside(first):
            first = _finish(cold, run)
        fault = judging.fault_of(first)
        second = first if fault else _finish(cold, run)
        return CompilePass(_own_seconds(first), _own_seconds(second), fault[1] if fault else "")

    def _limits(self, wall_seconds: float) -> Limits:
        """Return limits that do not count waiting for a processor, so that a run which does can be watched to its end."""
        return Limits(
            wall_seconds=wall_seconds,
            cpu_seconds=wall_seconds * (os.cpu_count() or 1),
            memory_bytes=self._problem.spec.memory_limit_mb << 20,
        )

    def _run_case(self, cold: Cold, seed: int) -> CaseResult:
        try:
            case = self._case(seed)
        except ToolsError as error:
            return judging.unstarted(seed, Verdict.JUDGE_ERROR, str(error))
        limit = self._problem.spec.time_limit
        killed = late = 0
        while True:
            try:
                result = self._judge(cold, case)
            except judging.KilledError as error:
                killed += 1
                if killed > 1:
                    return error.again(seed)
                continue
            late += was_starved(result, limit)
            if late > _RERUNS or not was_starved(result, limit) or not self._may_run_again():
                return _told(result, limit, late)

    def _judge(self, cold: Cold, case: Case) -> CaseResult:
        limit = self._problem.spec.time_limit
        interactive = self._problem.spec.interactive
        text = None if interactive else case.text.encode()
        # Watched a little beyond the limit, so that a case that misses it narrowly says by how much.
        limits = self._limits(limit * _OVERTIME_FACTOR)
        running = cold.start(Run(standard_input=text, limits=limits))
        if interactive:
            result = judging.judge_interactive(
                case, running, self._tools, self._helper, wall_seconds=limits.longest_seconds, keep_output=True
            )
        else:
            result = judging.judge_batch(case, running.wait(), self._tools, keep_output=True)
        return _within(result, limit)

    def _case(self, seed: int) -> Case:
        return Case(seed, self._tools.generate(seed))


def judge_run(
    program: Program,
    problem: Problem,
    seeds: Sequence[int],
    *,
    sandbox: Sandbox,
    tools_factory: Callable[[], ToolsHost] | None = None,
    on_result: Callable[[CaseResult], None] = lambda result: None,
) -> JudgeReport:
    """Compile a program and run it on cases; for several calls with one program a `Judge` compiles only once."""
    with Judge(problem, sandbox=sandbox, tools_factory=tools_factory) as judge:
        return judge.run(program, seeds, on_result=on_result)


def _finish(cold: Cold, run: Run) -> Outcome:
    return cold.start(run, compile_pass=True).wait()


def _within(result: CaseResult, limit: float) -> CaseResult:
    """Return the result, turned into a time limit's where it came too late."""
    if not result.accepted or result.wall_seconds <= limit:
        return result
    message = f"{result.wall_seconds:.3f} s by the clock, {limit:g} allowed"
    return replace(result, verdict=Verdict.TIME_LIMIT, score=None, message=message)


def _told(result: CaseResult, limit: float, late: int) -> CaseResult:
    """Return the last run's result; where it was late, its message says how long a processor was waited for."""
    if result.verdict is not Verdict.TIME_LIMIT or not result.queued_seconds:
        return result
    waited = f"{result.queued_seconds:.3f} s of it waiting for a processor"
    if was_starved(result, limit):
        waited += f", and late only for that, {late} times: this machine is too busy to tell"
    first, newline, rest = result.message.partition("\n")
    return replace(result, message=f"{first} ({waited}){newline}{rest}")


def _own_seconds(outcome: Outcome) -> float:
    return outcome.wall_seconds - (outcome.queued_seconds or 0.0)
