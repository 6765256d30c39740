"""Moves on a permutation of 0..extent-1 (see the package for the notation)."""

from __future__ import annotations

from numba import njit

from ale_agent.kit.randomness import random_below, random_partner, random_scale


@njit(cache=True)
def swap(answer, extent, reach, rng):
    """Exchange two elements. Cost O(1)."""
    if extent < 2:
        return 0, 0, extent
    i = random_below(rng, extent)
    j = random_partner(rng, i, extent, reach)
    answer[i], answer[j] = answer[j], answer[i]
    return min(i, j), max(i, j) + 1, extent


@njit(cache=True)
def adjacent_swap(answer, extent, rng):
    """Exchange two elements that stand side by side. Cost O(1)."""
    if extent < 2:
        return 0, 0, extent
    i = random_below(rng, extent - 1)
    answer[i], answer[i + 1] = answer[i + 1], answer[i]
    return i, i + 2, extent


@njit(cache=True)
def insertion(answer, extent, reach, rng):
    """Take one element out and put it in elsewhere. Cost O(distance)."""
    if extent < 2:
        return 0, 0, extent
    i = random_below(rng, extent)
    j = random_partner(rng, i, extent, reach)
    element = answer[i]
    step = 1 if i < j else -1
    for k in range(i, j, step):
        answer[k] = answer[k + step]
    answer[j] = element
    return min(i, j), max(i, j) + 1, extent


@njit(cache=True)
def reverse_range(answer, lo, hi):
    """Reverse the elements of lo..hi-1."""
    hi -= 1
    while lo < hi:
        answer[lo], answer[hi] = answer[hi], answer[lo]
        lo += 1
        hi -= 1


@njit(cache=True)
def reversal(answer, extent, reach, rng):
    """Reverse a block. Cost O(block)."""
    if extent < 2:
        return 0, 0, extent
    i = random_below(rng, extent)
    j = random_partner(rng, i, extent, reach)
    lo, hi = min(i, j), max(i, j) + 1
    reverse_range(answer, lo, hi)
    return lo, hi, extent


@njit(cache=True)
def block_move(answer, extent, reach, rng):
    """Exchange two blocks that lie side by side, which moves a block elsewhere. Cost O(both blocks)."""
    if extent < 3:
        return 0, 0, extent
    block = random_scale(rng, max(1, extent // 3))
    shift = random_scale(rng, max(1, min(extent - block, int(reach * extent))))
    lo = random_below(rng, extent - block - shift + 1)
    hi = lo + block + shift
    cut = lo + (block if random_below(rng, 2) == 0 else shift)
    reverse_range(answer, lo, cut)
    reverse_range(answer, cut, hi)
    reverse_range(answer, lo, hi)
    return lo, hi, extent


@njit(cache=True)
def three_cycle(answer, extent, reach, rng):
    """Move three elements round among their places. Cost O(1)."""
    if extent < 3:
        return 0, 0, extent
    i = random_below(rng, extent)
    j = random_partner(rng, i, extent, reach)
    k = random_partner(rng, j, extent, reach)
    if k == i:
        return 0, 0, extent
    answer[i], answer[j], answer[k] = answer[j], answer[k], answer[i]
    return min(i, j, k), max(i, j, k) + 1, extent
