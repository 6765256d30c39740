"""Constructions of a permutation of 0..size-1."""

from __future__ import annotations

import numpy as np
from numba import njit

from ale_agent.kit.arrays import copy_range
from ale_agent.kit.budget import spent_share
from ale_agent.kit.permutation import reverse_range
from ale_agent.kit.randomness import random_below
from ale_agent.strategist.pieces.stand_in import evaluate_full


@njit(cache=True)
def given_order(size):
    """Return 0..size-1 in this order."""
    answer = np.empty(size, np.int64)
    for i in range(size):
        answer[i] = i
    return answer


@njit(cache=True)
def shuffle(answer, rng):
    """Bring the elements into a random order."""
    for i in range(answer.size - 1, 0, -1):
        j = random_below(rng, i + 1)
        answer[i], answer[j] = answer[j], answer[i]


@njit(cache=True)
def random_order(case, size, budget, share, rng):
    """Return a random order; where that is not feasible, the first feasible one of a few."""
    answer = given_order(size)
    for _ in range(32):
        shuffle(answer, rng)
        if evaluate_full(case, answer, size, budget) > -np.inf or spent_share(budget) >= share:
            break
    return answer, size


@njit(cache=True)
def best_simple_order(case, size, budget, share, rng):
    """Return the best of: as given, the other way round, and a few random orders."""
    best = given_order(size)
    best_value = evaluate_full(case, best, size, budget)
    answer = best.copy()
    reverse_range(answer, 0, size)
    for _ in range(9):
        if spent_share(budget) >= share:
            break
        value = evaluate_full(case, answer, size, budget)
        if value > best_value:
            copy_range(answer, best, 0, size)
            best_value = value
        shuffle(answer, rng)
    return best, size


@njit(cache=True)
def greedy_order(case, size, budget, share, width, rng):
    """Fill the places from the first to the last, each with the best of a few elements not placed yet.

    What is not placed yet follows in random order, so that every answer evaluated is whole.
    """
    answer, extent = best_simple_order(case, size, budget, share, rng)
    value = evaluate_full(case, answer, size, budget)
    for place in range(size - 1):
        if spent_share(budget) >= share:
            break
        best, best_value = place, value
        for _ in range(min(width, size - 1 - place)):
            other = place + 1 + random_below(rng, size - 1 - place)
            answer[place], answer[other] = answer[other], answer[place]
            tried = evaluate_full(case, answer, size, budget)
            answer[place], answer[other] = answer[other], answer[place]
            if tried > best_value:
                best, best_value = other, tried
        answer[place], answer[best] = answer[best], answer[place]
        value = best_value
    return answer, extent


@njit(cache=True)
def insert_earlier(answer, place, earlier):
    """Move the element at a place to an earlier one."""
    element = answer[place]
    for k in range(place, earlier, -1):
        answer[k] = answer[k - 1]
    answer[earlier] = element


@njit(cache=True)
def insertion_order(case, size, budget, share, width, rng):
    """Insert element after element, in a random order, at the best of a few places among those inserted before.

    After the insertion heuristic of Nawaz, Enscore and Ham (Omega 11, 1983, doi:10.1016/0305-0483(83)90088-9), with
    whole answers: the elements not inserted yet follow behind.
    """
    answer, extent = best_simple_order(case, size, budget, share, rng)
    trial = answer.copy()
    value = evaluate_full(case, answer, size, budget)
    for count in range(1, size):
        if spent_share(budget) >= share:
            break
        best_place, best_value = count, value
        places = min(width, count)
        for k in range(places):
            place = (k * count + random_below(rng, count)) // places
            copy_range(answer, trial, 0, count + 1)
            insert_earlier(trial, count, place)
            tried = evaluate_full(case, trial, size, budget)
            if tried > best_value:
                best_place, best_value = place, tried
        insert_earlier(answer, count, best_place)
        value = best_value
    return answer, extent
