"""Constructions of a sequence of symbols 0..symbols-1 with a length of `minimum` to `maximum`."""

from __future__ import annotations

import numpy as np
from numba import njit

from ale_agent.kit.arrays import copy_range
from ale_agent.kit.budget import spent_share
from ale_agent.kit.randomness import random_below, random_scale
from ale_agent.strategist.pieces.stand_in import evaluate_full


@njit(cache=True)
def random_sequence(case, symbols, minimum, maximum, budget, share, rng):
    """Return random symbols of random length; where they are not feasible, the first feasible ones of a few."""
    answer = np.zeros(maximum, np.int64)
    extent = minimum
    for turn in range(32):
        extent = minimum + random_below(rng, maximum - minimum + 1)
        if turn > 0:
            extent = minimum + random_scale(rng, maximum - minimum + 1) - 1
        for i in range(maximum):
            answer[i] = random_below(rng, symbols)
        if evaluate_full(case, answer, extent, budget) > -np.inf or spent_share(budget) >= share:
            break
    return answer, extent


@njit(cache=True)
def best_random_length(case, symbols, minimum, maximum, budget, share, rng):
    """Return the best of a few random sequences, from the shortest to the longest."""
    best = np.zeros(maximum, np.int64)
    answer = best.copy()
    best_extent, best_value = -1, -np.inf
    for turn in range(9):
        for i in range(maximum):
            answer[i] = random_below(rng, symbols)
        extent = minimum + (maximum - minimum) * turn // 8
        value = evaluate_full(case, answer, extent, budget)
        if best_extent < 0 or value > best_value:
            copy_range(answer, best, 0, extent)
            best_extent, best_value = extent, value
        if spent_share(budget) >= share:
            break
    return best, best_extent


@njit(cache=True)
def greedy_append(case, symbols, minimum, maximum, budget, share, width, rng):
    """Append the best symbol of a few again and again; return the best beginning met.

    A step that helps nothing is taken all the same, a few times over, as one symbol alone seldom does.
    """
    answer = np.zeros(maximum, np.int64)
    for i in range(minimum):
        answer[i] = random_below(rng, symbols)
    extent = minimum
    best = answer.copy()
    best_extent, best_value = extent, evaluate_full(case, answer, extent, budget)
    stale = 0
    while extent < maximum and stale < 16 and spent_share(budget) < share:
        best_symbol, symbol_value = -1, -np.inf
        offset = random_below(rng, symbols)
        for k in range(min(width, symbols)):
            answer[extent] = (offset + k) % symbols
            tried = evaluate_full(case, answer, extent + 1, budget)
            if best_symbol < 0 or tried > symbol_value:
                best_symbol, symbol_value = answer[extent], tried
        answer[extent] = best_symbol
        extent += 1
        stale += 1
        if symbol_value > best_value:
            copy_range(answer, best, 0, extent)
            best_extent, best_value = extent, symbol_value
            stale = 0
    return best, best_extent


@njit(cache=True)
def rollout_append(case, symbols, minimum, maximum, budget, share, width, lookahead, rng):
    """Append the best of a few random blocks of up to `lookahead` symbols again and again, until none helps."""
    answer = np.zeros(maximum, np.int64)
    for i in range(minimum):
        answer[i] = random_below(rng, symbols)
    extent = minimum
    value = evaluate_full(case, answer, extent, budget)
    block = np.zeros(lookahead, np.int64)
    stale = 0
    while extent < maximum and stale < 8 and spent_share(budget) < share:
        best_length, best_value = 0, value
        for _ in range(4 * width):
            length = random_scale(rng, min(lookahead, maximum - extent))
            for k in range(length):
                answer[extent + k] = random_below(rng, symbols)
            tried = evaluate_full(case, answer, extent + length, budget)
            if tried > best_value:
                best_length, best_value = length, tried
                for k in range(length):
                    block[k] = answer[extent + k]
        stale += 1
        if best_length > 0:
            for k in range(best_length):
                answer[extent + k] = block[k]
            extent += best_length
            value = best_value
            stale = 0
    return answer, extent
