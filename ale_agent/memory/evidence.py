"""Statistics of evidence: paired gains, and posteriors of what a strategy brings on the problem at hand.

Notation: a trial has gain g and standard error e (from its 95 % interval). What a strategy brings on a problem is drawn
from N(0, s0^2) before any evidence. Trials on one problem scatter around its true gain by e and by what else was in the
two programs (c); the true gains of two problems differ by b, the less the more alike they are (r in 0..1):

    v_problem = 1 / sum_trials 1 / (e^2 + c^2),    v = (v_problem + b^2 (1 - r)) / r

Each problem so counts once, and a hundred trials on one unlike problem never outweigh what was seen on a like one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from ale_agent.memory.strategy import Evidence

PRIOR_SD = 0.03  # s0: most changes of a program move the mean log-ratio by a few percent
CONTEXT_SD = 0.01  # c
BETWEEN_SD = 0.03  # b
FOREIGN_WEIGHT = 0.5  # of the precision of what somebody else says to have measured
GAIN_CLIP = 1.0  # a factor of e; beyond that a baseline was broken, and says no more than that
_STANDARD_ERROR_MIN = 5e-4
_NORMAL_95 = 1.959963984540054

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Posterior:
    """What is believed of a gain.

    Parameters
    ----------
    mean, sd
        Of the normal posterior, in log-ratio.
    problems, trials
        How many problems and trials it rests on.
    """

    mean: float
    sd: float
    problems: int
    trials: int

    @property
    def low(self) -> float:
        """Lower end of the central 95 %."""
        return self.mean - _NORMAL_95 * self.sd

    @property
    def high(self) -> float:
        """Upper end of the central 95 %."""
        return self.mean + _NORMAL_95 * self.sd


@dataclass(frozen=True)
class PairedGain:
    """Mean per-case log-ratio and its 95 % interval, from Student's t."""

    gain: float
    low: float
    high: float
    cases: int


def paired_gain(log_ratios: Sequence[float]) -> PairedGain:
    """Return the mean gain over cases and its 95 % interval; at least two finite log-ratios, greater is better."""
    from scipy import stats

    ratios = np.asarray(log_ratios, dtype=float)
    if ratios.ndim != 1 or len(ratios) < 2 or not np.isfinite(ratios).all():
        raise ValueError(f"a paired gain needs at least two finite log-ratios, got {list(log_ratios)!r:.60}")
    mean = float(ratios.mean())
    error = float(ratios.std(ddof=1)) / math.sqrt(len(ratios))
    half = float(stats.t.ppf(0.975, len(ratios) - 1)) * error
    return PairedGain(mean, mean - half, mean + half, len(ratios))


def trial_evidence(
    problem: str, log_ratios: Sequence[float], *, candidate: str, baseline: str, attempt: str
) -> Evidence:
    """Return the evidence of a candidate paired with its baseline; measured again in the same attempt it is the same.

    Parameters
    ----------
    problem
        The problem's id.
    log_ratios
        Per case, greater is better for the candidate; clipped to a factor of e**100 where a case failed.
    candidate, baseline
        Ids of the two programs.
    attempt
        The attempt's id.
    """
    found = paired_gain([min(100.0, max(-100.0, ratio)) for ratio in log_ratios])
    return Evidence(
        problem=problem,
        kind="trial",
        gain=found.gain,
        low=max(-100.0, found.low),
        high=min(100.0, found.high),
        cases=found.cases,
        baseline=baseline,
        attempt=attempt,
        source=candidate,
    )


def posterior(
    evidence: Iterable[Evidence],
    similarity_to: Callable[[str], float],
    *,
    prior_sd: float = PRIOR_SD,
) -> Posterior:
    """Return what the trials among the evidence let expect of a strategy on the problem at hand.

    Parameters
    ----------
    evidence
        Of one strategy; citations are passed over, they carry no gain.
    similarity_to
        How alike the problem at hand is to the one with this id, 0 to 1.
    prior_sd
        Standard deviation of the gain before any evidence; the mean is 0.
    """
    by_problem: dict[str, list[tuple[float, float]]] = {}
    for item in evidence:
        if item.gain is None or item.low is None or item.high is None:
            continue
        gain = min(GAIN_CLIP, max(-GAIN_CLIP, item.gain))
        weight = (FOREIGN_WEIGHT if item.foreign else 1.0) / (error_of(item) ** 2 + CONTEXT_SD**2)
        by_problem.setdefault(item.problem, []).append((gain, weight))
    precision = 1.0 / prior_sd**2
    total = 0.0
    problems = trials = 0
    for problem, found in by_problem.items():
        alike = min(1.0, max(0.0, similarity_to(problem)))
        if alike <= 0.0:
            continue
        weight = sum(part for _, part in found)
        mean = sum(gain * part for gain, part in found) / weight
        own = alike / (1.0 / weight + BETWEEN_SD**2 * (1.0 - alike))
        precision += own
        total += own * mean
        problems += 1
        trials += len(found)
    return Posterior(total / precision, math.sqrt(1.0 / precision), problems, trials)


def thompson(posteriors: Mapping[Key, Posterior], rng: np.random.Generator) -> dict[Key, float]:
    """Return one draw from each posterior, in the mapping's order."""
    draws = rng.standard_normal(len(posteriors))
    return {key: item.mean + item.sd * float(draw) for (key, item), draw in zip(posteriors.items(), draws, strict=True)}


def error_of(trial: Evidence) -> float:
    """Return a trial's standard error, from its 95 % interval."""
    return max(_STANDARD_ERROR_MIN, ((trial.high or 0.0) - (trial.low or 0.0)) / (2 * _NORMAL_95))


def merit(evidence: Iterable[Evidence]) -> float:
    """Return the gain to expect where nothing is known of the problem: what the store sorts by."""
    return posterior(evidence, lambda _: 0.5).mean
