"""Relative scoring: what the scores of one case are worth against each other, rounded half up.

With M full marks: M x / best where more is better, M best / x where less is, or by rank M (1 - (lose + tie / 2) / n), with n
entrants, `lose` of them better and `tie` others equal. A failed case is worth nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction

from ale_agent.errors import StandingsError
from ale_agent.problem.score import Objective
from ale_agent.problem.specification import Relative

# Exact, because points are rounded: a case's score is whole nearly always.
Exact = int | Fraction


def relative_points(scores: Sequence[Exact | None], objective: Objective, kind: Relative, full_marks: int) -> list[int]:
    """Return the points of each entrant in one case.

    Parameters
    ----------
    scores
        One an entrant, all of the field; None where the case failed.
    objective
        Whether more or less is better.
    kind
        ``best``: in proportion to the best score; ``rank``: by how many are better.
    full_marks
        What the best gets.

    Raises
    ------
    StandingsError
        A score below 0, of which no proportion makes sense.
    """
    valid = [score for score in scores if score is not None]
    if not valid:
        return [0] * len(scores)
    if kind == "rank":
        sign = -1 if objective == "maximize" else 1
        costs = sorted(sign * score for score in valid)
        return [
            0 if score is None else _points_by_rank(costs, sign * score, len(scores), full_marks) for score in scores
        ]
    if min(valid) < 0:
        raise StandingsError(f"a score of {float(min(valid)):g} has no proportion to the best; scores are at least 0")
    if objective == "maximize":
        best = max(valid)
        return [half_up(full_marks * score, best) if score else 0 for score in scores]
    best = min(valid)
    return [0 if score is None else half_up(full_marks * best, score) if score else full_marks for score in scores]


def _points_by_rank(costs: list[Exact], cost: Exact, entrants: int, full_marks: int) -> int:
    lose = bisect_left(costs, cost)
    tie = bisect_right(costs, cost) - lose - 1
    return half_up(full_marks * (2 * entrants - 2 * lose - tie), 2 * entrants)


def as_exact(score: float) -> Exact:
    """Return a score without error."""
    return int(score) if float(score).is_integer() else Fraction(score)


def half_up(numerator: Exact, denominator: Exact) -> int:
    """Return a quotient of numbers that are not negative, rounded to the nearest whole number, halves up."""
    return int((2 * numerator + denominator) // (2 * denominator))
