"""Replays saved strategies: a learned program on its own problem, what carries over of it on another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ale_agent.errors import ProgramError, UsageError
from ale_agent.evaluate import CaseResult, Job, Judge, PoolEvaluator
from ale_agent.evaluate.comparison import Comparison, compare
from ale_agent.memory import ReplayStep, check_replay
from ale_agent.problem import Case, Problem, open_tools
from ale_agent.program import Program
from ale_agent.sandbox import Sandbox
from ale_agent.seeds import share_cases
from ale_agent.strategist.builtin import fitting_values
from ale_agent.strategist.compose import compose, default_genotype
from ale_agent.strategist.genotype import Genotype


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What came of one step of a replay.

    Parameters
    ----------
    step
        What was done with which strategy.
    line
        The outcome for a person.
    mean_score
        The program's mean score, where one was run and answered.
    reproduced
        Whether a recorded score came out again; None where there was none to reproduce.
    gain, low, high
        Mean paired gain over the default composition with its 95 % interval, where something was carried over.
    cases
        How many cases were run.
    """

    step: ReplayStep
    line: str
    mean_score: float | None = None
    reproduced: bool | None = None
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    cases: int = 0


class Replay:
    """Runs the steps of a replay on one problem.

    Parameters
    ----------
    problem
        Where they are run.
    sandbox
        What they are run in.
    workers
        Runs at the same time, where the clock does not mind.
    cases
        How many cases a step may use.
    """

    def __init__(self, problem: Problem, sandbox: Sandbox, *, workers: int, cases: int) -> None:
        self._problem = problem
        self._sandbox = sandbox
        self._workers = workers
        self._seeds = share_cases(problem.case_seeds_available, "confirm", cases)
        self._sample: tuple[str, str] | None = None
        self._base: dict[int, CaseResult] | None = None

    def run(self, steps: Sequence[ReplayStep]) -> Iterator[Replayed]:
        """Yield the outcome of each step; a program that cannot be used is an outcome, too."""
        for step in steps:
            try:
                yield self._run(step)
            except ProgramError as error:
                yield Replayed(step=step, line=f"cannot be used by this version: {error}")

    def _run(self, step: ReplayStep) -> Replayed:
        if step.action == "reproduce":
            return self._reproduce(step)
        if step.action == "compose" and step.genotype is not None:
            genotype = Genotype.from_json(step.genotype)
            if genotype.space != self._space_and_case()[0]:
                return Replayed(step=step, line=f"its composition is for {genotype.space} answers")
            return self._carry_over(step, genotype)
        if step.action == "values" and self._problem.array_level:
            return self._carry_over(step, default_genotype(self._space_and_case()[0]))
        return Replayed(step=step, line=step.why)

    def _reproduce(self, step: ReplayStep) -> Replayed:
        assert step.strategy.program is not None
        program = Program.from_source(step.strategy.program)
        recorded = step.recorded
        seeds = self._seeds
        if recorded is not None and self._problem.case_seeds_available is None:
            seeds = list(range(recorded.first_seed, recorded.first_seed + min(recorded.cases, len(self._seeds))))
        with Judge(self._problem, sandbox=self._sandbox) as judge:
            results = list(judge.run(program, seeds).values())
        mean = _mean(results)
        if mean is None:
            return Replayed(
                step=step, line=f"failed on all {len(results)} cases: {results[0].message}", cases=len(results)
            )
        if recorded is None:
            return Replayed(
                step=step, line=f"mean {mean:g}; no score was recorded", mean_score=mean, cases=len(results)
            )
        verdict = check_replay(recorded, mean)
        return Replayed(
            step=step, line=verdict.line, mean_score=mean, reproduced=verdict.reproduced, cases=len(results)
        )

    def _carry_over(self, step: ReplayStep, genotype: Genotype) -> Replayed:
        program = self._composed(genotype)
        values = fitting_values(program, step.values)
        if step.action == "values" and not values:
            return Replayed(step=step, line="none of its parameters is one of a composed program's")
        results = self._measure(program, values)
        if self._base is None:
            self._base = self._measure(self._composed(default_genotype(genotype.space)), ())
        comparison = compare(self._problem.spec.objective, results, self._base)
        low, high = comparison.interval()
        carried = "composition and values" if step.action == "compose" else f"{len(values)} values"
        return Replayed(
            step=step, line=f"{carried} carried over: {_words(comparison)}", mean_score=_mean(list(results.values())),
            gain=comparison.mean, low=low, high=high, cases=len(comparison.gains),
        )  # fmt: skip

    def _composed(self, genotype: Genotype) -> Program:
        spec = self._problem.spec
        source = compose(
            self._problem.tools_source or "", genotype, sample_case=self._space_and_case()[1],
            objective=spec.objective, time_limit=spec.time_limit,
        )  # fmt: skip
        return Program.from_source(source)

    def _measure(self, program: Program, values: tuple[tuple[str, float | int | str], ...]) -> dict[int, CaseResult]:
        evaluator = PoolEvaluator(self._problem, sandbox=self._sandbox, workers=self._workers)
        try:
            jobs = [Job(seed=s, time_limit=self._problem.spec.time_limit, parameters=values) for s in self._seeds]
            return {result.seed: result for result in evaluator.evaluate(program, jobs)}
        finally:
            evaluator.close()

    def _space_and_case(self) -> tuple[str, str]:
        if not self._problem.array_level:
            raise UsageError(
                f"{self._problem.folder}: only a program of this very problem can be replayed here; carrying over a "
                "composition needs the array level in tools.py"
            )
        if self._sample is None:
            with open_tools(self._problem) as tools:
                case = Case(self._seeds[0], tools.generate(self._seeds[0]))
                self._sample = (str(tools.answer_space(case)["kind"]), case.text)
        return self._sample


def _mean(results: Sequence[CaseResult]) -> float | None:
    scores = [result.score for result in results if result.score is not None]
    return sum(scores) / len(scores) if scores else None


def _words(comparison: Comparison) -> str:
    low, high = comparison.interval()
    unit = (100.0, " %") if comparison.scale == "log_ratio" else (1.0, "")
    shown = [f"{unit[0] * value:+.3g}{unit[1]}" for value in (comparison.mean, low, high)]
    return f"gain over the default composition {shown[0]} ({shown[1]} .. {shown[2]}) on {len(comparison.gains)} cases"
