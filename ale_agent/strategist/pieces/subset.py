"""Constructions of a subset of `size` items with `minimum` to `maximum` items chosen."""

from __future__ import annotations

import numpy as np
from numba import njit

from ale_agent.kit.arrays import copy_range
from ale_agent.kit.budget import spent_share
from ale_agent.kit.randomness import random_below, random_scale
from ale_agent.kit.subset import random_member
from ale_agent.strategist.pieces.stand_in import evaluate_full


@njit(cache=True)
def choose_items(answer, count, rng):
    """Choose that many items at random and drop all others."""
    left = count
    for i in range(answer.size):
        answer[i] = 0
        if random_below(rng, answer.size - i) < left:
            answer[i] = 1
            left -= 1


@njit(cache=True)
def random_subset(case, size, minimum, maximum, budget, share, rng):
    """Return random items; where they are not feasible, the best of a few subsets of many sizes."""
    best = np.zeros(size, np.int64)
    answer = best.copy()
    best_extent, best_value = -1, -np.inf
    for turn in range(32):
        count = minimum + random_below(rng, maximum - minimum + 1)
        if turn > 0:
            # By turns near the lower bound and near the upper one, at every scale of distance.
            apart = random_scale(rng, maximum - minimum + 1) - 1
            count = minimum + apart if turn % 2 == 1 else maximum - apart
        choose_items(answer, count, rng)
        value = evaluate_full(case, answer, count, budget)
        if best_extent < 0 or value > best_value:
            copy_range(answer, best, 0, size)
            best_extent, best_value = count, value
        if best_value > -np.inf or spent_share(budget) >= share:
            break
    return best, best_extent


@njit(cache=True)
def smallest_subset(case, size, minimum, maximum, budget, share, rng):
    """Return as few items as may be, drawn at random; where that is not feasible, any random subset."""
    answer = np.zeros(size, np.int64)
    choose_items(answer, minimum, rng)
    if evaluate_full(case, answer, minimum, budget) > -np.inf:
        return answer, minimum
    return random_subset(case, size, minimum, maximum, budget, share, rng)


@njit(cache=True)
def greedy_add(case, size, minimum, maximum, budget, share, width, rng):
    """Begin with as few items as may be, and add the best of a few drawn items, until none helps."""
    answer, extent = smallest_subset(case, size, minimum, maximum, budget, share, rng)
    value = evaluate_full(case, answer, extent, budget)
    failures = 0
    while extent < maximum and failures < 4 and spent_share(budget) < share:
        best, best_value = -1, value
        for _ in range(width):
            i = random_member(answer, 0, rng)
            answer[i] = 1
            tried = evaluate_full(case, answer, extent + 1, budget)
            answer[i] = 0
            if tried > best_value:
                best, best_value = i, tried
        failures += 1
        if best >= 0:
            answer[best] = 1
            extent += 1
            value = best_value
            failures = 0
    return answer, extent


@njit(cache=True)
def drop_from_full(case, size, minimum, maximum, budget, share, width, rng):
    """Begin with as many items as may be, and drop the best of a few drawn items, until that only harms.

    While the answer is not feasible, items are dropped at random.
    """
    answer = np.zeros(size, np.int64)
    choose_items(answer, maximum, rng)
    extent = maximum
    value = evaluate_full(case, answer, extent, budget)
    failures = 0
    while extent > minimum and failures < 4 and spent_share(budget) < share:
        best, best_value = -1, value
        for _ in range(width):
            i = random_member(answer, 1, rng)
            answer[i] = 0
            tried = evaluate_full(case, answer, extent - 1, budget)
            answer[i] = 1
            if tried >= best_value and (best < 0 or tried > best_value):
                best, best_value = i, tried
        failures += 1
        if best >= 0:
            answer[best] = 0
            extent -= 1
            value = best_value
            failures = 0
    return answer, extent
