"""Evaluates programs on this machine: one slot per core, each with the problem's tools, programs warm in a sandbox."""

from __future__ import annotations

import json
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Literal

from ale_agent.errors import AleAgentError, ToolsError
from ale_agent.evaluate import judging
from ale_agent.evaluate.cases import CaseStore
from ale_agent.evaluate.programs import ProgramStore
from ale_agent.evaluate.result import CaseResult, Job, Verdict
from ale_agent.problem import Case, Problem, ToolsHost, open_tools
from ale_agent.program import Program
from ale_agent.sandbox import Limits, Loaded, RefusedError, Run, Running, Sandbox, open_sandbox

SolverClock = Literal["cpu", "wall"]

_WALL_FACTOR, _WALL_EXTRA = 4.0, 5.0
_INTERACTIVE_IDLE_EXTRA = 5.0


@dataclass(frozen=True, kw_only=True)
class RunRules:
    """How time is counted and what a run may use beside it.

    Parameters
    ----------
    clock
        Which time a solver's limit means: ``cpu`` varies little under load, ``wall`` is the contest's.
    grace_seconds
        Time beyond the limit that is still forgiven: leaving takes a moment.
    memory_bytes, output_bytes
        What a run may use and write.
    """

    clock: SolverClock = "cpu"
    grace_seconds: float = 0.1
    memory_bytes: int = 1024 << 20
    output_bytes: int = 64 << 20

    def limits(self, time_limit: float, *, interactive: bool) -> Limits:
        """Return the limits of a run whose solver is told `time_limit`."""
        most = time_limit + self.grace_seconds
        if self.clock == "wall":
            return Limits(wall_seconds=most, memory_bytes=self.memory_bytes, output_bytes=self.output_bytes)
        return Limits(
            cpu_seconds=most,
            wall_seconds=_WALL_FACTOR * time_limit + _WALL_EXTRA + (_INTERACTIVE_IDLE_EXTRA if interactive else 0.0),
            idle_seconds=most + (_INTERACTIVE_IDLE_EXTRA if interactive else 0.0),
            memory_bytes=self.memory_bytes,
            output_bytes=self.output_bytes,
        )


@dataclass(eq=False)
class _Batch:
    """Jobs of one call of `evaluate`, and what became of them."""

    program: Program
    results: queue.SimpleQueue[CaseResult | BaseException] = field(default_factory=queue.SimpleQueue)
    running: set[Running] = field(default_factory=set)
    guard: threading.Lock = field(default_factory=threading.Lock)
    over: bool = False

    def enter(self, running: Running) -> None:
        with self.guard:
            self.running.add(running)
            if self.over:
                running.cancel()

    def leave(self, running: Running) -> None:
        with self.guard:
            self.running.discard(running)

    def cancel(self) -> None:
        with self.guard:
            self.over = True
            for running in self.running:
                running.cancel()


