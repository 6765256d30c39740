"""Copies between arrays as plain loops: an assignment of slices compiles forty times as long (2 s, for its errors)."""

from __future__ import annotations

from numba import njit


@njit(cache=True)
def copy_range(source, target, lo, hi):
    """Copy source[lo:hi] to the same place of the target."""
    for k in range(lo, hi):
        target[k] = source[k]
