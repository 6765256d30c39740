"""Moves on a sequence of symbols 0..symbols-1 of bounded length (see the package for the notation).

extent            the sequence's length; what the array holds beyond it means nothing
minimum, maximum  bounds of the length, inclusive; the array has maximum elements

Where the length is at its bound, an insertion drops the last symbols, and a deletion adds random ones at the end.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ale_agent.kit.randomness import random_below, random_partner, random_scale


@njit(cache=True)
def open_gap(answer, extent, position, width, maximum):
    """Move what lies behind the position by the width to make room; return the new extent. position + width <= maximum."""
    longer = min(maximum, extent + width)
    for k in range(longer - 1, position + width - 1, -1):
        answer[k] = answer[k - width]
    return longer


@njit(cache=True)
def block_length(rng, extent, reach):
    """Return a random length of a block, 1..extent, short ones more often; extent is at least 1."""
    return random_scale(rng, max(1, min(extent, np.int64(reach * 0.5 * extent))))


@njit(cache=True)
def change_symbol(answer, extent, symbols, rng):
    """Put another symbol in one place. Cost O(1)."""
    if extent == 0 or symbols < 2:
        return 0, 0, extent
    i = random_below(rng, extent)
    drawn = random_below(rng, symbols - 1)
    answer[i] = drawn + 1 if drawn >= answer[i] else drawn
    return i, i + 1, extent


@njit(cache=True)
def insert_symbol(answer, extent, symbols, maximum, rng):
    """Insert a random symbol. Cost O(length)."""
    if maximum == 0:
        return 0, 0, extent
    i = random_below(rng, min(extent + 1, maximum))
    extent = open_gap(answer, extent, i, 1, maximum)
    answer[i] = random_below(rng, symbols)
    return i, extent, extent


@njit(cache=True)
def delete_symbols(answer, extent, symbols, minimum, rng):
    """Delete one symbol, sometimes two or three. Cost O(length)."""
    if extent == 0:
        return 0, 0, extent
    width = min(extent, random_scale(rng, 3))
    i = random_below(rng, extent - width + 1)
    for k in range(i, extent - width):
        answer[k] = answer[k + width]
    shorter = max(minimum, extent - width)
    for k in range(extent - width, shorter):
        answer[k] = random_below(rng, symbols)
    return i, extent, shorter


@njit(cache=True)
def move_symbol(answer, extent, reach, rng):
    """Take one symbol out and put it in elsewhere. Cost O(distance)."""
    if extent < 2:
        return 0, 0, extent
    i = random_below(rng, extent)
    j = random_partner(rng, i, extent, reach)
    symbol = answer[i]
    direction = 1 if i < j else -1
    for k in range(i, j, direction):
        answer[k] = answer[k + direction]
    answer[j] = symbol
    return min(i, j), max(i, j) + 1, extent


@njit(cache=True)
def replace_symbol_elsewhere(answer, extent, symbols, reach, rng):
    """Delete one symbol and insert a random one elsewhere: what lies between moves by one place. Cost O(distance)."""
    if extent < 2:
        return 0, 0, extent
    lo, hi, extent = move_symbol(answer, extent, reach, rng)
    answer[lo if random_below(rng, 2) == 0 else hi - 1] = random_below(rng, symbols)
    return lo, hi, extent


@njit(cache=True)
def swap_symbols(answer, extent, reach, rng):
    """Exchange the symbols of two places. Cost O(1)."""
    if extent < 2:
        return 0, 0, extent
    i = random_below(rng, extent)
    j = random_partner(rng, i, extent, reach)
    if answer[i] == answer[j]:
        return 0, 0, extent
    answer[i], answer[j] = answer[j], answer[i]
    return min(i, j), max(i, j) + 1, extent


@njit(cache=True)
def block_replace(answer, extent, symbols, minimum, maximum, reach, rng):
    """Put a random block in place of another one, of a like length. Cost O(length)."""
    if extent == 0:
        return 0, 0, extent
    old = block_length(rng, extent, reach)
    i = random_below(rng, extent - old + 1)
    new = old + random_below(rng, 3) - 1
    new = max(minimum - extent + old, min(maximum - extent + old, max(0, new)))
    longer = extent - old + new
    if new > old:
        for k in range(longer - 1, i + new - 1, -1):
            answer[k] = answer[k - new + old]
    elif new < old:
        for k in range(i + new, longer):
            answer[k] = answer[k - new + old]
    for k in range(i, i + new):
        answer[k] = random_below(rng, symbols)
    return i, max(extent, longer), longer


@njit(cache=True)
def tail_rebuild(answer, extent, symbols, minimum, maximum, reach, rng):
    """Keep the beginning and draw the end anew, of a like length. Cost O(tail)."""
    if maximum == 0:
        return 0, 0, extent
    keep = extent - min(extent, random_scale(rng, max(1, np.int64(reach * extent))))
    longer = max(extent - keep, 1)
    new = keep + 1 + random_below(rng, 2 * longer)
    new = max(minimum, min(maximum, new))
    for k in range(keep, new):
        answer[k] = random_below(rng, symbols)
    return keep, max(extent, new), new


@njit(cache=True)
def duplicate_block(answer, extent, maximum, reach, rng):
    """Insert a copy of a block in another place, often right behind it. Cost O(length)."""
    if extent == 0 or maximum < 2:
        return 0, 0, extent
    width = min(block_length(rng, extent, reach), maximum // 2)
    source = random_below(rng, extent - width + 1)
    target = source + width
    if random_below(rng, 2) == 0:
        target = random_below(rng, extent + 1)
    target = min(target, maximum - width)
    if target > source and target < source + width:
        target = min(source + width, maximum - width)
        if target < source + width:
            return 0, 0, extent
    extent = open_gap(answer, extent, target, width, maximum)
    if target <= source:
        source += width
        if source + width > extent:
            source = target  # the copied block fell off the end: what is there already stays
    for k in range(width):
        answer[target + k] = answer[source + k]
    return target, extent, extent


@njit(cache=True)
def move_block(answer, extent, reach, rng):
    """Exchange two blocks that lie side by side, which moves a block elsewhere. Cost O(both blocks)."""
    if extent < 2:
        return 0, 0, extent
    block = random_scale(rng, max(1, extent // 3))
    shift = random_scale(rng, max(1, min(extent - block, np.int64(reach * extent))))
    lo = random_below(rng, extent - block - shift + 1)
    hi = lo + block + shift
    cut = lo + (block if random_below(rng, 2) == 0 else shift)
    flip_range(answer, lo, cut)
    flip_range(answer, cut, hi)
    flip_range(answer, lo, hi)
    return lo, hi, extent


@njit(cache=True)
def flip_range(answer, lo, hi):
    """Reverse the symbols of lo..hi-1."""
    hi -= 1
    while lo < hi:
        answer[lo], answer[hi] = answer[hi], answer[lo]
        lo += 1
        hi -= 1
