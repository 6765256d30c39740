"""Racing: a challenger meets the incumbent case by case, in stages, and stops early both ways.

After each stage a sign-flip test is made. The levels at which a challenger may win add up to at most the plan's level,
so that one that is no better wins with at most that probability, however the gains are distributed (Bonferroni over
the stages; stopping for futility only takes wins away). The levels at which it is given up are chosen for power;
`benchmarks/statistics.py` shows what they cost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ale_agent.evaluate.comparison import Comparison, compare
from ale_agent.evaluate.result import CaseResult
from ale_agent.problem.score import Objective

Run = Callable[[Sequence[int]], Mapping[int, CaseResult]]
"""Runs a candidate on these cases and returns the results by seed."""


class Outcome(StrEnum):
    """How a race ended for the challenger."""

    BETTER = "better"
    GIVEN_UP = "given_up"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True)
class RacePlan:
    """When to look, and what ends a race.

    Parameters
    ----------
    stages
        How many cases have been run at each look, increasing.
    win_levels
        The challenger wins at a look if its p-value is at most this; their sum is the level of the race.
    futility_levels
        It is given up at a look if its p-value is above this.
    """

    stages: tuple[int, ...]
    win_levels: tuple[float, ...]
    futility_levels: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.stages) == len(self.win_levels) == len(self.futility_levels) >= 1:
            raise ValueError("a race plan needs one win and one futility level for each stage")
        if any(a >= b for a, b in zip((0, *self.stages), self.stages, strict=False)):
            raise ValueError(f"stages must increase from at least 1: {self.stages}")

    @property
    def level(self) -> float:
        """The largest probability that a challenger which is no better wins."""
        return sum(self.win_levels)

    def patient(self) -> RacePlan:
        """Return the plan that gives up only what is very likely no better: for a challenger dearer than its runs.

        A program that took a model minutes is not to be lost to the noise of four cases.
        """
        levels = tuple(max(level, _PATIENT_ABOVE) if level > 0.0 else 0.0 for level in self.futility_levels)
        return replace(self, futility_levels=levels)


_EARLY_LEVEL = 0.004
_GIVEN_UP_ABOVE = (0.75, 0.6, 0.45, 0.3)
_PATIENT_ABOVE = 0.9


def plan_race(cases: int, level: float = 0.05) -> RacePlan:
    """Return the plan for at most `cases` cases: looks at 4, 8, 16, ... and at the end.

    Most of the level is kept for the last look, where power counts. A look at n cases gets none of it where even n
    wins out of n, of probability 2**-n, would not suffice. `python -m benchmarks.statistics` shows level, power and
    cost.
    """
    early = [4 * 2**k for k in range(32) if 4 * 2**k <= cases / 1.4]
    win = [_EARLY_LEVEL if 2.0**-stage <= _EARLY_LEVEL else 0.0 for stage in early]
    futility = [_GIVEN_UP_ABOVE[min(k, len(_GIVEN_UP_ABOVE) - 1)] for k in range(len(early))]
    return RacePlan((*early, max(cases, 1)), (*win, level - sum(win)), (*futility, 0.0))


@dataclass(frozen=True)
class RaceResult:
    """What a race showed.

    Parameters
    ----------
    outcome
        How it ended.
    comparison
        The paired gains that were measured.
    p
        The p-value at the last look.
    """

    outcome: Outcome
    comparison: Comparison
    p: float


def race(objective: Objective, challenger: Run, incumbent: Run, seeds: Sequence[int], plan: RacePlan) -> RaceResult:
    """Run challenger and incumbent on the same cases until one look decides.

    Parameters
    ----------
    objective
        Which direction of the scores is better.
    challenger, incumbent
        Run a candidate on cases; what was run before should be answered from the journal.
    seeds
        The cases in racing order; at least as many as the plan's last stage.
    plan
        When to look, and what ends the race.
    """
    mine: dict[int, CaseResult] = {}
    theirs: dict[int, CaseResult] = {}
    done = 0
    for stage, win_level, futility_level in zip(plan.stages, plan.win_levels, plan.futility_levels, strict=True):
        fresh = seeds[done:stage]
        theirs.update(incumbent(fresh))
        mine.update(challenger(fresh))
        done = stage
        comparison = compare(objective, mine, theirs)
        p = comparison.p_better()
        if p <= win_level:
            return RaceResult(Outcome.BETTER, comparison, p)
        if p > futility_level > 0.0:
            return RaceResult(Outcome.GIVEN_UP, comparison, p)
    return RaceResult(Outcome.NOT_SHOWN, comparison, p)
