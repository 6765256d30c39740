"""A solver composed by ale-agent: search over a subset.

Construction   greedy: add the best of a few items, again and again
Neighbourhoods flip: choose or drop an item
               swap: drop an item and choose another
               several: two to four flips at once
Acceptance     metropolis: accept a worsening with a probability that falls with its size and with time
Restarts       none: one run from beginning to end
Weighting      adaptive: neighbourhoods whose moves are accepted for a change in value are drawn more often
"""

from __future__ import annotations

import os
import sys
import time

# The clock begins before the imports, less what the interpreter took to get here.
START = time.perf_counter() - time.process_time()
PROCESS = os.getpid()
# Numba looks for SciPy's BLAS when the first kernel is loaded: that takes longer than all else, and is of no use here.
sys.modules.setdefault("scipy", None)

import json
import math
import numpy as np
import re
from collections.abc import Iterator
from numba import njit, typeof, types

PARAMETERS = {'construction_share': {'default': 0.1, 'low': 0.01, 'high': 0.5, 'log': True},
 'width': {'default': 8, 'low': 2, 'high': 64, 'log': True},
 'weight_flip': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_swap': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_several': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'start_acceptance': {'default': 0.2, 'low': 0.003, 'high': 0.8, 'log': True},
 'end_acceptance': {'default': 0.0003, 'low': 1e-06, 'high': 0.02, 'log': True},
 'weight_floor': {'default': 0.2, 'low': 0.02, 'high': 1.0, 'log': True},
 'evaluation_limit': {'default': 0, 'low': 0, 'high': 1000000000000}}

# A case to compile the kernels on.
SAMPLE = """\
79 135
1795 6728 9637
1097 2170 6094
6125 5744 7807
2726 5976 10382
9921 3504 7254
5110 4856 5173
7427 87 14798
3083 8873 8471
4144 7725 11569
9341 1635 5445
647 6820 14748
2596 3503 14644
8619 9441 13609
283 1174 14253
3002 8550 12216
5592 3924 10850
3082 4650 9838
7771 9074 6231
8354 7781 9851
1366 4262 11007
4602 5619 8101
4630 5357 10865
2441 2148 6640
7502 6846 14938
3362 7191 14398
4325 9660 6782
8042 2284 7625
1301 3533 6693
8362 4530 5719
7021 401 5052
3004 2609 12158
1373 875 10178
3870 1570 13631
1936 6182 10933
6656 4286 6512
8505 8839 6047
4980 4867 6865
7707 8431 14395
9554 7339 9724
273 3750 9404
7300 2747 8069
8988 4768 7928
644 4411 10067
1443 5636 7882
8309 5606 9268
8125 4280 5285
683 8128 5407
5287 8972 10893
3168 9740 6863
778 8780 8814
6894 7190 5766
7155 2033 7927
4487 8737 11127
3982 8426 10438
289 162 6732
3676 3646 13730
3363 5090 9377
5737 4137 7348
4924 2251 11515
9163 6978 11374
1385 4625 12063
274 9031 14059
553 7788 13553
1981 430 11272
8020 9497 10647
429 776 5740
8206 4094 6342
7725 3557 10800
161 1662 6663
9644 6036 6036
257 2375 12781
4093 6610 13954
1766 7015 7210
9147 7100 6043
3660 6951 14856
5088 5552 9342
8910 6074 9701
4334 2604 7750
7013 9137 8270
6064 3684
1649 6989
6671 3953
4180 3653
2711 2407
4049 3693
736 9070
4083 5737
2321 3662
4938 6943
5835 1930
8913 3469
8028 2673
357 2939
5658 8659
630 1241
3563 2344
4543 5395
524 6214
3721 9714
3594 6755
4645 1173
3110 8796
3165 625
1929 8915
8538 6772
8959 997
777 9632
2335 8535
1791 9624
4497 9836
5653 4799
2530 5285
3207 3801
3849 1592
9576 4292
3996 2816
395 7620
4500 1487
7290 8009
3755 5651
1967 2248
2681 7103
1294 1402
2022 9168
2950 4844
9747 4611
707 9136
189 1346
932 6905
4121 2478
7462 7053
7063 3094
4476 3651
4804 9347
9910 1455
5081 826
6361 6526
3363 6578
2711 104
1015 8533
7425 8185
8848 3224
605 2059
2173 6939
1810 6108
1991 2919
9111 2922
9332 4187
2615 8673
4859 2799
5780 9161
6214 7983
2218 5830
3071 2694
1267 9204
9135 9707
1908 2555
4398 884
4118 1546
1337 7463
2729 293
3463 8024
8979 7507
1896 5100
865 7428
5887 6124
4942 5106
4151 454
9867 6881
3217 798
9050 7057
7502 5054
2829 6888
8503 9836
3569 8547
8656 3343
8246 7572
8604 5205
2674 2739
7977 3189
3604 8004
2073 4909
8071 9844
8405 2522
523 6064
8702 3942
1005 4822
7806 1060
7870 5424
7919 8733
6073 8465
1565 9614
7532 2130
2493 6586
6933 4246
1248 8671
3987 6942
8458 5135
3402 9664
5563 5688
8953 5336
6796 913
8744 1998
2034 9094
6121 9039
2594 6541
900 5239
4885 43
7403 6200
8138 8057
8933 2619
4217 4979
3391 4088
3325 5985
"""


