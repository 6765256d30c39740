"""How much better the winner looked on the cases it was searched on than it is on cases that nobody had seen.

Both means are of runs of the same kind (warm, the search's time limit), so that only the cases differ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ale_agent.attempt.planning import SearchPlan
from ale_agent.attempt.workspace import Workspace
from ale_agent.problem.score import Objective
from ale_agent.search.archive import Candidate
from ale_agent.seeds import share_cases

MOST_CASES = 16
FEWEST_CASES = 2
_OVERHEAD_SECONDS = 0.2
_COMPILE_SECONDS = 8.0
_KEPT_SECONDS = 1.5


@dataclass(frozen=True)
class Optimism:
    """The gap between searched-on and fresh cases.

    Parameters
    ----------
    gap
        Mean on the searched-on cases less the mean on fresh ones, in the problem's number, its sign turned where less
        is better: positive means that the search flattered.
    low, high
        Its 95 % interval (Welch's).
    search_mean, fresh_mean
        The two means.
    search_cases, fresh_cases
        How many answered cases they rest on.
    """

    gap: float
    low: float
    high: float
    search_mean: float
    fresh_mean: float
    search_cases: int
    fresh_cases: int


def measure_optimism(work: Workspace, plan: SearchPlan, winner: Candidate) -> Optimism | None:
    """Run the winner on fresh cases as it was run while searching, as the time left allows, and keep what it shows.

    None where there is no time for it, or too few cases were answered.
    """
    meta = work.journal.read_meta()
    if meta.get("optimism_of") == winner.id:
        return Optimism(**meta["optimism"])
    available = work.problem.case_seeds_available
    known = work.journal.read_results(winner.program, winner.values, plan.fidelity.mode)
    searched = [known[seed].score for seed in share_cases(available, "search", plan.race.stages[-1]) if seed in known]
    seeds = work.fresh_cases(min(MOST_CASES, _affordable(work, plan, winner)))
    fresh = [result.score for result in work.run(winner, seeds, plan.fidelity).values()] if seeds else []
    found = compare_means(work.problem.spec.objective, _answered(searched), _answered(fresh))
    if found is not None:
        work.journal.write_meta({"optimism": asdict(found), "optimism_of": winner.id})
    return found


def seconds_for(work: Workspace, plan: SearchPlan) -> float:
    """Return what half of the cases take: the time that confirming leaves for them."""
    return (plan.fidelity.time_limit + _OVERHEAD_SECONDS) * MOST_CASES / 2 / work.options.workers


def compare_means(objective: Objective, searched: Sequence[float], fresh: Sequence[float]) -> Optimism | None:
    """Return the gap between two sets of scores; None where one has fewer than `FEWEST_CASES`."""
    if min(len(searched), len(fresh)) < FEWEST_CASES:
        return None
    from scipy import stats

    n, m = len(searched), len(fresh)
    mean, other = sum(searched) / n, sum(fresh) / m
    a = sum((score - mean) ** 2 for score in searched) / (n - 1) / n
    b = sum((score - other) ** 2 for score in fresh) / (m - 1) / m
    freedom = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (m - 1)) if a + b > 0.0 else 1.0
    half = float(stats.t.ppf(0.975, freedom)) * math.sqrt(a + b)
    gap = mean - other if objective == "maximize" else other - mean
    return Optimism(gap, gap - half, gap + half, mean, other, n, m)


def _answered(scores: Sequence[float | None]) -> list[float]:
    return [score for score in scores if score is not None]


def _affordable(work: Workspace, plan: SearchPlan, winner: Candidate) -> int:
    incumbent = work.archive.incumbent
    loaded = incumbent is not None and incumbent.program.id == winner.program.id
    left = work.budget.left - _KEPT_SECONDS - (0.0 if loaded else _COMPILE_SECONDS)
    if math.isinf(left):
        return MOST_CASES
    return max(0, int(left / (plan.fidelity.time_limit + _OVERHEAD_SECONDS)) * work.options.workers)
