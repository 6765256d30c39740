"""Moves on a subset, 0 or 1 per item, with bounds on how many are chosen (see the package for the notation).

extent            how many items are chosen
minimum, maximum  its bounds, inclusive
"""

from __future__ import annotations

from numba import njit

from ale_agent.kit.randomness import random_below, random_partner


@njit(cache=True)
def random_member(answer, value, rng):
    """Return a position that holds the value; there is one.

    Some random draws first; where the value is rare, the next one after a random place. Cost O(size) at worst.
    """
    for _ in range(16):
        i = random_below(rng, answer.size)
        if answer[i] == value:
            return i
    while answer[i] != value:
        i = i + 1 if i + 1 < answer.size else 0
    return i


@njit(cache=True)
def flip(answer, extent, minimum, maximum, rng):
    """Choose an item or drop one, whichever the bounds allow. Cost O(1), O(size) where only few qualify."""
    if minimum == maximum or answer.size == 0:
        return 0, 0, extent
    if extent <= minimum:
        i = random_member(answer, 0, rng)
    elif extent >= maximum:
        i = random_member(answer, 1, rng)
    else:
        i = random_below(rng, answer.size)
    answer[i] = 1 - answer[i]
    return i, i + 1, extent + 2 * answer[i] - 1


@njit(cache=True)
def swap_items(answer, extent, rng):
    """Drop one item and choose another. Cost O(1), O(size) where only few qualify."""
    if extent == 0 or extent == answer.size:
        return 0, 0, extent
    i = random_member(answer, 1, rng)
    j = random_member(answer, 0, rng)
    answer[i], answer[j] = 0, 1
    return min(i, j), max(i, j) + 1, extent


@njit(cache=True)
def slide_item(answer, extent, reach, rng):
    """Drop one item and choose one near it in the order of the items. Cost O(1)."""
    if extent == 0 or extent == answer.size:
        return 0, 0, extent
    i = random_member(answer, 1, rng)
    j = random_partner(rng, i, answer.size, reach)
    if answer[j] == 1:
        return 0, 0, extent
    answer[i], answer[j] = 0, 1
    return min(i, j), max(i, j) + 1, extent


@njit(cache=True)
def several_flips(answer, extent, minimum, maximum, rng):
    """Choose or drop two to four items at once. Cost as that many flips."""
    lo, hi = answer.size, 0
    for _ in range(2 + random_below(rng, 3)):
        first, last, extent = flip(answer, extent, minimum, maximum, rng)
        if first < last:
            lo, hi = min(lo, first), max(hi, last)
    return lo, hi, extent


@njit(cache=True)
def exchange_two(answer, extent, minimum, maximum, rng):
    """Drop one item and choose two, or drop two and choose one. Cost as three flips."""
    grow = random_below(rng, 2) == 0
    if grow and (extent + 1 > maximum or extent < 1 or extent + 2 > answer.size):
        grow = False
    if not grow and (extent - 1 < minimum or extent < 2 or extent + 1 > answer.size):
        return 0, 0, extent
    lo, hi = answer.size, 0
    value = 1 if grow else 0
    for turn in range(3):
        # The side that changes twice comes first and last, so that the same item is not flipped back by certainty.
        wanted = value if turn != 1 else 1 - value
        i = random_member(answer, 1 - wanted, rng)
        answer[i] = wanted
        lo, hi = min(lo, i), max(hi, i + 1)
    return lo, hi, extent + (1 if grow else -1)
