"""What each component of composed programs is worth: all races of a memory, solved together.

A race between two compositions tells the sum of what they have otherwise, not which part did it; many races together
do. Notation: race i on problem p has gain y_i, error e_i and x_ik = +1 for what the challenger has more, -1 for what it
lacks. Gains are counted in their problem's typical gain (`problem_scales`), since a percent is much on one problem and
nothing on another. With worth b_k ~ N(0, s0^2) and on problem p, of likeness r, b_k + d_k, d_k ~ N(0, b^2 (1 - r) / r):

    y_i = sum_k x_ik (b_k + d_k) + N(0, (e_i^2 + c^2) / r)

With one component in every race that is the posterior of `evidence.posterior`: a hundred races on one unlike problem
never outweigh what was seen on a like one. Cost: O(races * k^2 + problems * k^3) for k components.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ale_agent.memory.evidence import BETWEEN_SD, CONTEXT_SD, FOREIGN_WEIGHT, GAIN_CLIP, PRIOR_SD, Posterior, error_of
from ale_agent.memory.strategy import Evidence

Part = tuple[str, str, str]
"""Answer space (``any`` where it makes no difference), slot and name of a component."""

_PRIOR_TRIALS = 4
_SCALE_MIN = 1e-4
_LEAST_LIKENESS = 1e-3  # below that nothing carries over, and the algebra would divide by it
_LARGEST = 5.0  # times the typical gain: beyond that a program was broken, and says no more than that


@dataclass(frozen=True)
class Race:
    """What two compositions differed by, and the gain.

    Parameters
    ----------
    problem
        Where it was run.
    signs
        By part: 1.0 for what one composition has more, -1.0 for what it has less.
    gain, error
        Of that composition over the other.
    weight
        How far its precision counts.
    """

    problem: str
    signs: Mapping[Part, float]
    gain: float
    error: float
    weight: float


def part_posteriors(
    evidence: Mapping[Part, Sequence[Evidence]], similarity_to: Callable[[str], float]
) -> dict[Part, Posterior]:
    """Return what each component is worth on the problem at hand, in units where `PRIOR_SD` is a typical gain.

    Parameters
    ----------
    evidence
        By component: its shares of the gains of races, as `add_component_evidence` writes them.
    similarity_to
        How alike the problem at hand is to the one with this id, 0 to 1.
    """
    races = races_of(evidence)
    scales = problem_scales(races)
    place = {part: k for k, part in enumerate(sorted(evidence))}
    precision = np.eye(len(place)) / PRIOR_SD**2
    pulled = np.zeros(len(place))
    seen: dict[Part, list[str]] = {part: [] for part in place}
    for problem in sorted(scales):
        alike = min(1.0, max(0.0, similarity_to(problem)))
        if alike < _LEAST_LIKENESS:
            continue
        own = [race for race in races if race.problem == problem]
        x = np.zeros((len(own), len(place)))
        for i, race in enumerate(own):
            for part, sign in race.signs.items():
                x[i, place[part]] = sign
                seen[part].append(problem)
        unit = PRIOR_SD / scales[problem]
        limit = _LARGEST * PRIOR_SD
        y = np.clip([race.gain * unit for race in own], -limit, limit)
        w = np.array([alike * race.weight / ((race.error * unit) ** 2 + CONTEXT_SD**2) for race in own])
        known = (x * w[:, None]).T @ x
        spread = np.linalg.inv(np.eye(len(place)) + BETWEEN_SD**2 * (1.0 - alike) / alike * known)
        precision += known @ spread
        pulled += spread @ (x.T @ (w * y))
    covariance = np.linalg.inv((precision + precision.T) / 2)
    means = covariance @ pulled
    return {
        part: Posterior(float(means[k]), math.sqrt(float(covariance[k, k])), len(set(seen[part])), len(seen[part]))
        for part, k in place.items()
    }


def races_of(evidence: Mapping[Part, Sequence[Evidence]]) -> list[Race]:
    """Return the races whose shares lie with the components.

    Which of the two compositions was the challenger is not kept, and makes no difference. A gain of exactly 0 does not
    say what was on which side.
    """
    shares: dict[tuple[str | None, ...], dict[Part, Evidence]] = {}
    for part, pieces in evidence.items():
        for piece in pieces:
            if piece.gain:
                same = (piece.problem, piece.attempt, piece.baseline, piece.source)
                alone = (*part, piece.key)  # written by hand: nothing tells what it belongs to
                shares.setdefault(same if piece.attempt is not None else alone, {})[part] = piece
    return [_race(found) for found in shares.values()]


def problem_scales(races: Iterable[Race]) -> dict[str, float]:
    """Return each problem's typical size of a gain: the root mean square, near `PRIOR_SD` where races are few."""
    squares: dict[str, list[float]] = {}
    for race in races:
        squares.setdefault(race.problem, []).append(min(GAIN_CLIP, abs(race.gain)) ** 2)
    return {problem: _typical(found) for problem, found in squares.items()}


def _typical(squares: Sequence[float]) -> float:
    # a mean of logarithms: a prior of 3 % among squares would drown a problem where all gains are of a permille
    seen = len(squares) * math.log(max(_SCALE_MIN, math.sqrt(sum(squares) / len(squares))))
    return math.exp((_PRIOR_TRIALS * math.log(PRIOR_SD) + seen) / (_PRIOR_TRIALS + len(squares)))


def _race(shares: Mapping[Part, Evidence]) -> Race:
    signs = {part: math.copysign(1.0, piece.gain or 0.0) for part, piece in shares.items()}
    slots: dict[tuple[str, str], list[float]] = {}
    for (space, slot, _), sign in signs.items():
        slots.setdefault((space, slot), []).append(sign)
    changes = sum(max(found.count(1.0), found.count(-1.0)) for found in slots.values())  # exchanged ones are in pairs
    first = next(iter(shares.values()))
    return Race(
        problem=first.problem,
        signs=signs,
        gain=changes * abs(first.gain or 0.0),
        error=error_of(first),
        weight=FOREIGN_WEIGHT if first.foreign else 1.0,
    )
