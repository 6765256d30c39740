"""Moves on a vector of integers, each within its own bounds (see the package for the notation).

low, high   bounds of each position, inclusive, int64 `(extent,)`
free        the positions whose bounds differ, int64; the others are never touched
step_scale  the greatest step as a share of a position's range, in (0, 1]
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ale_agent.kit.randomness import random_below, random_partner, random_scale


@njit(cache=True)
def clip(value, low, high):
    """Return the value, or the bound that it is beyond."""
    return max(low, min(high, value))


@njit(cache=True)
def other_value(value, low, high, rng):
    """Return a random value within the bounds, another than the given one; low < high."""
    drawn = low + random_below(rng, high - low)
    return drawn + 1 if drawn >= value else drawn


@njit(cache=True)
def stepped_value(value, low, high, step_scale, rng):
    """Return a value near the given one, at a distance whose scale is random; turned round at the bounds."""
    limit = max(1, np.int64(step_scale * (high - low)))
    distance = random_scale(rng, limit)
    stepped = value + distance if random_below(rng, 2) == 0 else value - distance
    if stepped < low or stepped > high:
        stepped = clip(2 * value - stepped, low, high)
    return stepped


@njit(cache=True)
def change(answer, extent, low, high, free, rng):
    """Give one position another value, all equally likely. Cost O(1)."""
    if free.size == 0:
        return 0, 0, extent
    i = free[random_below(rng, free.size)]
    answer[i] = other_value(answer[i], low[i], high[i], rng)
    return i, i + 1, extent


@njit(cache=True)
def step(answer, extent, low, high, free, step_scale, rng):
    """Move the value of one position up or down, small steps more often. Cost O(1)."""
    if free.size == 0:
        return 0, 0, extent
    i = free[random_below(rng, free.size)]
    before = answer[i]
    answer[i] = stepped_value(before, low[i], high[i], step_scale, rng)
    return i, i + (answer[i] != before), extent


@njit(cache=True)
def several_steps(answer, extent, low, high, free, reach, step_scale, rng):
    """Move the values of two or three nearby positions at once. Cost O(1)."""
    if free.size < 2:
        return 0, 0, extent
    k = random_below(rng, free.size)
    lo, hi = extent, 0
    for _ in range(2 + random_below(rng, 2)):
        i = free[k]
        answer[i] = stepped_value(answer[i], low[i], high[i], step_scale, rng)
        lo, hi = min(lo, i), max(hi, i + 1)
        k = random_partner(rng, k, free.size, reach)
    return lo, hi, extent


@njit(cache=True)
def swap_values(answer, extent, low, high, free, reach, rng):
    """Exchange the values of two positions, each brought into its bounds. Cost O(1)."""
    if free.size < 2:
        return 0, 0, extent
    k = random_below(rng, free.size)
    i, j = free[k], free[random_partner(rng, k, free.size, reach)]
    first, second = answer[i], answer[j]
    if first == second:
        return 0, 0, extent
    answer[i] = clip(second, low[i], high[i])
    answer[j] = clip(first, low[j], high[j])
    return min(i, j), max(i, j) + 1, extent


@njit(cache=True)
def copy_value(answer, extent, low, high, free, reach, rng):
    """Give one position the value of another, near ones more often. Cost O(1)."""
    if free.size < 2:
        return 0, 0, extent
    k = random_below(rng, free.size)
    i, j = free[k], free[random_partner(rng, k, free.size, reach)]
    value = clip(answer[j], low[i], high[i])
    if value == answer[i]:
        return 0, 0, extent
    answer[i] = value
    return i, i + 1, extent


@njit(cache=True)
def clear_value(answer, extent, low, high, free, rng):
    """Set one position to 0, or to the bound nearest to it. Cost O(1)."""
    if free.size == 0:
        return 0, 0, extent
    i = free[random_below(rng, free.size)]
    value = clip(0, low[i], high[i])
    if value == answer[i]:
        return 0, 0, extent
    answer[i] = value
    return i, i + 1, extent


@njit(cache=True)
def block_change(answer, extent, low, high, free, reach, rng):
    """Give every position of a short block another value. Cost O(block)."""
    if free.size < 2:
        return 0, 0, extent
    block = 1 + random_scale(rng, max(1, min(free.size - 1, np.int64(reach * 0.25 * free.size))))
    first = random_below(rng, free.size - block + 1)
    for k in range(first, first + block):
        i = free[k]
        answer[i] = other_value(answer[i], low[i], high[i], rng)
    return free[first], free[first + block - 1] + 1, extent


@njit(cache=True)
def shift_values(answer, extent, low, high, free, reach, rng):
    """Take the value of one position out, move those up to another by one place, put it in there. Cost O(distance)."""
    if free.size < 2:
        return 0, 0, extent
    k = random_below(rng, free.size)
    last = random_partner(rng, k, free.size, reach)
    lo, hi = min(free[k], free[last]), max(free[k], free[last]) + 1
    taken = answer[free[k]]
    direction = 1 if k < last else -1
    while k != last:
        i = free[k]
        answer[i] = clip(answer[free[k + direction]], low[i], high[i])
        k += direction
    answer[free[last]] = clip(taken, low[free[last]], high[free[last]])
    return lo, hi, extent
