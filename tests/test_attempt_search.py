"""The loop of an attempt with measured programs that are formulas: what it keeps, and that a killed one goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from attempt_fakes import OPENED, FormulaEvaluator, Killed, program_of, workspace

from ale_agent.attempt.confirming import confirm, finalists
from ale_agent.attempt.journal import Journal
from ale_agent.attempt.planning import plan_search
from ale_agent.attempt.searching import Searching
from ale_agent.attempt.workspace import Event, Workspace
from ale_agent.clock import FakeClock
from ale_agent.errors import StoreError
from ale_agent.evaluate import CaseResult, Job
from ale_agent.program import Program
from ale_agent.search.policy import DraftVaryTune
from ale_agent.strategist.protocol import Brief, Proposal


@dataclass
class ListStrategist:
    """Proposes programs of these merits in turn."""

    merits: list[float]

    def propose(self, brief: Brief) -> Proposal | None:
        number = len(brief.tried)
        if number >= len(self.merits):
            return None
        parents = tuple(parent.id for parent in brief.parents)
        return Proposal(kind="compose", program=program_of(self.merits[number]), idea=f"idea {number}", parents=parents)


@pytest.fixture(autouse=True)
def _closed_journals() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def search(work: Workspace, merits: list[float]) -> None:
    plan = plan_search(work.problem, work.options)
    Searching(work, plan, ListStrategist(merits), DraftVaryTune(plan.drafts)).go()


MERITS = [10.0, 60.0, 30.0, 120.0, 5.0, 80.0, 90.0, 20.0]


def test_the_best_program_becomes_the_incumbent(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()))
    search(work, MERITS)
    assert work.archive.incumbent is not None
    assert "MERIT = 120.0" in work.archive.incumbent.program.source


def test_tuning_moves_the_incumbents_constant(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()))
    search(work, MERITS)
    assert work.archive.incumbent is not None
    assert abs(dict(work.archive.incumbent.values)["x"] - 0.5) < 0.25  # type: ignore[operator]


def test_a_program_that_fails_everywhere_is_never_the_incumbent(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()))
    search(work, [-1.0, -2.0])
    assert work.archive.incumbent is None
    assert [candidate.status for candidate in work.archive.in_order()] == ["failed", "failed"]


def test_the_search_ends_with_its_share_of_the_time(tmp_path: Path) -> None:
    clock = FakeClock()
    work = workspace(tmp_path, FormulaEvaluator(clock), seconds=60.0)
    search(work, [float(k) for k in range(1000)])
    assert 0.6 * 60 < clock.now() < 0.76 * 60


def test_an_iteration_budget_measures_so_many_proposals(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=5, trials=3)
    search(work, [float(k) for k in range(100)])
    assert work._measurement is not None
    steps = [payload for _, kind, payload in work.journal.read_events() if kind == "step"]
    assert len(steps) == 5


def test_an_iteration_budget_is_reproducible(tmp_path: Path) -> None:
    runs = []
    for name in ("a", "b"):
        evaluator = FormulaEvaluator(FakeClock())
        search(workspace(tmp_path / name, evaluator, seconds=None, iterations=8, trials=5), MERITS)
        runs.append(evaluator.runs)
    assert runs[0] == runs[1]


@pytest.mark.parametrize("die_after", [1, 7, 23, 40, 61])
def test_a_killed_search_resumes_without_repeating_a_run(tmp_path: Path, die_after: int) -> None:
    whole = FormulaEvaluator(FakeClock())
    search(workspace(tmp_path / "whole", whole, seconds=None, iterations=8, trials=5), MERITS)
    first = FormulaEvaluator(FakeClock(), die_after=die_after)
    work = workspace(tmp_path / "killed", first, seconds=None, iterations=8, trials=5)
    with pytest.raises(Killed):
        search(work, MERITS)
    work.journal.close()
    second = FormulaEvaluator(FakeClock())
    resumed = workspace(tmp_path / "killed", second, create=False, seconds=None, iterations=8, trials=5)
    search(resumed, MERITS)
    together = first.runs + second.runs
    assert len(together) == len(set(together)), "a run was paid for twice"
    assert resumed.archive.incumbent is not None
    assert "MERIT = 120.0" in resumed.archive.incumbent.program.source


def test_a_resumed_attempt_has_only_the_time_that_was_left(tmp_path: Path) -> None:
    first = FormulaEvaluator(FakeClock(), die_after=30)
    work = workspace(tmp_path, first, seconds=60.0)
    with pytest.raises(Killed):
        search(work, [float(k) for k in range(1000)])
    work.journal.close()
    clock = FakeClock()
    search(workspace(tmp_path, FormulaEvaluator(clock), create=False, seconds=60.0), [float(k) for k in range(1000)])
    assert clock.now() + first.clock.now() == pytest.approx(0.73 * 60, abs=2.5)


def test_two_processes_cannot_work_on_one_attempt(tmp_path: Path) -> None:
    workspace(tmp_path, FormulaEvaluator(FakeClock()))
    with pytest.raises(StoreError, match="another process"):
        Journal(tmp_path)


def test_finalists_are_the_incumbent_and_those_that_looked_better(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()))
    search(work, MERITS)
    chosen = finalists(work)
    assert chosen[0].id == work.archive.incumbent_id
    assert all(c.status in ("not_shown", "new") for c in chosen[1:])


def test_confirmation_uses_cases_that_were_never_searched_on(tmp_path: Path) -> None:
    evaluator = FormulaEvaluator(FakeClock())
    work = workspace(tmp_path, evaluator)
    search(work, MERITS)
    searched = {seed for _, seed, _ in evaluator.runs}
    asked: list[int] = []

    def judge(program: Program, seeds: Sequence[int]) -> dict[int, CaseResult]:
        asked.extend(seeds)
        evaluator.clock.sleep(2.0)
        return {seed: evaluator.result(program, Job(seed=seed, time_limit=2.0)) for seed in seeds}

    confirmation = confirm(work, plan_search(work.problem, work.options), judge)
    assert confirmation.mean_score is not None
    assert asked and not searched & set(asked)


def test_events_tell_the_story_in_order(tmp_path: Path) -> None:
    seen: list[Event] = []
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=3, trials=3)
    work.observe = seen.append
    search(work, MERITS)
    kinds = [event.kind for event in seen]
    assert kinds.index("candidate") < kinds.index("raced") < kinds.index("incumbent")
