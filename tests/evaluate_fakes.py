"""A problem without files for the evaluator's tests, judged in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ale_agent.errors import ToolsError
from ale_agent.evaluate import CaseResult, Job
from ale_agent.problem import (
    Case,
    InvalidAnswerError,
    Problem,
    ProblemSpec,
    PythonToolsSpec,
    SolverGoneError,
    SolverSilentError,
)
from ale_agent.program import Program

MAIN = '\nif __name__ == "__main__":\n    main()\n'
DOUBLE = "import os, sys\ndef main():\n    print(2 * int(input()))\n" + MAIN


class FakeTools:
    """Cases are their seed; the answer is a number, which is the score. Interactively: guess the seed below 100."""

    def __init__(self) -> None:
        self.generated: list[int] = []

    @property
    def last_output(self) -> str:
        return "guesses"

    @property
    def queued_seconds(self) -> float:
        return 0.0

    def generate(self, seed: int) -> str:
        if seed == 666:
            raise ToolsError("generate: seed 666 makes the tools hang")
        self.generated.append(seed)
        return f"{seed}\n"

    def score(self, case: Case, output: str) -> float:
        if case.seed == 667:
            raise ToolsError("score: it crashed")
        try:
            return float(int(output))
        except ValueError as error:
            raise InvalidAnswerError(f"no number: {output[:20]!r}") from error

    def interact(self, case: Case, read_fd: int, write_fd: int, *, wall_seconds: float) -> float:
        with open(read_fd) as solver, open(write_fd, "w", buffering=1) as reply:
            for count in range(1, 20):
                line = solver.readline(100)
                if not line:
                    raise SolverGoneError("the solver closed its output")
                if not line.strip().isdigit():
                    raise InvalidAnswerError(f"not a guess: {line[:20]!r}")
                guess = int(line)
                if guess == case.seed:
                    reply.write("right\n")
                    return float(count)
                reply.write("more\n" if guess < case.seed else "less\n")
            raise SolverSilentError("too many guesses")

    def draw(self, case: Case, output: str) -> str:
        return ""

    def answer_space(self, case: Case) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def fake_problem(*, interactive: bool = False, memory_mb: int = 512) -> Problem:
    spec = ProblemSpec(
        id="fake",
        title="Fake",
        objective="maximize",
        scoring="absolute",
        interactive=interactive,
        time_limit=1.0,
        memory_limit_mb=memory_mb,
        source=None,
        tools=PythonToolsSpec(),
        leaderboard=None,
    )
    return Problem(Path("/nowhere"), spec, None, False, False, None, (), None)


GUESS = (
    "def main():\n    low, high = 0, 99\n    while True:\n        guess = (low + high) // 2\n"
    "        print(guess, flush=True)\n        reply = input()\n        if reply == 'right': return\n"
    "        if reply == 'more': low = guess + 1\n        else: high = guess - 1\n" + MAIN
)


class NoEvaluator:
    """An evaluator for tests in which nothing may be run."""

    def prepare(self, program: Program) -> None:
        """Nothing is to be prepared."""

    def evaluate(self, program: Program, jobs: Sequence[Job]) -> Iterator[CaseResult]:
        """Fail: nothing is to be run."""
        raise AssertionError(f"{program.id} must not be run")

    def load_error(self, program: Program) -> str:
        """Return nothing."""
        return ""

    def release(self, program: Program) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is open."""
