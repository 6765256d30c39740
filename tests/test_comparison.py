"""Paired comparison and racing: what counts as better, and how often chance passes for it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ale_agent.evaluate.comparison import compare, mean_interval, sign_flip_p
from ale_agent.evaluate.race import Outcome, RacePlan, plan_race, race
from ale_agent.evaluate.result import CaseResult, Verdict


def accepted(seed: int, score: float) -> CaseResult:
    return CaseResult(seed=seed, verdict=Verdict.ACCEPTED, score=score, cpu_seconds=1.0, wall_seconds=1.0)


def failed(seed: int, verdict: Verdict = Verdict.TIME_LIMIT) -> CaseResult:
    return CaseResult(seed=seed, verdict=verdict, score=None, cpu_seconds=1.0, wall_seconds=1.0)


def by_seed(*results: CaseResult) -> dict[int, CaseResult]:
    return {result.seed: result for result in results}


def scored(*scores: float) -> dict[int, CaseResult]:
    return by_seed(*(accepted(seed, score) for seed, score in enumerate(scores)))


def test_a_gain_is_the_log_ratio_of_positive_scores() -> None:
    comparison = compare("maximize", by_seed(accepted(1, 110.0)), by_seed(accepted(1, 100.0)))
    assert comparison.gains[0] == pytest.approx(math.log(1.1))


def test_a_smaller_score_is_a_gain_when_minimizing() -> None:
    comparison = compare("minimize", by_seed(accepted(1, 90.0)), by_seed(accepted(1, 100.0)))
    assert comparison.gains[0] > 0


def test_scores_of_zero_are_compared_by_their_difference() -> None:
    comparison = compare("maximize", by_seed(accepted(1, 5.0)), by_seed(accepted(1, 0.0)))
    assert (comparison.scale, comparison.gains[0]) == ("difference", 5.0)


def test_a_failure_is_worse_than_every_answer() -> None:
    mine = by_seed(accepted(1, 1.0), failed(2))
    theirs = by_seed(accepted(1, 1000.0), accepted(2, 1.0))
    comparison = compare("maximize", mine, theirs)
    assert comparison.gains[1] < comparison.gains[0] < 0


def test_the_usual_gain_leaves_out_cases_far_below() -> None:
    pair = compare("maximize", scored(101.0, 40.0, 101.0), scored(100.0, 100.0, 100.0))
    assert pair.usual == pytest.approx(math.log(1.01))
    assert pair.mean < -0.25


def test_the_usual_gain_of_a_program_far_below_everywhere_is_its_mean() -> None:
    pair = compare("maximize", scored(40.0, 50.0), scored(100.0, 100.0))
    assert pair.usual == pair.mean


def test_two_failures_are_a_tie() -> None:
    assert compare("maximize", by_seed(failed(1)), by_seed(failed(1))).gains[0] == 0.0


def test_a_case_that_our_judge_failed_on_is_left_out() -> None:
    mine = by_seed(failed(1, Verdict.JUDGE_ERROR), accepted(2, 3.0))
    assert compare("maximize", mine, by_seed(accepted(1, 1.0), accepted(2, 3.0))).seeds == (2,)


@given(st.lists(st.floats(-1e6, 1e6), max_size=20))
def test_a_p_value_is_a_probability(gains: list[float]) -> None:
    assert 0.0 < sign_flip_p(np.array(gains)) <= 1.0


def test_the_exact_p_value_counts_sign_patterns() -> None:
    assert sign_flip_p(np.array([1.0, 2.0, 3.0])) == pytest.approx(1 / 8)


def test_the_interval_holds_the_mean_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(400):
        low, high = mean_interval(rng.normal(3.0, 2.0, 10))
        hits += low <= 3.0 <= high
    assert 0.91 <= hits / 400 <= 0.985


@pytest.mark.parametrize("cases", [1, 3, 4, 7, 12, 24, 48, 64, 100])
def test_a_plan_keeps_its_level_and_ends_at_the_last_case(cases: int) -> None:
    plan = plan_race(cases)
    assert plan.stages[-1] == cases
    assert plan.level <= 0.05 + 1e-12


def test_a_plan_with_stages_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="increase"):
        RacePlan((4, 4), (0.01, 0.04), (0.5, 0.0))


def run_of(scores: Sequence[float], asked: list[int]) -> Mapping[int, CaseResult]:
    return {seed: accepted(seed, scores[seed]) for seed in asked}


def outcome_of(challenger: Sequence[float], incumbent: Sequence[float]) -> tuple[Outcome, int]:
    n = len(challenger)
    result = race(
        "maximize",
        lambda seeds: {seed: accepted(seed, challenger[seed]) for seed in seeds},
        lambda seeds: {seed: accepted(seed, incumbent[seed]) for seed in seeds},
        range(n),
        plan_race(n),
    )
    return result.outcome, len(result.comparison.gains)


def test_a_clearly_better_challenger_wins() -> None:
    rng = np.random.default_rng(0)
    base = rng.uniform(900, 1100, 32)
    assert outcome_of(list(base * 1.05), list(base))[0] is Outcome.BETTER


def test_a_clearly_worse_challenger_is_given_up_at_the_first_look() -> None:
    rng = np.random.default_rng(0)
    base = rng.uniform(900, 1100, 32)
    assert outcome_of(list(base * 0.95), list(base)) == (Outcome.GIVEN_UP, 4)


@pytest.mark.parametrize("cases", [12, 32])
def test_a_challenger_that_is_no_better_wins_at_most_one_race_in_twenty(cases: int) -> None:
    rng = np.random.default_rng(cases)
    races = 400
    wins = 0
    for _ in range(races):
        noise = rng.standard_t(3, (2, cases)) * 0.02
        base = rng.lognormal(7.0, 1.0, cases)
        wins += outcome_of(list(base * np.exp(noise[0])), list(base * np.exp(noise[1])))[0] is Outcome.BETTER
    # Three standard errors above the level of 5 %.
    assert wins / races <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / races)


def test_a_patient_race_keeps_its_level_and_gives_up_less() -> None:
    plan = plan_race(48)
    patient = plan.patient()
    assert (patient.stages, patient.level) == (plan.stages, plan.level)
    assert all(a > b for a, b in zip(patient.futility_levels[:-1], plan.futility_levels[:-1], strict=True))
    assert patient.futility_levels[-1] == 0.0


def test_a_patient_race_goes_on_where_four_cases_speak_a_little_against_a_challenger() -> None:
    gains = {seed: 1.01 if seed % 4 else 0.96 for seed in range(48)}
    outcomes = [
        race(
            "maximize",
            lambda seeds: by_seed(*(accepted(seed, 100.0 * gains[seed]) for seed in seeds)),
            lambda seeds: by_seed(*(accepted(seed, 100.0) for seed in seeds)),
            list(range(48)),
            plan,
        )
        for plan in (plan_race(48), plan_race(48).patient())
    ]
    assert [len(result.comparison.gains) for result in outcomes] == [8, 48]
