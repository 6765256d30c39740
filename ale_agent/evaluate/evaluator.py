"""What every evaluator offers, on this machine or on many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from ale_agent.evaluate.result import CaseResult, Job
from ale_agent.program import Program


class Evaluator(Protocol):
    """Runs programs on cases; what a program does wrong is a verdict."""

    def prepare(self, program: Program) -> None:
        """Begin loading a program in the background; returns at once."""
        ...

    def evaluate(self, program: Program, jobs: Sequence[Job]) -> Iterator[CaseResult]:
        """Run the jobs in parallel and yield the results as they come; closing the iterator ends what still runs."""
        ...

    def load_error(self, program: Program) -> str:
        """Return why a program cannot be started, empty if it can; waits until it is loaded."""
        ...

    def release(self, program: Program) -> None:
        """Let go of a loaded program; evaluating it again loads it again."""
        ...

    def close(self) -> None:
        """End everything; harmless when repeated."""
        ...
