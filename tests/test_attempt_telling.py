"""What a model is told of an attempt: the figures that were measured, and nothing that was not."""

from __future__ import annotations

from dataclasses import replace

from ale_agent.attempt.telling import (
    MOST_CASES,
    tell_best,
    tell_budget,
    tell_cases,
    tell_direction,
    tell_failures,
    tell_history,
    tell_insights,
    tell_outcome,
    tell_tried,
)
from ale_agent.evaluate.result import CaseResult, Verdict
from ale_agent.memory.strategy import Origin, Strategy
from ale_agent.program import Program
from ale_agent.search.archive import Candidate
from ale_agent.strategist.protocol import Insight, Proposal
from ale_agent.strategist.spending import Caps

PROPOSAL = Proposal(kind="draft", program=Program.from_source("def main():\n    print(1)\n\n\nmain()\n"), idea="one")
RACED = Candidate(
    number=2, proposal=PROPOSAL, status="not_shown", gain=0.0123, gain_low=-0.01, gain_high=0.03, scale="log_ratio",
    cases=8, against="c-0",
)  # fmt: skip


def ran(seed: int, score: float | None, message: str = "") -> CaseResult:
    verdict = Verdict.ACCEPTED if score is not None else Verdict.RUNTIME_ERROR
    return CaseResult(
        seed=seed, verdict=verdict, score=score, cpu_seconds=0.5, wall_seconds=0.5, message=message
    )  # fmt: skip


def results(*scores: float | None) -> dict[int, CaseResult]:
    return {
        seed: ran(seed, score, "" if score else "Traceback\nZeroDivisionError: by 0")
        for seed, score in enumerate(scores)
    }


def strategy(id_: str, *archetypes: str) -> Strategy:
    origin = Origin(kind="curated", created="2026-11-23")
    return Strategy(id=id_, name=f"name {id_}", archetypes=archetypes, when="when.", how="how.", origin=origin)


def test_an_idea_is_followed_by_what_was_measured() -> None:
    [line] = tell_tried([RACED], lambda candidate: results(10.0, 20.0))
    assert line == (
        "one [measured: not shown to be better; +1.23 %, 95 %: -1.00 % .. +3.00 %, against the best of then on 8 cases]"
    )


def test_whom_nobody_was_raced_against_is_told_by_its_mean_score() -> None:
    [line] = tell_tried([replace(RACED, status="first", gain=None)], lambda candidate: results(10.0, 20.0))
    assert line == "one [measured: the first valid program; mean score 15 on 2 cases]"


def test_a_race_that_was_given_up_within_its_noise_is_told_as_undecided() -> None:
    assert tell_outcome(replace(RACED, status="given_up", gain=-0.01)).startswith("given up early, undecided; -1.00 %")
    lost = replace(RACED, status="given_up", gain=-0.01, gain_low=-0.02, gain_high=-0.001)
    assert tell_outcome(lost).startswith("worse, given up early; -1.00 %")


def test_a_program_that_was_tried_is_told_with_what_it_wrote_of_itself() -> None:
    said = {seed: replace(result, message=f"STAT moves {seed}") for seed, result in results(1.0, 2.0).items()}
    assert tell_outcome(RACED, said).endswith("; STAT means moves 0.5")


def test_a_failing_program_is_told_its_first_failing_seed_with_the_last_line_of_the_error() -> None:
    words = tell_outcome(replace(RACED, failed=1), results(10.0, None))
    assert words.endswith("no valid answer on 1 of 2 cases, such as seed 1: runtime_error ZeroDivisionError: by 0")


def test_cases_are_compared_one_by_one_worst_first() -> None:
    text = tell_cases("maximize", "c-1", results(100.0, 90.0, None), "the best, c-0", results(100.0, 100.0, 100.0))
    lines = text.split("\n")
    assert lines[0].startswith("c-1 on 3 cases, against the best, c-0: mean gain -")
    assert [line.split(" | ")[0] for line in lines[2:]] == ["2", "1", "0"]
    assert lines[3] == "1 | 90 | 100 | -10.54 % | 0.50 | accepted"


def test_where_less_is_better_a_lower_score_is_a_gain() -> None:
    text = tell_cases("minimize", "c-1", results(90.0), "c-0", results(100.0))
    assert "| +10.54 % |" in text


