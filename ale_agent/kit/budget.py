"""What a search may spend, as one share from 0 to 1: of the time by a clock, or of a number of evaluations.

A budget is a float64 array `(5,)`
    0  the clock's id for clock_gettime (wall or process CPU time)
    1  the instant on that clock at which the budget began, s
    2  the seconds that may be used
    3  the evaluations that may be used; if above 0 the clock is never read, and a run depends on its seed alone
    4  the evaluations used so far
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

# An external function, unlike a ctypes pointer, can be cached with the kernels that call it.
clock_gettime = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.intp))


@njit(cache=True)
def clock_seconds(clock):
    """Return the clock's reading, s."""
    reading = np.empty(2, np.int64)
    clock_gettime(np.int32(clock), reading.ctypes.data)
    return reading[0] + 1e-9 * reading[1]


@njit(cache=True)
def spent_share(budget):
    """Return the share of the budget that is used up, 1 or more when it is over."""
    if budget[3] > 0.0:
        return budget[4] / budget[3]
    return (clock_seconds(budget[0]) - budget[1]) / budget[2]
