"""Paired comparison of two candidates on the same cases, and the test behind "beyond chance".

A pair gives a *gain*: the log-ratio of the scores, or their difference where some score is zero or negative; greater is
better whatever the objective. A failed case counts as the worst: beyond every gain that was seen between two answers.
A case that our own judge failed on says nothing and is left out.

Not covered: dependence between cases, and the luck of the incumbent on the cases that it was chosen on (which works
against the challenger, never for it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ale_agent.evaluate.result import CaseResult, Verdict
from ale_agent.problem.score import Objective, log_ratio, utility

Scale = Literal["log_ratio", "difference"]

EXACT_UP_TO = 12
"""Up to this many pairs every sign pattern is counted; beyond, a fixed sample of them."""

_SAMPLED_FLIPS = 9_999
_FAILURE_FACTOR = 2.0
_LEAST_FAILURE_LOG_RATIO = 1.0

FAR_BELOW = -0.2
"""A log-ratio below which a program that works elsewhere has not done on a case what it is meant to do."""


@dataclass(frozen=True)
class Comparison:
    """Gains of a challenger over an incumbent, one a common case.

    Parameters
    ----------
    seeds
        The cases, in the order of `gains`.
    gains
        Positive where the challenger is better, shape ``(n,)`` float64.
    scale
        What a gain is.
    """

    seeds: tuple[int, ...]
    gains: NDArray[np.float64]
    scale: Scale

    @property
    def mean(self) -> float:
        """The mean gain; 0 without cases."""
        return float(self.gains.mean()) if len(self.gains) else 0.0

    @property
    def usual(self) -> float:
        """The mean gain over the cases that are not far below, so that it says what a program does where it works."""
        usual = self.gains[self.gains > FAR_BELOW] if self.scale == "log_ratio" else self.gains
        return float(usual.mean()) if len(usual) else self.mean

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the confidence interval of the mean gain; infinite with fewer than two cases."""
        return mean_interval(self.gains, confidence)

    def p_better(self) -> float:
        """Return the one-sided p-value of "not better": small where the gain is beyond chance."""
        return sign_flip_p(self.gains)


def mean_interval(values: Iterable[float], confidence: float = 0.95) -> tuple[float, float]:
    """Return Student's confidence interval of a mean; infinite with fewer than two values."""
    from scipy import stats

    data = np.asarray(list(values), dtype=np.float64)
    if len(data) < 2:
        return (-np.inf, np.inf)
    half = float(stats.t.ppf(0.5 + confidence / 2, len(data) - 1)) * float(data.std(ddof=1)) / float(np.sqrt(len(data)))
    mean = float(data.mean())
    return (mean - half, mean + half)


def compare(
    objective: Objective, challenger: Mapping[int, CaseResult], incumbent: Mapping[int, CaseResult]
) -> Comparison:
    """Return the gains of `challenger` over `incumbent` on the cases that both ran and that were judged.

    Parameters
    ----------
    objective
        Which direction of the scores is better.
    challenger, incumbent
        Results by case seed.
    """
    seeds = [
        seed
        for seed in challenger
        if seed in incumbent and Verdict.JUDGE_ERROR not in (challenger[seed].verdict, incumbent[seed].verdict)
    ]
    pairs = [(challenger[seed].score, incumbent[seed].score) for seed in seeds]
    scores = [score for pair in pairs for score in pair if score is not None]
    scale: Scale = "log_ratio" if all(score > 0 for score in scores) else "difference"
    answered = [_gain(objective, scale, a, b) for a, b in pairs if a is not None and b is not None]
    worst = _failure(scale, answered, scores)
    gains = [
        _gain(objective, scale, a, b)
        if a is not None and b is not None
        else worst * (int(a is not None) - int(b is not None))
        for a, b in pairs
    ]
    return Comparison(tuple(seeds), np.array(gains, dtype=np.float64), scale)


def _gain(objective: Objective, scale: Scale, challenger: float, incumbent: float) -> float:
    if scale == "log_ratio":
        return log_ratio(objective, challenger, incumbent)
    return utility(objective, challenger) - utility(objective, incumbent)


def _failure(scale: Scale, gains: list[float], scores: list[float]) -> float:
    """Return the size of the gain of an answer over a failure: beyond all that answers differ by."""
    largest = max((abs(gain) for gain in gains), default=0.0)
    if scale == "log_ratio":
        return max(_LEAST_FAILURE_LOG_RATIO, _FAILURE_FACTOR * largest)
    return max(1.0, _FAILURE_FACTOR * largest, *(abs(score) for score in scores))


def sign_flip_p(gains: NDArray[np.float64]) -> float:
    """Return the p-value of the sign-flip test of "the mean gain is at most 0".

    Under the hypothesis that challenger and incumbent are equally good, each gain is as likely as its negative
    (Fisher, "The Design of Experiments", 1935, section 21). Exact up to `EXACT_UP_TO` pairs, beyond that by a fixed
    sample of sign patterns, the observed one counted (Phipson & Smyth 2010, doi 10.2202/1544-6115.1585).
    Cost: at most 10,000 x n.
    """
    moved = gains[gains != 0.0]
    n = len(moved)
    if n == 0:
        return 1.0
    observed = float(moved.sum())
    tolerance = 1e-12 * float(np.abs(moved).sum())
    if n <= EXACT_UP_TO:
        patterns = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        sums = (1.0 - 2.0 * patterns) @ moved
        return float(np.mean(sums >= observed - tolerance))
    signs = 1.0 - 2.0 * np.random.default_rng(n).integers(0, 2, size=(_SAMPLED_FLIPS, n))
    return float((1 + np.count_nonzero(signs @ moved >= observed - tolerance)) / (_SAMPLED_FLIPS + 1))
