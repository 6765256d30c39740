"""A solver's seed tells nothing of the case's, and is the same wherever the same luck is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from attempt_fakes import OPENED, SECRET, FormulaEvaluator, program_of, workspace

from ale_agent.attempt.measurement import Fidelity
from ale_agent.attempt.options import AttemptOptions
from ale_agent.attempt.secret import attempt_secret, first_fresh_case, solver_seed
from ale_agent.clock import FakeClock
from ale_agent.evaluate import CaseResult, Job
from ale_agent.program import Program
from ale_agent.search.archive import Candidate
from ale_agent.strategist.protocol import Proposal


class Watching(FormulaEvaluator):
    seeds: dict[tuple[str, int], int]

    def evaluate(self, program: Program, jobs: Sequence[Job]) -> Iterator[CaseResult]:
        self.seeds |= {(program.id, job.seed): job.solver_seed for job in jobs}
        return super().evaluate(program, jobs)


@pytest.fixture(autouse=True)
def _closed_journals() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def test_candidates_share_their_luck_on_a_case_and_it_is_not_the_cases_seed(tmp_path: Path) -> None:
    watching = Watching(FakeClock())
    watching.seeds = {}
    work = workspace(tmp_path, watching)
    cases = [10**9, 10**9 + 1]
    for number, merit in enumerate((1.0, 2.0)):
        proposal = Proposal(kind="draft", program=program_of(merit), idea="")
        work.run(Candidate(number=number, proposal=proposal), cases, Fidelity(1.0))
    mine, others = ([watching.seeds[program_of(merit).id, case] for case in cases] for merit in (1.0, 2.0))
    assert mine == others == [solver_seed(SECRET, case) for case in cases]
    assert not set(mine) & {case % 2**31 for case in cases}


def test_seeds_depend_on_the_secret_and_fit_into_31_bits() -> None:
    seeds = [solver_seed(secret, case) for secret in ("00", "01") for case in range(500)]
    assert len(set(seeds)) == 1000
    assert all(0 <= seed < 2**31 for seed in seeds)


def test_an_attempt_has_a_secret_of_its_own_unless_it_is_to_be_reproduced(tmp_path: Path) -> None:
    timed = AttemptOptions(problem_folder="p", statement_path=None, seconds=60.0)
    counted = replace(timed, seconds=None, iterations=3)
    assert attempt_secret(timed) != attempt_secret(timed)
    assert attempt_secret(counted) == attempt_secret(counted)
    assert attempt_secret(counted) != attempt_secret(replace(counted, seed=1))


def test_the_fresh_cases_begin_where_only_the_secret_tells(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()))
    first = first_fresh_case(SECRET)
    assert work.fresh_cases(3) == [2 * 10**9 + first + k for k in range(3)]
    assert len({first_fresh_case(f"{k:02x}") // 10**6 for k in range(100)}) > 80
