"""Pairs of equally good programs whose scores are hard for a statistical test; races of them run the real code.

A pair draws for each case the scores of incumbent and challenger, None for a failure. Both come from the same
distribution, so that a win is an error, but in one pair: its challenger is a little better on most cases and fails on
some, so that its mean gain is zero. No test can see on a few cases what happens on one in twenty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ale_agent.evaluate.race import Outcome, RacePlan, race
from ale_agent.evaluate.result import CaseResult, Verdict

Pair = tuple[float | None, float | None]


@dataclass(frozen=True)
class Null:
    """A distribution of pairs, by a name for a person."""

    name: str
    draw: Callable[[np.random.Generator], Pair]


def _both(draw: Callable[[np.random.Generator], float | None]) -> Callable[[np.random.Generator], Pair]:
    return lambda rng: (draw(rng), draw(rng))


def _ties(rng: np.random.Generator) -> Pair:
    base = 1000.0 + float(rng.integers(0, 50))
    moves = rng.integers(-1, 2, 2) * (rng.random(2) < 0.05)
    return base + float(moves[0]), base + float(moves[1])


def _failures(rng: np.random.Generator) -> float | None:
    return None if rng.random() < 0.15 else 1000.0 * float(np.exp(rng.normal(0.0, 0.02)))


def _rare_failures_of_hard_cases(rng: np.random.Generator) -> Pair:
    hard = rng.random() < 0.1
    draws = [None if hard and rng.random() < 0.5 else 100.0 + float(rng.integers(0, 3)) for _ in range(2)]
    return draws[0], draws[1]


def _tails(rng: np.random.Generator) -> float | None:
    return 1000.0 * float(np.exp(np.clip(rng.standard_cauchy() * 0.01, -20.0, 20.0)))


def _signs(rng: np.random.Generator) -> Pair:
    scale = float(10.0 ** rng.uniform(0.0, 4.0))
    return scale * float(rng.normal()), scale * float(rng.normal())


def _often_zero(rng: np.random.Generator) -> float | None:
    return float(rng.poisson(0.7))


def _skewed(rng: np.random.Generator) -> float | None:
    return 1.0 + float(rng.exponential(5.0)) ** 2


def _risky(rng: np.random.Generator) -> Pair:
    return 100.0, 100.0 * float(np.exp(-0.19 if rng.random() < 0.05 else 0.01))


UNPROTECTED = ("better on most, far worse on one in twenty",)

NULLS = (
    Null("ties: nine cases in ten are equal", _ties),
    Null("failures: each fails on 15 % of the cases", _both(_failures)),
    Null("failures: on the same hard cases, else ties", _rare_failures_of_hard_cases),
    Null("heavy tails: Cauchy log-ratios", _both(_tails)),
    Null("both signs: differences over four decades", _signs),
    Null("small counts, half of them zero", _both(_often_zero)),
    Null("skewed: squares of exponentials", _both(_skewed)),
    Null(UNPROTECTED[0], _risky),
)


def win_hard_race(kind: Null, plan: RacePlan, rng: np.random.Generator) -> bool:
    """Return whether the challenger of such a pair wins a race."""
    pairs = [kind.draw(rng) for _ in range(plan.stages[-1])]
    result = race(
        "maximize",
        lambda seeds: {seed: _result(seed, pairs[seed][1]) for seed in seeds},
        lambda seeds: {seed: _result(seed, pairs[seed][0]) for seed in seeds},
        range(len(pairs)),
        plan,
    )
    return result.outcome is Outcome.BETTER


def _result(seed: int, score: float | None) -> CaseResult:
    verdict = Verdict.TIME_LIMIT if score is None else Verdict.ACCEPTED
    return CaseResult(seed=seed, verdict=verdict, score=score, cpu_seconds=1.0, wall_seconds=1.0)
