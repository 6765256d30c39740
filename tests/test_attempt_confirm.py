"""The end of an attempt: who is handed over when finalists fail as a judge runs them, and how far the search flattered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from test_attempt_search import MERITS, OPENED, FormulaEvaluator, program_of, search, workspace

from ale_agent.attempt.confirming import Confirmation, confirm
from ale_agent.attempt.handover import hand_over
from ale_agent.attempt.optimism import compare_means, measure_optimism
from ale_agent.attempt.planning import plan_search
from ale_agent.attempt.workspace import Workspace
from ale_agent.clock import FakeClock
from ale_agent.evaluate import CaseResult, Job, Verdict
from ale_agent.program import Program
from ale_agent.report import write_report


@pytest.fixture(autouse=True)
def _closed_journals() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    searched = workspace(tmp_path, FormulaEvaluator(FakeClock()))
    search(searched, MERITS)
    return searched


def merit(program: Program) -> float:
    return float(program.source.split("MERIT = ")[1].splitlines()[0])


def confirm_with(work: Workspace, verdict_of: Callable[[float, int], Verdict]) -> Confirmation:
    """Confirm with a judge that gives this verdict for a program's merit and the number of the case."""
    evaluator = work.evaluator
    assert isinstance(evaluator, FormulaEvaluator)

    def judge(program: Program, seeds: Sequence[int]) -> dict[int, CaseResult]:
        evaluator.clock.sleep(2.0)
        results = {}
        for seed in seeds:
            verdict = verdict_of(merit(program), seed - work.fresh_cases(1)[0])
            if verdict is Verdict.ACCEPTED:
                results[seed] = evaluator.result(program, Job(seed=seed, time_limit=2.0))
            else:
                results[seed] = CaseResult(
                    seed=seed, verdict=verdict, score=None, cpu_seconds=2.0, wall_seconds=2.5, message="too late"
                )
        return results

    return confirm(work, plan_search(work.problem, work.options), judge)


def test_where_the_finalists_fail_cold_the_next_valid_candidate_is_taken(work: Workspace) -> None:
    confirmation = confirm_with(work, lambda m, _: Verdict.TIME_LIMIT if m > 70 else Verdict.ACCEPTED)
    assert confirmation.winner is not None
    assert merit(confirmation.winner.program) == 60.0


def test_a_finalist_that_fails_on_half_of_its_cases_gives_way_to_one_that_does_not(work: Workspace) -> None:
    confirmation = confirm_with(work, lambda m, k: Verdict.TIME_LIMIT if m > 70 and k % 2 else Verdict.ACCEPTED)
    assert confirmation.winner is not None
    assert merit(confirmation.winner.program) <= 70.0


def test_what_failed_on_every_fresh_case_is_not_handed_over(work: Workspace) -> None:
    confirmation = confirm_with(work, lambda m, _: Verdict.RUNTIME_ERROR)
    plan = plan_search(work.problem, work.options)
    assert confirmation.winner is None
    assert hand_over(work, plan, confirmation).solver is None
    assert not (work.folder / "solver.py").exists()


def test_a_fault_of_our_judge_does_not_count_against_a_finalist(work: Workspace) -> None:
    best = work.archive.incumbent
    assert best is not None
    confirmation = confirm_with(
        work, lambda m, k: Verdict.JUDGE_ERROR if m == merit(best.program) and k == 0 else Verdict.ACCEPTED
    )
    assert confirmation.winner is not None
    assert confirmation.winner.program.id == best.program.id


def test_where_our_judge_failed_on_all_the_incumbent_is_handed_over_unconfirmed(work: Workspace) -> None:
    confirmation = confirm_with(work, lambda m, _: Verdict.JUDGE_ERROR)
    assert confirmation.winner is None
    assert hand_over(work, plan_search(work.problem, work.options), confirmation).solver is not None