class PoolEvaluator:
    """`ale_agent.evaluate.evaluator.Evaluator` on the cores of this machine.

    Parameters
    ----------
    problem
        Whose cases, judged by its tools.
    sandbox
        Where programs run; the machine's own if None. One that is given is not closed.
    workers
        How many cases run at once; the number of usable cores if None.
    clock
        Which time counts.
    tools_factory
        Opens the problem's tools, once per slot.
    keep_loaded
        How many programs stay loaded beside those in use.
    load_cpu_seconds
        What loading a program may take.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        sandbox: Sandbox | None = None,
        workers: int | None = None,
        clock: SolverClock = "cpu",
        tools_factory: Callable[[], ToolsHost] | None = None,
        keep_loaded: int = 4,
        load_cpu_seconds: float = 60.0,
    ) -> None:
        memory_bytes = problem.spec.memory_limit_mb << 20
        self._rules = RunRules(clock=clock, memory_bytes=memory_bytes)
        self._interactive = problem.spec.interactive
        self._own_sandbox = open_sandbox("auto") if sandbox is None else None
        used = sandbox or self._own_sandbox
        assert used is not None
        self._programs = ProgramStore(used, kept=keep_loaded, cpu_seconds=load_cpu_seconds, memory_bytes=memory_bytes)
        self._cases = CaseStore()
        self._open_tools = tools_factory or (lambda: open_tools(problem))
        self._tasks: queue.SimpleQueue[tuple[_Batch, Job] | None] = queue.SimpleQueue()
        self._batches: set[_Batch] = set()
        self._closed = False
        self._workers = workers or len(os.sched_getaffinity(0))
        self._slots: list[threading.Thread] = []
        self._starting = threading.Lock()

    def prepare(self, program: Program) -> None:
        """Begin loading a program in the background; returns at once."""
        self._programs.prepare(program)

    def evaluate(self, program: Program, jobs: Sequence[Job]) -> Iterator[CaseResult]:
        """Run the jobs in parallel and yield the results as they come; closing the iterator ends what still runs.

        Raises
        ------
        AleAgentError
            Something of ours failed, such as the sandbox; never what the program does.
        """
        self._start_slots()
        self._programs.prepare(program)
        batch = _Batch(program)
        self._batches.add(batch)
        try:
            for job in jobs:
                self._tasks.put((batch, job))
            for _ in jobs:
                result = batch.results.get()
                if isinstance(result, BaseException):
                    raise result
                yield result
        finally:
            batch.cancel()
            self._batches.discard(batch)

    def load_error(self, program: Program) -> str:
        """Return why a program cannot be started, empty if it can; waits until it is loaded."""
        with self._programs.borrow(program) as loaded:
            return loaded.error

    def load_seconds(self, program: Program) -> float:
        """Return the processor time that loading took; waits until it is loaded."""
        with self._programs.borrow(program) as loaded:
            return loaded.load_seconds

    def release(self, program: Program) -> None:
        """Let go of a loaded program; evaluating it again loads it again."""
        self._programs.release(program)

    def close(self) -> None:
        """End everything; harmless when repeated."""
        if self._closed:
            return
        self._closed = True
        for batch in list(self._batches):
            batch.cancel()
        self._programs.cancel_loading()
        for _ in self._slots:
            self._tasks.put(None)
        for slot in self._slots:
            slot.join()
        self._programs.close()
        if self._own_sandbox is not None:
            self._own_sandbox.close()

    def _start_slots(self) -> None:
        if self._closed:
            raise ValueError("the evaluator is closed")
        with self._starting:  # several threads may evaluate
            while len(self._slots) < self._workers:
                slot = threading.Thread(target=self._work, name=f"slot-{len(self._slots)}", daemon=True)
                self._slots.append(slot)
                slot.start()

    def _work(self) -> None:
        """Be a slot: take jobs until there are no more; it outlives whatever happens to one of them."""
        with ExitStack() as stack:
            helper = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="supervisor"))
            tools: ToolsHost | None = None
            while (task := self._tasks.get()) is not None:
                batch, job = task
                if batch.over:
                    continue
                try:
                    if tools is None:
                        tools = stack.enter_context(self._open_tools())
                    batch.results.put(self._run_job(batch, job, tools, helper))
                except (AleAgentError, CancelledError) as error:
                    batch.results.put(error)
                except Exception as error:
                    message = f"{type(error).__name__}: {error}"
                    batch.results.put(judging.unstarted(job.seed, Verdict.JUDGE_ERROR, message))

    def _run_job(self, batch: _Batch, job: Job, tools: ToolsHost, helper: ThreadPoolExecutor) -> CaseResult:
        try:
            case = self._cases.get(job.seed, tools)
        except ToolsError as error:
            return judging.unstarted(job.seed, Verdict.JUDGE_ERROR, str(error))
        kills = 0
        while True:
            with self._programs.borrow(batch.program) as loaded:
                if loaded.error:
                    return judging.unstarted(job.seed, Verdict.RUNTIME_ERROR, loaded.error)
                try:
                    return self._run_case(batch, job, case, loaded, tools, helper)
                except RefusedError as error:
                    if batch.over or not self._programs.restart(batch.program, loaded):
                        return judging.unstarted(job.seed, Verdict.RUNTIME_ERROR, str(error))
                except judging.KilledError as error:
                    kills += 1
                    if kills > 1:
                        return error.again(job.seed)

    def _run_case(
        self, batch: _Batch, job: Job, case: Case, loaded: Loaded, tools: ToolsHost, helper: ThreadPoolExecutor
    ) -> CaseResult:
        limits = self._rules.limits(job.time_limit, interactive=self._interactive)
        text = None if self._interactive else case.text.encode()
        running = loaded.start(
            Run(standard_input=text, limits=limits, environment=environment_of(job, self._rules.clock))
        )
        batch.enter(running)
        try:
            if self._interactive:
                wall = limits.wall_seconds
                return judging.judge_interactive(
                    case, running, tools, helper, wall_seconds=wall, keep_output=job.keep_output
                )
            return judging.judge_batch(case, running.wait(), tools, keep_output=job.keep_output)
        finally:
            batch.leave(running)


def environment_of(job: Job, clock: SolverClock) -> dict[str, str]:
    """Return what a solver is told (FORMATS section 2)."""
    return {
        "ALE_PARAMETERS": json.dumps(dict(job.parameters)),
        "ALE_TIME_LIMIT": repr(job.time_limit),
        "ALE_CLOCK": clock,
        "ALE_SEED": str(job.solver_seed),
    }