def test_a_long_table_is_cut_in_the_middle() -> None:
    text = tell_cases("maximize", "c-1", results(*[float(k + 1) for k in range(40)]), None, {})
    assert len(text.split("\n")) == MOST_CASES + 3
    assert f"({40 - MOST_CASES} cases between these are left out)" in text


def test_what_a_program_wrote_of_itself_is_told_as_a_mean_over_its_cases() -> None:
    mine = {seed: replace(result, message=f"STAT moves {10 + seed}") for seed, result in results(1.0, 2.0, 3.0).items()}
    assert tell_cases("maximize", "c-1", mine, None, {}).endswith("STAT moves: 11 (10 .. 12) over 3")


def test_the_other_programs_statistics_stand_beside_on_the_same_cases() -> None:
    mine = {seed: replace(result, message=f"STAT moves {10 + seed}") for seed, result in results(1.0, 2.0).items()}
    theirs = {s: replace(r, message=f"STAT moves {20 + 10 * s}") for s, r in results(1.0, 2.0, 3.0, 4.0).items()}
    text = tell_cases("maximize", "c-1", mine, "the best, c-2", theirs)
    assert text.endswith("STAT moves: 10.5 (10 .. 11) over 2; the other, on the same cases: 25")


def test_failures_of_one_kind_are_told_once() -> None:
    text = tell_failures("maximize", results(None, None, 1.0), {})
    assert text.startswith("No valid answer on 2 of 3 cases.\nSeed 0: runtime_error after 0.50 s of CPU time")
    assert text.count("ZeroDivisionError") == 1
    assert tell_failures("maximize", results(1.0), {}) == ""


def test_cases_that_are_far_below_are_told_with_what_the_worst_wrote() -> None:
    mine = results(100.0, 40.0, 101.0, 60.0)
    mine[1] = replace(mine[1], message="no plan found")
    text = tell_failures("maximize", mine, results(100.0, 100.0, 100.0, 100.0))
    assert "far below the best on 2 of 4 cases" in text
    assert "seed 1 (-91.63 %), seed 3 (-51.08 %)" in text
    assert text.endswith("Seed 1 wrote: no plan found")


def test_where_less_is_better_twice_as_much_is_far_below() -> None:
    text = tell_failures("minimize", results(100.0, 200.0), results(100.0, 100.0))
    assert "far below the best on 1 of 2 cases" in text


def test_the_budget_names_request_time_and_caps() -> None:
    text = tell_budget(90.4, {"calls": 3, "usd": 0.25}, Caps(calls=10, usd=2.0), 4)
    assert text == (
        "this is request 4; 90 s of searching are left; 0.25 of 2 US dollars are spent; 3 of 10 replies are spent"
    )


def test_the_best_so_far_is_told_with_the_contests_scores() -> None:
    text = tell_best(RACED, results(10.0, 30.0), 0.5, 2.0, [(1, 50.0), (100, 25.0)])
    assert "mean score 20 on 2 cases, in runs of 0.5 s (the judge gives 2 s)" in text
    assert text.endswith("50 at rank 1, 25 at rank 100")


def test_a_forced_draft_is_sent_to_an_archetype_that_nothing_was_built_on() -> None:
    known = [strategy("s-1", "a"), strategy("s-2", "a", "b"), strategy("s-3", "c"), strategy("s-4", "d")]
    told = [tell_direction(known, frozenset({"s-1"}), turn) for turn in range(3)]
    assert ["s-3" in told[0], "s-4" in told[1], "s-3" in told[2]] == [True, True, True]
    assert "entirely different kind" in tell_direction([], frozenset(), 0)


def test_an_insight_carries_the_measured_gains_of_those_it_names() -> None:
    told = tell_insights([Insight("beams lose", (RACED.id, "c-gone"), ())], {RACED.id: RACED})
    assert told == f"- beams lose [for: {RACED.id} (+1.23 %, 95 %: -1.00 % .. +3.00 %)]"


def test_a_history_names_candidates_by_their_ids() -> None:
    text = tell_history([RACED])
    assert text.startswith(f"{RACED.id} (draft): one\n  not shown to be better; +1.23 %, 95 %: -1.00 %")
