"""How an attempt's searching budget is cut up: how long a run, how many cases a race and a study, how many drafts."""

from __future__ import annotations

from dataclasses import dataclass

from ale_agent.attempt.measurement import Fidelity
from ale_agent.attempt.options import AttemptOptions
from ale_agent.evaluate.race import RacePlan, plan_race
from ale_agent.problem import Problem
from ale_agent.seeds import Purpose, share_cases

_RUNS_WORTH_HAVING = 400
_LEAST_FRACTION = 0.1
_STARTUP_SECONDS = 0.6


@dataclass(frozen=True)
class SearchPlan:
    """How an attempt's searching budget is cut up.

    Parameters
    ----------
    fidelity
        How long a run may take while searching.
    race
        The looks of a race and what they decide.
    tune_cases
        How many cases a study has.
    drafts
        How many compositions to begin with.
    """

    fidelity: Fidelity
    race: RacePlan
    tune_cases: int
    drafts: int


def plan_search(problem: Problem, options: AttemptOptions) -> SearchPlan:
    """Return how to spend the budget: shorter runs and fewer cases where it is small.

    A run gets the problem's own limit, less what a cold start takes, if some hundreds of such runs fit; otherwise a
    shorter limit, at least a tenth of it.
    """
    spec = problem.spec
    available = problem.case_seeds_available
    longest = max(0.5 * spec.time_limit, spec.time_limit - _STARTUP_SECONDS)
    if options.seconds is None:
        return SearchPlan(
            Fidelity(longest, options.evaluation_limit),
            plan_race(_fitting(available, "search", 12)),
            _fitting(available, "tune", 8),
            max(2, (options.iterations or 4) // 3),
        )
    core_seconds = 0.6 * options.seconds * options.workers
    limit = min(longest, max(_LEAST_FRACTION * spec.time_limit, core_seconds / _RUNS_WORTH_HAVING))
    runs = core_seconds / limit
    cases = int(min(64, max(8, runs / 16)))
    return SearchPlan(
        Fidelity(round(limit, 3), options.evaluation_limit),
        plan_race(_fitting(available, "search", cases)),
        _fitting(available, "tune", int(min(32, max(6, runs / 32)))),
        int(min(12, max(2, 2 + options.seconds / 45))),
    )


def _fitting(available: tuple[int, ...] | None, purpose: Purpose, count: int) -> int:
    """Return how many cases there are for a purpose, at most `count`."""
    return len(share_cases(available, purpose, count))
