"""Constructions of a vector of integers, each within its own bounds low..high."""

from __future__ import annotations

import numpy as np
from numba import njit

from ale_agent.kit.arrays import copy_range
from ale_agent.kit.budget import spent_share
from ale_agent.kit.integers import clip
from ale_agent.kit.randomness import random_below
from ale_agent.strategist.pieces.stand_in import evaluate_full


@njit(cache=True)
def random_values(case, low, high, budget, share, rng):
    """Return random values; where they are not feasible, the first feasible ones of a few."""
    answer = low.copy()
    for _ in range(32):
        for i in range(low.size):
            answer[i] = low[i] + random_below(rng, high[i] - low[i] + 1)
        if evaluate_full(case, answer, low.size, budget) > -np.inf or spent_share(budget) >= share:
            break
    return answer, low.size


@njit(cache=True)
def best_constant(case, low, high, budget, share, rng):
    """Return the best of: all 0 (or the bound nearest to it), all low, middle, high, and a few random vectors."""
    best = low.copy()
    best_value = -np.inf
    answer = low.copy()
    for turn in range(8):
        for i in range(low.size):
            if turn == 0:
                answer[i] = clip(0, low[i], high[i])
            elif turn < 4:
                answer[i] = low[i] + (high[i] - low[i]) // 2 * (turn - 1) if turn < 3 else high[i]
            else:
                answer[i] = low[i] + random_below(rng, high[i] - low[i] + 1)
        value = evaluate_full(case, answer, low.size, budget)
        if turn == 0 or value > best_value:
            copy_range(answer, best, 0, low.size)
            best_value = value
        if spent_share(budget) >= share:
            break
    return best, low.size


@njit(cache=True)
def coordinate_descent(case, low, high, budget, share, width, rng):
    """Go round the positions of the best constant vector, each to the best of a few values, while there is time."""
    answer, extent = best_constant(case, low, high, budget, share, rng)
    value = evaluate_full(case, answer, extent, budget)
    improved = True
    while improved:
        improved = False
        first = random_below(rng, max(1, extent))
        for k in range(extent):
            i = (first + k) % extent
            if low[i] == high[i]:
                continue
            if spent_share(budget) >= share:
                return answer, extent
            span = high[i] - low[i]
            best, best_value = answer[i], value
            for turn in range(min(width, span)):
                # A short range is tried whole, a long one at random.
                answer[i] = low[i] + (turn + (turn >= best - low[i]) if span <= width else random_below(rng, span + 1))
                tried = evaluate_full(case, answer, extent, budget)
                if tried > value and tried > best_value:
                    best, best_value = answer[i], tried
            improved = improved or best_value > value
            answer[i], value = best, best_value
    return answer, extent


@njit(cache=True)
def coarse_to_fine(case, low, high, budget, share, rng):
    """Step every position of the best constant vector up and down by half of its range, then a quarter, and so on."""
    answer, extent = best_constant(case, low, high, budget, share, rng)
    value = evaluate_full(case, answer, extent, budget)
    widest = 0
    for i in range(extent):
        widest = max(widest, high[i] - low[i])
    halving = 2
    while widest // halving > 0 or halving == 2:
        for i in range(extent):
            distance = (high[i] - low[i]) // halving
            if low[i] == high[i] or (distance == 0 and halving > 2):
                continue
            if spent_share(budget) >= share:
                return answer, extent
            before = answer[i]
            best = before
            for side in range(2):
                tried_value = clip(before + max(1, distance) * (2 * side - 1), low[i], high[i])
                if tried_value == before:
                    continue
                answer[i] = tried_value
                tried = evaluate_full(case, answer, extent, budget)
                if tried > value:
                    best, value = tried_value, tried
            answer[i] = best
        halving *= 2
    return answer, extent
