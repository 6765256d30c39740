"""Runs that are kept: an evaluator behind the journal, so that nothing measured is measured twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ale_agent.attempt.journal import Journal, Values
from ale_agent.attempt.secret import solver_seed
from ale_agent.evaluate import CaseResult, Evaluator, Job
from ale_agent.program import Program


@dataclass(frozen=True)
class Fidelity:
    """How thoroughly a run is made.

    Parameters
    ----------
    time_limit
        Seconds of its own clock that a solver is given.
    evaluation_limit
        Objective evaluations that a composed solver is given instead, 0 for none.
    """

    time_limit: float
    evaluation_limit: int = 0

    @property
    def mode(self) -> str:
        """The name under which the journal keeps runs of this kind."""
        return f"warm:{self.time_limit:g}s" + (f":{self.evaluation_limit}e" if self.evaluation_limit else "")


class Measurement:
    """Measures programs on cases; what the journal holds is answered from there.

    Parameters
    ----------
    evaluator
        Runs what is new.
    journal
        Keeps every result as it comes.
    elapsed
        Tells the attempt's time.
    secret
        What the solvers' seeds are made with.
    on_result
        Called with every new result.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        journal: Journal,
        elapsed: Callable[[], float],
        secret: str,
        on_result: Callable[[CaseResult], None] = lambda result: None,
    ) -> None:
        self._evaluator = evaluator
        self._journal = journal
        self._elapsed = elapsed
        self._secret = secret
        self._on_result = on_result

    def prepare(self, program: Program) -> None:
        """Begin loading a program in the background."""
        self._evaluator.prepare(program)

    def release(self, program: Program) -> None:
        """Let go of a loaded program."""
        self._evaluator.release(program)

    def run(
        self, program: Program, values: Values, seeds: Sequence[int], fidelity: Fidelity
    ) -> Mapping[int, CaseResult]:
        """Return the results on these cases by seed, in the order of `seeds`."""
        known = self._journal.read_results(program, values, fidelity.mode)
        missing = [seed for seed in seeds if seed not in known]
        if missing:
            jobs = [self._job(program, values, seed, fidelity) for seed in missing]
            for result in self._evaluator.evaluate(program, jobs):
                self._journal.write_result(program, values, fidelity.mode, result, self._elapsed())
                known[result.seed] = result
                self._on_result(result)
        return {seed: known[seed] for seed in seeds}

    def _job(self, program: Program, values: Values, seed: int, fidelity: Fidelity) -> Job:
        chosen = dict(values)
        if fidelity.evaluation_limit and any(p.name == "evaluation_limit" for p in program.parameters):
            chosen["evaluation_limit"] = fidelity.evaluation_limit
        return Job(
            seed=seed,
            time_limit=fidelity.time_limit,
            parameters=tuple(chosen.items()),
            solver_seed=solver_seed(self._secret, seed),
        )