def test_where_a_busy_machine_let_no_cold_run_end_in_time_the_incumbent_is_handed_over_unconfirmed(
    work: Workspace,
) -> None:
    def judge(program: Program, seeds: Sequence[int]) -> dict[int, CaseResult]:
        return {
            seed: CaseResult(
                seed=seed, verdict=Verdict.TIME_LIMIT, score=None, cpu_seconds=0.4, wall_seconds=3.0, message="too late",
                queued_seconds=1.2,
            )
            for seed in seeds
        }  # fmt: skip

    plan = plan_search(work.problem, work.options)
    confirmation = confirm(work, plan, judge)
    assert confirmation.winner is None
    assert hand_over(work, plan, confirmation).solver is not None
    warnings = [payload["text"] for _, kind, payload in work.journal.read_events() if kind == "warning"]
    assert any("too busy" in text for text in warnings)


def test_what_sleeps_past_the_limit_is_not_excused_by_a_little_waiting_for_a_processor(work: Workspace) -> None:
    def judge(program: Program, seeds: Sequence[int]) -> dict[int, CaseResult]:
        return {
            seed: CaseResult(
                seed=seed, verdict=Verdict.TIME_LIMIT, score=None, cpu_seconds=0.1, wall_seconds=3.0, message="too late",
                queued_seconds=0.5,
            )
            for seed in seeds
        }  # fmt: skip

    plan = plan_search(work.problem, work.options)
    confirmation = confirm(work, plan, judge)
    assert confirmation.winner is None
    assert hand_over(work, plan, confirmation).solver is None


def test_how_long_a_run_waited_is_still_known_to_a_resumed_attempt(work: Workspace) -> None:
    program = program_of(1.0)
    late = CaseResult(
        seed=7, verdict=Verdict.TIME_LIMIT, score=None, cpu_seconds=0.4, wall_seconds=3.0, queued_seconds=1.2
    )
    work.journal.write_result(program, (), "cold:2s", late, 1.0)
    assert work.journal.read_results(program, (), "cold:2s") == {7: late}


def test_confirming_leaves_time_for_the_optimism_which_the_report_shows(work: Workspace) -> None:
    plan = plan_search(work.problem, work.options)
    confirmation = confirm_with(work, lambda m, _: Verdict.ACCEPTED)
    assert confirmation.winner is not None
    found = measure_optimism(work, plan, confirmation.winner)
    assert found is not None and found.fresh_cases >= 4
    work.emit("begin", title="Formula")
    page = write_report(work.folder).read_text()
    assert "optimism of the search" in page
    assert f"{found.search_cases} searched-on less {found.fresh_cases} fresh cases" in page


def test_an_attempt_that_has_used_its_time_does_not_measure_optimism(work: Workspace) -> None:
    confirmation = confirm_with(work, lambda m, _: Verdict.ACCEPTED)
    assert confirmation.winner is not None
    assert isinstance(work.evaluator, FormulaEvaluator)
    work.evaluator.clock.sleep(1000.0)
    assert measure_optimism(work, plan_search(work.problem, work.options), confirmation.winner) is None


@pytest.mark.parametrize(("objective", "sign"), [("maximize", 1.0), ("minimize", -1.0)])
def test_optimism_is_positive_where_the_search_flattered(objective: str, sign: float) -> None:
    found = compare_means(objective, [10.0, 12.0, 14.0], [9.0, 10.0, 11.0])  # type: ignore[arg-type]
    assert found is not None
    assert found.gap == pytest.approx(2.0 * sign)
    assert found.low < found.gap < found.high


def test_optimism_of_equal_scores_is_zero() -> None:
    found = compare_means("maximize", [5.0, 5.0], [5.0, 5.0])
    assert found is not None and (found.low, found.gap, found.high) == (0.0, 0.0, 0.0)


def test_a_cut_off_step_is_made_again_with_its_number(tmp_path: Path) -> None:
    work = workspace(tmp_path, FormulaEvaluator(FakeClock()), seconds=None, iterations=3, trials=3)
    work.emit("step", number=1, what="draft", parents=[], candidates=0)
    work.journal.close()
    resumed = workspace(tmp_path, FormulaEvaluator(FakeClock()), create=False, seconds=None, iterations=3, trials=3)
    search(resumed, MERITS)
    numbers = [payload["number"] for _, kind, payload in resumed.journal.read_events() if kind == "step"]
    assert numbers == [1, 2, 3]
    assert len(resumed.archive.candidates) == 3 or resumed.archive.studied
    assert program_of(MERITS[0]).id in {candidate.program.id for candidate in resumed.archive.in_order()}
