"""Temperatures from sampled deltas, so that a parameter is a share of worsenings to accept and not a number of points.

A sample is a ring of the worsenings seen last, all positive and finite; it follows the search to better answers, where
worsenings have another size than at its start.
Source of the equation: W. Ben-Ameur, Computing the initial temperature of simulated annealing, Computational
Optimization and Applications 29 (2004), doi:10.1023/B:COAP.0000044187.23143.bd.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True)
def metropolis_temperature(worsenings, count, acceptance):
    """Return the temperature at which that share of the sampled worsenings is accepted on average; 0 for no sample.

    The mean of exp(-w/T) grows with T from 0 to 1; log T is found by bisection.
    Cost O(24 count).
    """
    if count == 0:
        return 0.0
    greatest = 0.0
    least = np.inf
    for k in range(count):
        greatest = max(greatest, worsenings[k])
        least = min(least, worsenings[k])
    low = math.log(least) - math.log(-math.log(1e-12))
    high = math.log(greatest) - math.log(-math.log(min(acceptance, 0.999)))
    for _ in range(24):
        middle = 0.5 * (low + high)
        scale = -math.exp(-middle)
        accepted = 0.0
        for k in range(count):
            accepted += math.exp(worsenings[k] * scale)
        if accepted < acceptance * count:
            low = middle
        else:
            high = middle
    return math.exp(0.5 * (low + high))


@njit(cache=True)
def threshold_level(worsenings, count, acceptance):
    """Return the level below which that share of the sampled worsenings lies; 0 for no sample."""
    if count == 0:
        return 0.0
    ordered = np.sort(worsenings[:count])
    position = acceptance * count
    below = np.int64(position)
    if below >= count:
        return ordered[count - 1]
    if below == 0:
        return ordered[0] * position
    return ordered[below - 1] + (position - below) * (ordered[below] - ordered[below - 1])