# The problem: how a case is read, what an answer is, what it is worth, how it is written.

MOST_POINTS = 1_000  # of either kind, in a case from elsewhere
GREATEST_COORDINATE = 10**6
GREATEST_COST = 10**9
FARTHER = 2**31 - 1  # than any distance
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def _points(case: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the sites (n, 2), the customers (m, 2) and the opening costs (n,), all int64."""
    numbers = []
    for at, value in _integers(case):
        if len(numbers) < 2 and not 1 <= value <= MOST_POINTS:
            raise ValueError(f"the case's {at}: n and m must be 1..{MOST_POINTS}, is {value}")
        numbers.append(value)
    n, m = (*numbers, 0, 0)[:2]
    if len(numbers) < 2 or len(numbers) != 2 + 3 * n + 2 * m:
        raise ValueError(f"the case must hold n m, n x 3 and m x 2 integers, has {len(numbers)} integers")
    sites = np.array(numbers[2 : 2 + 3 * n], dtype=np.int64).reshape(n, 3)
    customers = np.array(numbers[2 + 3 * n :], dtype=np.int64).reshape(m, 2)
    for name, values, greatest in (
        ("the sites' coordinates", sites[:, :2], GREATEST_COORDINATE),
        ("the customers' coordinates", customers, GREATEST_COORDINATE),
        ("the opening costs", sites[:, 2], GREATEST_COST),
    ):
        if values.min() < 0 or values.max() > greatest:
            raise ValueError(f"the case: {name} must be 0..{greatest}, are {values.min()}..{values.max()}")
    return sites[:, :2], customers, sites[:, 2].copy()


def _integers(text: str) -> Iterator[tuple[str, int]]:
    """Yield (place, value) of each token; ValueError at one that is no integer."""
    for line, words in enumerate(text.split("\n"), start=1):
        for number, token in enumerate(words.split(), start=1):
            at = f"line {line}, token {number}"
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"{at}: {token[:40]!r} is not an integer")
            yield at, int(token)


def _distances(sites: np.ndarray, customers: np.ndarray) -> np.ndarray:
    """Return the rounded distances (sites, customers) int64.

    A square root of an integer never lies halfway between two integers r and r + 1: it is above if the integer exceeds
    r * r + r, which decides the rounding without an error.
    """
    gaps = sites[:, None, :] - customers[None, :, :]
    squares = (gaps * gaps).sum(axis=2)
    below = np.sqrt(squares).astype(np.int64)  # the floor, exact: squares are far below 2**52
    return below + (squares > below * below + below)


def read_case(text: str) -> tuple:
    """Return (n, m, costs, distances): opening costs (n,) int64, rounded distances (n, m) int32, a row a site."""
    sites, customers, costs = _points(text)
    distances = _distances(sites, customers).astype(np.int32)
    return costs.size, customers.shape[0], costs, np.ascontiguousarray(distances)


def answer_space(case: tuple) -> dict:
    """Return the sets of open sites: 1 where open."""
    return {"kind": "subset", "size": case[0], "minimum": 1, "maximum": case[0]}


@njit(cache=True, error_model="numpy")
def objective(case, answer):
    """Return opening plus service costs; inf if no site is open or an entry is not 0 or 1. O(open sites * m)."""
    sites, customers, costs, distances = case
    if answer.size != sites:
        return np.inf
    nearest = np.full(customers, FARTHER, dtype=np.int32)  # of each customer, to the open sites so far
    count = 0
    total = 0
    for site in range(sites):
        if answer[site] == 1:
            count += 1
            total += costs[site]
            for customer in range(customers):
                nearest[customer] = min(nearest[customer], distances[site, customer])
        elif answer[site] != 0:
            return np.inf
    if count == 0:
        return np.inf
    for customer in range(customers):
        total += nearest[customer]
    return float(total)


def write_answer(case: tuple, answer) -> str:
    """Return how many sites are open and which, counted from 1."""
    chosen = [site + 1 for site in range(case[0]) if answer[site]]
    return f"{len(chosen)}\n{' '.join(map(str, chosen))}\n"


def space_of(case):
    """Return the answer space as the search wants it: the size, and the bounds on how many are chosen."""
    space = answer_space(case)
    return int(space["size"]), int(space["minimum"]), int(space["maximum"])


# The building blocks. extent: how much of an answer is in use (positions, or chosen items of a subset).
# A move changes the answer in place and returns the range it touched, lo..hi-1, and the new extent.
# budget: the clock, its start, seconds, evaluations allowed (0: as time allows), evaluations used.

def random_state(seed: int) -> np.ndarray:
    """Return a generator's state from any integer; close seeds give unrelated streams (splitmix64)."""
    mixed = (seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % 2**64
    return np.array([(mixed ^ (mixed >> 31)) or 1], dtype=np.uint64)


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


@njit(cache=True)
def random_bits(rng):
    """Return 64 random bits (never all 0) and advance the state."""
    bits = rng[0]
    bits ^= bits << np.uint64(13)
    bits ^= bits >> np.uint64(7)
    bits ^= bits << np.uint64(17)
    rng[0] = bits
    return bits


@njit(cache=True)
def random_unit(rng):
    """Return a random float in (0, 1)."""
    return (np.float64(random_bits(rng) >> np.uint64(12)) + 0.5) * 2.220446049250313e-16


@njit(cache=True)
def draw_index(weights, rng):
    """Return a random index, each as likely as its weight; weights are positive float64."""
    total = 0.0
    for k in range(weights.size):
        total += weights[k]
    left = random_unit(rng) * total
    for k in range(weights.size - 1):
        left -= weights[k]
        if left < 0.0:
            return k
    return weights.size - 1


@njit(cache=True)
def copy_range(source, target, lo, hi):
    """Copy source[lo:hi] to the same place of the target."""
    for k in range(lo, hi):
        target[k] = source[k]


@njit(cache=True)
def share_credit(weights, credit, floor, drawn_by):
    """Set drawn_by to the weights times the credit; no credit counts less than that share of the greatest one."""
    greatest = 0.0
    for k in range(weights.size):
        greatest = max(greatest, credit[k])
    for k in range(weights.size):
        drawn_by[k] = weights[k] * max(credit[k], floor * greatest, 1e-9)


@njit(cache=True)
def random_below(rng, count):
    """Return a random integer in 0..count-1; count is at least 1."""
    bits = random_bits(rng)
    if count < 4294967296:
        return np.int64(((bits >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))
    return np.int64(bits >> np.uint64(1)) % count


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
def choose_items(answer, count, rng):
    """Choose that many items at random and drop all others."""
    left = count
    for i in range(answer.size):
        answer[i] = 0
        if random_below(rng, answer.size - i) < left:
            answer[i] = 1
            left -= 1


@njit(cache=True)
def random_scale(rng, limit):
    """Return a random integer in 1..limit, small ones more often: every factor of two is equally likely."""
    drawn = np.int64(math.exp(random_unit(rng) * math.log(limit + 1.0)))
    return max(1, min(limit, drawn))


@njit(cache=True)
def random_subset(case, size, minimum, maximum, budget, share, rng):
    """Return random items; where they are not feasible, the best of a few subsets of many sizes."""
    best = np.zeros(size, np.int64)
    answer = best.copy()
    best_extent, best_value = -1, -np.inf
    for turn in range(32):
        count = minimum + random_below(rng, maximum - minimum + 1)
        if turn > 0:
            # By turns near the lower bound and near the upper one, at every scale of distance.
            apart = random_scale(rng, maximum - minimum + 1) - 1
            count = minimum + apart if turn % 2 == 1 else maximum - apart
        choose_items(answer, count, rng)
        value = evaluate_full(case, answer, count, budget)
        if best_extent < 0 or value > best_value:
            copy_range(answer, best, 0, size)
            best_extent, best_value = count, value
        if best_value > -np.inf or spent_share(budget) >= share:
            break
    return best, best_extent


@njit(cache=True)
def smallest_subset(case, size, minimum, maximum, budget, share, rng):
    """Return as few items as may be, drawn at random; where that is not feasible, any random subset."""
    answer = np.zeros(size, np.int64)
    choose_items(answer, minimum, rng)
    if evaluate_full(case, answer, minimum, budget) > -np.inf:
        return answer, minimum
    return random_subset(case, size, minimum, maximum, budget, share, rng)


@njit(cache=True)
def greedy_add(case, size, minimum, maximum, budget, share, width, rng):
    """Begin with as few items as may be, and add the best of a few drawn items, until none helps."""
    answer, extent = smallest_subset(case, size, minimum, maximum, budget, share, rng)
    value = evaluate_full(case, answer, extent, budget)
    failures = 0
    while extent < maximum and failures < 4 and spent_share(budget) < share:
        best, best_value = -1, value
        for _ in range(width):
            i = random_member(answer, 0, rng)
            answer[i] = 1
            tried = evaluate_full(case, answer, extent + 1, budget)
            answer[i] = 0
            if tried > best_value:
                best, best_value = i, tried
        failures += 1
        if best >= 0:
            answer[best] = 1
            extent += 1
            value = best_value
            failures = 0
    return answer, extent


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
def several_flips(answer, extent, minimum, maximum, rng):
    """Choose or drop two to four items at once. Cost as that many flips."""
    lo, hi = answer.size, 0
    for _ in range(2 + random_below(rng, 3)):
        first, last, extent = flip(answer, extent, minimum, maximum, rng)
        if first < last:
            lo, hi = min(lo, first), max(hi, last)
    return lo, hi, extent


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


# The search.

@njit(cache=True, error_model="numpy")
def evaluate_full(case, answer, extent, budget):
    """Return the objective, turned so that greater is better; -inf where it is not a number. Counts the evaluation."""
    budget[4] += 1.0
    value = -np.float64(objective(case, answer))
    return value if value == value else -np.inf


@njit(cache=True)
def apply_move(kind, answer, extent, space, rng):
    """Change the answer by a random move of that kind; return the range touched and the new extent."""
    size, minimum, maximum = space
    if kind == 0:
        return flip(answer, extent, minimum, maximum, rng)
    if kind == 1:
        return swap_items(answer, extent, rng)
    return several_flips(answer, extent, minimum, maximum, rng)


@njit(cache=True)
def search(case, space, budget, rng, weights, construction_share, width, start_acceptance, end_acceptance, weight_floor):
    """Return the best answer found within the budget, and its extent.
    current is what the search stands on; neighbour is its twin, on which a move is tried. Acceptance: accept a worsening with a probability that falls with its size and with time.
    """
    size, minimum, maximum = space
    current, extent = greedy_add(case, size, minimum, maximum, budget, construction_share, width, rng)
    neighbour = current.copy()
    current_value = evaluate_full(case, current, extent, budget)
    best, best_extent, best_value = current.copy(), extent, current_value
    credit = np.ones(weights.size)  # the recent share of a kind's moves that were accepted and changed the value
    drawn_by = weights.copy()
    worsenings = np.empty(256)  # the sizes of the worsenings seen last
    seen = 0
    temperature, next_calibration = 0.0, 0.0
    started = spent_share(budget)
    next_check = budget[4]
    idle = 0  # moves in a row that changed nothing
    while idle < 1000:
        if budget[4] >= next_check:
            share = spent_share(budget)
            if share >= 1.0:
                break
            next_check = budget[4] + max(1.0, min(1000.0, budget[4] / max(share, 1e-9) / 4000.0))
            progress = (share - started) / (1.0 - started)
            share_credit(weights, credit, weight_floor, drawn_by)
            if progress >= next_calibration:
                # The share of worsenings to accept falls from start to end at an even rate.
                acceptance = start_acceptance * (end_acceptance / start_acceptance) ** progress
                temperature = metropolis_temperature(worsenings, min(seen, 256), acceptance)
                next_calibration = progress + 0.004 if seen >= 16 else 0.0
        kind = draw_index(drawn_by, rng)
        bar = current_value + temperature * math.log(random_unit(rng))
        lo, hi, neighbour_extent = apply_move(kind, neighbour, extent, space, rng)
        if lo >= hi:
            idle += 1
            continue
        idle = 0
        value = evaluate_full(case, neighbour, neighbour_extent, budget)
        credit[kind] += 0.002 * ((1.0 if value >= bar and value != current_value else 0.0) - credit[kind])
        if -np.inf < value < current_value:
            worsenings[seen % 256] = current_value - value
            seen += 1
        if value >= bar:
            copy_range(neighbour, current, lo, hi)
            extent, current_value = neighbour_extent, value
            if value > best_value:
                copy_range(current, best, 0, current.size)
                best_extent, best_value = extent, value
        else:
            copy_range(current, neighbour, lo, hi)
    return best, best_extent


def answer_text(text, values, clock, started, seconds):
    """Return the output for a case.

    Parameters
    ----------
    clock, started, seconds
        The clock that counts, its reading when the time began, and how much time there is.
    """
    case = read_case(text)
    budget = np.array([clock, started, seconds, values["evaluation_limit"], 0.0])
    weights = np.array([values["weight_flip"], values["weight_swap"], values["weight_several"]])
    numbers = (float(values["construction_share"]), int(values["width"]), float(values["start_acceptance"]), float(values["end_acceptance"]), float(values["weight_floor"]), )
    arguments = (case, space_of(case), budget, random_state(int(os.environ.get("ALE_SEED", "1"))), weights, *numbers)
    compiled_before = sum(search.stats.cache_misses.values())
    search.compile(tuple(typeof(argument) for argument in arguments))
    if sum(search.stats.cache_misses.values()) > compiled_before:
        budget[1] = time.clock_gettime(clock)  # no compiled kernels at hand: the limit is lost, the answer need not be
    budget[2] -= writing_seconds(case, arguments)
    answer, extent = search(*arguments)
    return write_answer(case, answer)


def writing_seconds(case, arguments):
    """Return what is to be kept for writing the answer: measured on the first answer that a search would stand on."""
    trial = list(arguments)
    trial[2] = np.array([arguments[2][0], 0.0, 1.0, 2.0, 0.0])
    trial[3] = random_state(1)
    answer, extent = search(*trial)
    started = time.perf_counter()
    write_answer(case, answer)
    return 1.5 * (time.perf_counter() - started)


def warm_up():
    """Compile the kernels on a sample case."""
    values = {name: entry["default"] for name, entry in PARAMETERS.items()}
    answer_text(SAMPLE, values | {"evaluation_limit": 8}, time.CLOCK_MONOTONIC, 0.0, 1.0)


def main():
    """Read a case, search until the time is nearly over, write the answer."""
    limit = float(os.environ.get("ALE_TIME_LIMIT", "2.0"))
    alone = __name__ == "__main__" and PROCESS == os.getpid()  # not a fork of a process that began long ago
    if os.environ.get("ALE_CLOCK", "wall") == "cpu":
        clock = time.CLOCK_PROCESS_CPUTIME_ID
        started = 0.0 if __name__ == "__main__" else time.clock_gettime(clock)
        seconds = limit - max(0.03, 0.015 * limit)
    else:
        clock = time.CLOCK_MONOTONIC
        started = START if alone else time.clock_gettime(clock)
        seconds = limit - max(0.1, 0.05 * limit)
    values = {name: entry["default"] for name, entry in PARAMETERS.items()}
    values |= json.loads(os.environ.get("ALE_PARAMETERS") or "{}")
    output = answer_text(sys.stdin.read(), values, clock, started, max(seconds, 0.001))
    sys.stdout.write(output if output.endswith("\n") else output + "\n")
    sys.stdout.flush()
    if alone:
        os._exit(0)  # the answer is out: taking the interpreter down would cost a tenth of a second


if __name__ == "__main__":
    if sys.argv[-1] == "ONLINE_JUDGE":
        warm_up()
    else:
        main()
