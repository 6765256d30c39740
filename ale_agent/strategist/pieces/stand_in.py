"""A stand-in for the `evaluate_full` that every composed program brings along: it lets the pieces run on their own."""

from __future__ import annotations

from numba import njit


@njit(cache=True)
def evaluate_full(case, answer, extent, budget):
    """Return a value for which greater is better: the agreement of the answer with the case's first array."""
    budget[4] += 1.0
    total = 0.0
    for i in range(min(extent, answer.size, case[0].size)):
        total -= abs(answer[i] - case[0][i])
    return total - abs(extent - case[1])
