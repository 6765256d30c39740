"""Attempts without processes: programs are formulas, and time is a fake clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ale_agent.attempt.budget import Budget
from ale_agent.attempt.journal import Journal
from ale_agent.attempt.options import AttemptOptions
from ale_agent.attempt.workspace import Workspace
from ale_agent.clock import FakeClock
from ale_agent.evaluate import CaseResult, Job, Verdict
from ale_agent.problem import Problem, ProblemSpec, PythonToolsSpec
from ale_agent.program import Program

SECRET = "5e" * 32
SPEC = ProblemSpec(
    id="formula", title="Formula", objective="maximize", scoring="absolute", interactive=False, time_limit=2.0,
    memory_limit_mb=1024, source=None, tools=PythonToolsSpec(), leaderboard=None,
)  # fmt: skip


def program_of(merit: float) -> Program:
    return Program.from_source(
        f'PARAMETERS = {{"x": {{"default": 0.0, "low": -1.0, "high": 1.0}}}}\nMERIT = {merit}\n'
        "def main():\n    print(MERIT)\nif __name__ == '__main__':\n    main()\n"
    )


class Killed(Exception):
    pass


@dataclass
class FormulaEvaluator:
    """Scores a program by its merit and the distance of x from 0.5, with noise of the case and of the program."""

    clock: FakeClock
    seconds: float = 0.5
    die_after: int | None = None
    runs: list[tuple[str, int, tuple[tuple[str, object], ...]]] = field(default_factory=list)

    def prepare(self, program: Program) -> None:
        pass

    def release(self, program: Program) -> None:
        pass

    def load_error(self, program: Program) -> str:
        return ""

    def close(self) -> None:
        pass

    def evaluate(self, program: Program, jobs: Sequence[Job]) -> Iterator[CaseResult]:
        for job in jobs:
            if self.die_after is not None and len(self.runs) >= self.die_after:
                raise Killed
            self.runs.append((program.id, job.seed, job.parameters))
            self.clock.sleep(self.seconds / 2)
            yield self.result(program, job)

    def result(self, program: Program, job: Job) -> CaseResult:
        merit = float(program.source.split("MERIT = ")[1].splitlines()[0])
        x = float(dict(job.parameters).get("x", 0.0))
        if merit < 0:
            return CaseResult(
                seed=job.seed,
                verdict=Verdict.RUNTIME_ERROR,
                score=None,
                cpu_seconds=0.1,
                wall_seconds=0.1,
                message="no",
            )
        noise = np.random.default_rng([job.seed, int(merit * 1000), int(1000 * (x + 2))]).normal(0, 2.0)
        score = 1000 + 100 * np.sin(job.seed) + merit - 80 * (x - 0.5) ** 2 + noise
        return CaseResult(
            seed=job.seed, verdict=Verdict.ACCEPTED, score=float(score), cpu_seconds=0.1, wall_seconds=0.1
        )


OPENED: list[Journal] = []


def workspace(folder: Path, evaluator: FormulaEvaluator, *, create: bool = True, **options: object) -> Workspace:
    asked = {"seconds": 120.0, "seed": 3} | options
    chosen = AttemptOptions(problem_folder=str(folder), statement_path=None, **asked)  # type: ignore[arg-type]
    journal = Journal(folder, create=create)
    OPENED.append(journal)
    budget = Budget(chosen, evaluator.clock, evaluator.clock.now(), journal.read_spend().get("seconds", 0.0))
    problem = Problem(folder, SPEC, None, True, False, "", (), None)
    return Workspace(
        folder, problem, chosen, journal, budget, evaluator, journal.read_archive(), lambda _: None, SECRET
    )
