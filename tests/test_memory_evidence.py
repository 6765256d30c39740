"""Statistics of evidence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ale_agent.memory import Evidence, Posterior, paired_gain, posterior, thompson, trial_evidence
from ale_agent.memory.evidence import PRIOR_SD


def trial(gain: float, *, problem: str = "p", half: float = 0.005, number: int = 0, foreign: bool = False) -> Evidence:
    return Evidence(problem, "trial", gain, gain - half, gain + half, 48, "c-1", f"a-{number}", "c-2", foreign)


def same(_: str) -> float:
    return 1.0


def test_paired_gain_is_the_mean_with_students_interval() -> None:
    found = paired_gain([0.0, 0.02, 0.04])
    assert found.gain == pytest.approx(0.02)
    assert found.high - found.gain == pytest.approx(4.302652729911275 * 0.02 / math.sqrt(3))
    assert found.cases == 3


@pytest.mark.parametrize("ratios", [[], [0.1], [0.1, math.nan], [0.1, math.inf]])
def test_paired_gain_of_too_little_or_no_number_is_refused(ratios: list[float]) -> None:
    with pytest.raises(ValueError, match="at least two finite"):
        paired_gain(ratios)


def test_paired_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)
    samples = rng.normal(0.01, 0.05, size=(1000, 12))
    held = sum(found.low <= 0.01 <= found.high for found in map(paired_gain, samples.tolist()))
    assert 930 <= held <= 970


def test_a_failed_case_makes_evidence_that_the_format_takes() -> None:
    found = trial_evidence("p", [math.inf, -math.inf, 0.0], candidate="c-2", baseline="c-1", attempt="a")
    assert -100 <= (found.low or 0) <= (found.gain or 0) <= (found.high or 0) <= 100


def test_without_evidence_the_posterior_is_the_prior() -> None:
    assert posterior([Evidence("p", "citation", source="x")], same) == Posterior(0.0, pytest.approx(PRIOR_SD), 0, 0)  # type: ignore[arg-type]


def test_little_evidence_shrinks_more_than_much() -> None:
    one = posterior([trial(0.05)], same)
    many = posterior([trial(0.05, number=n) for n in range(20)], same)
    assert 0 < one.mean < many.mean < 0.05
    assert PRIOR_SD > one.sd > many.sd


def test_a_wide_interval_says_less() -> None:
    assert posterior([trial(0.05, half=0.1)], same).mean < posterior([trial(0.05, half=0.01)], same).mean


def test_an_unlike_problem_says_less() -> None:
    means = [posterior([trial(0.05)], lambda _, alike=alike: alike).mean for alike in (0.0, 0.3, 0.7, 1.0)]  # type: ignore[misc]
    assert means == sorted(means)
    assert means[0] == 0.0


def test_a_hundred_trials_on_an_unlike_problem_do_not_outweigh_one_on_this() -> None:
    evidence = [trial(-0.05, problem="unlike", number=n) for n in range(100)] + [trial(0.05, problem="this")]
    assert posterior(evidence, lambda problem: 1.0 if problem == "this" else 0.2).mean > 0


def test_foreign_evidence_says_less() -> None:
    assert 0 < posterior([trial(0.05, foreign=True)], same).mean < posterior([trial(0.05)], same).mean


def test_the_posterior_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(1000):
        truth = float(rng.normal(0, PRIOR_SD))
        seen = float(rng.normal(truth, math.hypot(0.01, 0.01)))  # the trial's own error and its context
        found = posterior([trial(seen, half=1.96 * 0.01)], same)
        held += found.low <= truth <= found.high
    assert 930 <= held <= 970


def test_thompson_draws_follow_the_posteriors() -> None:
    rng = np.random.default_rng(2)
    beliefs = {"good": Posterior(0.05, 0.01, 1, 1), "bad": Posterior(-0.05, 0.01, 1, 1), "new": Posterior(0, 0.1, 0, 0)}
    draws = [thompson(beliefs, rng) for _ in range(500)]
    best = [max(draw, key=lambda key: draw[key]) for draw in draws]
    assert best.count("bad") < 10
    assert best.count("good") > 200
    assert best.count("new") > 100


def test_thompson_draws_repeat_with_the_generator() -> None:
    beliefs = {"a": Posterior(0, 1, 0, 0)}
    assert thompson(beliefs, np.random.default_rng(3)) == thompson(beliefs, np.random.default_rng(3))


@given(
    st.lists(st.tuples(st.floats(-100, 100), st.floats(0, 100), st.sampled_from("pqr")), max_size=8),
    st.floats(0, 1),
)
def test_the_posterior_is_finite_and_never_less_sure_than_the_prior(
    figures: list[tuple[float, float, str]], alike: float
) -> None:
    evidence = [trial(gain, problem=name, half=half, number=n) for n, (gain, half, name) in enumerate(figures)]
    found = posterior(evidence, lambda _: alike)
    assert math.isfinite(found.mean)
    assert 0 < found.sd <= PRIOR_SD * (1 + 1e-9)
