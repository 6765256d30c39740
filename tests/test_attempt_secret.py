"""A solver's seed tells nothing of the case's, and is the same wherever the same luck is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from attempt_fakes import OPENED, SECRET, FormulaEvaluator, program_of, workspace

from ale_agent.attempt.measurement import Fidelity
from ale_agent.attempt.secret import FILE_NAME, attempt_secret, solver_seed
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


def test_attempts_of_one_home_have_the_same_secret_for_a_root_seed_and_no_other_home_has(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    assert attempt_secret(a, 1) == attempt_secret(a, 1)
    assert len({attempt_secret(a, 1), attempt_secret(a, 2), attempt_secret(b, 1)}) == 3
    assert (a / FILE_NAME).stat().st_mode & 0o077 == 0
    assert [path.name for path in a.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("content", [b"", b"short"])
def test_where_no_key_can_be_kept_there_is_still_a_secret(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert attempt_secret(tmp_path, 1) != attempt_secret(tmp_path, 1)
    assert len(attempt_secret(tmp_path / FILE_NAME / "no folder", 1)) == 64
