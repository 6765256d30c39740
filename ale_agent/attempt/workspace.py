"""What every step of an attempt works with, and how a step is made known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ale_agent.attempt.budget import Budget
from ale_agent.attempt.journal import Journal
from ale_agent.attempt.measurement import Fidelity, Measurement
from ale_agent.attempt.options import AttemptOptions
from ale_agent.attempt.secret import first_fresh_case
from ale_agent.evaluate import CaseResult, Evaluator, Verdict
from ale_agent.problem import Problem
from ale_agent.program import Program
from ale_agent.search.archive import Archive, Candidate
from ale_agent.seeds import share_cases


@dataclass(frozen=True)
class Event:
    """Something that happened: kept in the journal and shown to the person.

    Parameters
    ----------
    kind
        ``begin``, ``recalled``, ``step``, ``candidate``, ``raced``, ``incumbent``, ``study``, ``confirm``, ``warning``,
        ``end``; of models: ``estimate``, ``asked``, ``refused``, ``insights``, ``capped``; shown but not kept:
        ``answered``, ``statement``, ``measuring``, ``result``, ``tuning``, ``trial``, ``confirmed``, ``spend``.
    payload
        Plain values.
    elapsed
        Seconds into the attempt.
    """

    kind: str
    payload: dict[str, Any]
    elapsed: float


Observe = Callable[[Event], None]


class BudgetOver(Exception):
    """The time of a phase is used up; whatever was measured is in the journal."""


@dataclass
class Workspace:
    """One attempt at work.

    Parameters
    ----------
    folder
        The attempt folder.
    secret
        What the solvers' seeds and the place of the fresh cases are made with.
    """

    folder: Path
    problem: Problem
    options: AttemptOptions
    journal: Journal
    budget: Budget
    evaluator: Evaluator
    archive: Archive
    observe: Observe
    secret: str

    def __post_init__(self) -> None:
        elapsed = lambda: self.budget.elapsed  # noqa: E731
        self._measurement = Measurement(self.evaluator, self.journal, elapsed, self.secret, self._measured)
        self._quiet = Measurement(self.evaluator, self.journal, elapsed, self.secret)
        self._stop: Callable[[], bool] = lambda: False

    def emit(self, kind: str, /, **payload: Any) -> None:
        """Journal an event and show it."""
        event = Event(kind, payload, self.budget.elapsed)
        self.journal.write_event(kind, payload, event.elapsed)
        self.observe(event)

    def show(self, kind: str, /, **payload: Any) -> None:
        """Show an event that is not worth keeping."""
        self.observe(Event(kind, payload, self.budget.elapsed))

    def until(self, stop: Callable[[], bool]) -> None:
        """Set what ends the present phase; `run` raises BudgetOver as soon as it is true."""
        self._stop = stop

    def prepare(self, candidate: Candidate) -> None:
        """Begin loading a candidate's program in the background."""
        self._measurement.prepare(candidate.program)

    def release(self, candidate: Candidate) -> None:
        """Let go of a candidate's program unless the incumbent runs on it."""
        incumbent = self.archive.incumbent
        if incumbent is None or incumbent.program.id != candidate.program.id:
            self._measurement.release(candidate.program)

    def run(self, candidate: Candidate, seeds: Sequence[int], fidelity: Fidelity) -> dict[int, CaseResult]:
        """Measure a candidate on cases, or read what was measured before."""
        return dict(self._measurement.run(candidate.program, candidate.values, seeds, fidelity))

    def run_values(
        self, candidate: Candidate, values: dict[str, Any], seeds: Sequence[int], fidelity: Fidelity
    ) -> dict[int, CaseResult]:
        """Measure a candidate's program with other parameter values."""
        chosen = tuple(sorted(values.items()))
        return dict(self._measurement.run(candidate.program, chosen, seeds, fidelity))

    def fresh_cases(self, count: int) -> list[int]:
        """Return the first of the cases that nothing was searched on, and that nobody can know before."""
        first = first_fresh_case(self.secret)
        return share_cases(self.problem.case_seeds_available, "confirm", count, first=first)

    def try_out(self, program: Program, seed: int, fidelity: Fidelity) -> str | None:
        """Load a program and run one case; return why that fails, None if it does not. Any thread may call it."""
        error = self.evaluator.load_error(program)
        if error:
            return error
        result = self._quiet.run(program, (), [seed], fidelity)[seed]
        if result.accepted or result.verdict is Verdict.JUDGE_ERROR:
            return None
        return f"it fails on the case of seed {seed}: {result.verdict.value} after {result.cpu_seconds:.2f} s\n{result.message}"

    def keep_spend(self) -> None:
        """Write how much time is used."""
        self.journal.write_spend({"seconds": self.budget.elapsed})

    def _measured(self, result: CaseResult) -> None:
        self.keep_spend()
        self.show("result", seed=result.seed, verdict=result.verdict.value, score=result.score)
        if self._stop():
            raise BudgetOver
