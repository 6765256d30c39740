"""A solver composed by ale-agent: search over a vector of integers.

Construction   random: random values
Neighbourhoods step: a value near by
               swap: exchange two values
               clear: set a position to 0
               block_change: other values for a short block
               shift: move a value elsewhere, those between by one place
Acceptance     kicks: accept no worsening; when nothing helps any more, make a few random moves at once
Restarts       none: one run from beginning to end
Weighting      fixed: neighbourhoods are drawn by their weights
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
from numba import njit, typeof, types

PARAMETERS = {'construction_share': {'default': 0.1, 'low': 0.01, 'high': 0.5, 'log': True},
 'weight_step': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'step_scale': {'default': 0.5, 'low': 0.001, 'high': 1.0, 'log': True},
 'weight_swap': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'reach': {'default': 1.0, 'low': 0.01, 'high': 1.0, 'log': True},
 'weight_clear': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_block_change': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_shift': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'patience': {'default': 3.0, 'low': 0.2, 'high': 50.0, 'log': True},
 'kick_size': {'default': 4, 'low': 2, 'high': 30, 'log': True},
 'evaluation_limit': {'default': 0, 'low': 0, 'high': 1000000000000}}

# A case to compile the kernels on.
SAMPLE = """\
82
4636 1097 1516546
2170 6124 99009
2807 5386 955775
2726 5381 174357
9920 3504 1544202
5310 5109 3470315
9432 173 2695370
8352 3398 1373102
3033 87 1249447
4413 9797 342171
3083 8872 432981
3471 7724 7473011
7489 470 310919
9340 1635 463601
445 647 615820
6819 9747 1568408
1725 9643 1757999
5780 9440 853312
8608 4161 605897
283 9252 1900972
8549 7215 1880910
3574 5163 52285
4837 8366 1366249
4959 9073 1683216
1231 8353 2141705
1366 4262 74745
4601 1949 238195
5618 6960 1165377
3809 5864 1522393
2441 2276 1402113
2148 1640 474573
7501 9937 395809
4684 3362 1536626
7190 9397 82488
9659 4078 603365
2284 4253 2223808
7033 1301 1217369
1934 3953 1377550
9392 3533 720472
8361 719 2911046
401 52 3042471
3004 3695 953835
7157 1373 1412861
875 5956 1407693
5177 3870 271622
8946 1570 600478
8630 1865 194763
6181 4450 54910
5933 6176 260825
6655 6045 66084
1512 8504 1440932
8838 1047 720824
4979 4866 771928
8434 7706 62838
8430 9394 1413003
9553 273 1555141
3750 4404 2800680
5717 3348 384097
3349 5135 240127
6979 2747 20290
4474 3069 477477
4339 2928 155083
6551 8655 212450
644 5067 337255
2680 8308 1841197
894 8124 2388319
4280 285 2247067
683 407 2386023
3341 8971 1858777
5893 3168 4588129
9739 1863 2892033
778 4181 768736
3749 766 282374
7154 2033 781619
8736 3222 95904
6126 8425 161011
5257 289 1367166
162 1732 369734
8729 3363 1605460
5089 4137 831764
2348 4923 637362
5644 2479 3566150
"""


# The problem: how a case is read, what an answer is, what it is worth, how it is written.

SIDE = 10000
RANKS = 6  # how many of the best cuts of a part a digit can choose from
NO_CUT = 1e9


def _wishes(case: str) -> np.ndarray:
    """Return x, y and the area wished for of each company, (n, 3) int64."""
    return np.array(case.split()[1:], dtype=np.int64).reshape(-1, 3)


def read_case(text: str) -> tuple:
    """Return (points, wanted, order) int64: points (n, 2), areas wanted (n,), companies by x and by y (2, n)."""
    wishes = _wishes(text)
    points = np.ascontiguousarray(wishes[:, :2])
    return points, np.ascontiguousarray(wishes[:, 2]), np.ascontiguousarray(np.argsort(points, axis=0, kind="stable").T)


def answer_space(case: tuple) -> dict:
    """Return the bounds of the digits, one for each cut (one that counts for nothing if there is none)."""
    cuts = max(1, case[1].size - 1)
    return {"kind": "integers", "low": np.zeros(cuts, dtype=np.int64), "high": np.full(cuts, RANKS - 1, dtype=np.int64)}


@njit(cache=True, error_model="numpy")
def price_cuts(points, wanted, members, left, right, depth, axis, total, places, losses):
    """Write where each cut across the axis goes and what it costs at least: cut k has k of the members before it.

    `members` are the points of the part in the order of the axis, along which the part reaches from left to right;
    `depth` is its extent across, `total` the area that its members want.
    """
    count = members.size
    before = 0
    for k in range(1, count):
        before += wanted[members[k - 1]]
        least = points[members[k - 1], axis] + 1
        most = points[members[k], axis]
        if least > most:
            losses[k] = NO_CUT
            continue
        place = min(max(left + int((right - left) * (before / total) + 0.5), least), most)
        lack_before = max(0.0, 1.0 - (place - left) * depth / before)
        lack_behind = max(0.0, 1.0 - (right - place) * depth / (total - before))
        places[k] = place
        losses[k] = k * lack_before * lack_before + (count - k) * lack_behind * lack_behind


@njit(cache=True, error_model="numpy")
def choose_cut(losses, count, rank):
    """Return (axis, k) of the cut of that rank by loss, or of the last one there is; spoils `losses` (2, n)."""
    chosen_axis, chosen_k = -1, -1
    for _ in range(rank + 1):
        least, at_axis, at_k = NO_CUT, -1, -1
        for axis in range(2):
            for k in range(1, count):
                if losses[axis, k] < least:
                    least, at_axis, at_k = losses[axis, k], axis, k
        if at_axis < 0:
            break
        chosen_axis, chosen_k = at_axis, at_k
        losses[at_axis, at_k] = NO_CUT
    return chosen_axis, chosen_k


@njit(cache=True, error_model="numpy")
def divide(sorted_other, members, k, marked, spare):
    """Bring the first k members to the front of the other axis' order, in place, both groups keeping their order."""
    for place in range(k):
        marked[members[place]] = True
    front, behind = 0, 0
    for place in range(sorted_other.size):
        point = sorted_other[place]
        if marked[point]:
            sorted_other[front] = point
            front += 1
        else:
            spare[behind] = point
            behind += 1
    for place in range(behind):
        sorted_other[front + place] = spare[place]
    for place in range(k):
        marked[members[place]] = False


@njit(cache=True, error_model="numpy")
def cut_square(case, answer, rectangles):
    """Write the part of each point (n, 4) int64 into `rectangles`, not trimmed. Cost about O(n log n)."""
    points, wanted, order = case
    count = wanted.size
    order = order.copy()
    marked = np.zeros(count, dtype=np.bool_)
    spare = np.empty(count, dtype=np.int64)
    places = np.empty((2, count), dtype=np.int64)
    losses = np.empty((2, count))
    parts = np.empty((count + 1, 7), dtype=np.int64)  # first point, end, number of the cut, left, bottom, right, top
    parts[0] = np.array([0, count, 0, 0, 0, SIDE, SIDE])
    waiting = 1
    while waiting > 0:
        waiting -= 1
        first, end, cut, left, bottom, right, top = parts[waiting]
        if end - first == 1:
            company = order[0, first]
            rectangles[company, 0], rectangles[company, 1] = left, bottom
            rectangles[company, 2], rectangles[company, 3] = right, top
            continue
        total = 0
        for place in range(first, end):
            total += wanted[order[0, place]]
        price_cuts(points, wanted, order[0, first:end], left, right, top - bottom, 0, total, places[0], losses[0])
        price_cuts(points, wanted, order[1, first:end], bottom, top, right - left, 1, total, places[1], losses[1])
        axis, k = choose_cut(losses, end - first, answer[cut])
        divide(order[1 - axis, first:end], order[axis, first:end], k, marked, spare)
        for column in range(3, 7):  # the part behind the cut waits, the one before it goes on top
            parts[waiting + 1, column] = parts[waiting, column]
        parts[waiting + 1, 0], parts[waiting + 1, 1], parts[waiting + 1, 2] = first, first + k, cut + 1
        parts[waiting + 1, 5 + axis] = places[axis, k]
        parts[waiting, 0], parts[waiting, 2] = first + k, cut + k
        parts[waiting, 3 + axis] = places[axis, k]
        waiting += 2


@njit(cache=True, error_model="numpy")
def trim(rectangle, x, y, wanted):
    """Shrink a rectangle that is too large, in place, to the area wanted and about a square, with the point inside."""
    width, height = rectangle[2] - rectangle[0], rectangle[3] - rectangle[1]
    if width * height <= wanted:
        return
    height = min(height, max((wanted + width - 1) // width, int(np.sqrt(wanted))))
    width = min(width, max(1, (2 * wanted + height) // (2 * height)))
    rectangle[0] = min(max(x - width // 2, rectangle[0]), rectangle[2] - width)
    rectangle[1] = min(max(y - height // 2, rectangle[1]), rectangle[3] - height)
    rectangle[2] = rectangle[0] + width
    rectangle[3] = rectangle[1] + height


@njit(cache=True, error_model="numpy")
def place_rectangles(case, answer):
    """Return the rectangles of the digits (n, 4) int64, or none at all (0, 4) if a digit is out of range."""
    points, wanted, _ = case
    count = wanted.size
    if answer.size != max(1, count - 1):
        return np.empty((0, 4), dtype=np.int64)
    for cut in range(answer.size):
        if answer[cut] < 0 or answer[cut] >= RANKS:
            return np.empty((0, 4), dtype=np.int64)
    rectangles = np.empty((count, 4), dtype=np.int64)
    cut_square(case, answer, rectangles)
    for company in range(count):
        trim(rectangles[company], points[company, 0], points[company, 1], wanted[company])
    return rectangles


@njit(cache=True, error_model="numpy")
def objective(case, answer):
    """Return the score of the placement that the digits describe; -inf if they are out of range."""
    rectangles = place_rectangles(case, answer)
    wanted = case[1]
    count = rectangles.shape[0]
    if count == 0:
        return -np.inf
    total = 0.0
    for company in range(count):
        left, bottom, right, top = rectangles[company]
        area = (right - left) * (top - bottom)
        share = min(area, wanted[company]) / max(area, wanted[company])
        total += 1.0 - (1.0 - share) * (1.0 - share)
    return np.floor(1e9 * total / count + 0.5)


def write_answer(case: tuple, answer) -> str:
    """Return the rectangles as the output's lines."""
    rectangles = place_rectangles(case, np.asarray(answer, dtype=np.int64))
    return "".join(f"{left} {bottom} {right} {top}\n" for left, bottom, right, top in rectangles.tolist())


def space_of(case):
    """Return the answer space as the search wants it: the bounds, and the positions whose bounds differ."""
    space = answer_space(case)
    low = np.ascontiguousarray(space["low"], dtype=np.int64)
    high = np.ascontiguousarray(space["high"], dtype=np.int64)
    return low, high, np.flatnonzero(low < high)


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
def random_below(rng, count):
    """Return a random integer in 0..count-1; count is at least 1."""
    bits = random_bits(rng)
    if count < 4294967296:
        return np.int64(((bits >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))
    return np.int64(bits >> np.uint64(1)) % count


@njit(cache=True)
def random_values(case, low, high, budget, share, rng):
    """Return random values; where they are not feasible, the first feasible ones of a few."""
    answer = low.copy()
    for _ in range(32):
        for i in range(low.size):
            answer[i] = low[i] + random_below(rng, high[i] - low[i] + 1)
        if evaluate_full(case, answer, low.size, budget) > -np.inf or spent_share(budget) >= share:
            break
    return answer, low.size


@njit(cache=True)
def clip(value, low, high):
    """Return the value, or the bound that it is beyond."""
    return max(low, min(high, value))


@njit(cache=True)
def random_scale(rng, limit):
    """Return a random integer in 1..limit, small ones more often: every factor of two is equally likely."""
    drawn = np.int64(math.exp(random_unit(rng) * math.log(limit + 1.0)))
    return max(1, min(limit, drawn))


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
def step(answer, extent, low, high, free, step_scale, rng):
    """Move the value of one position up or down, small steps more often. Cost O(1)."""
    if free.size == 0:
        return 0, 0, extent
    i = free[random_below(rng, free.size)]
    before = answer[i]
    answer[i] = stepped_value(before, low[i], high[i], step_scale, rng)
    return i, i + (answer[i] != before), extent


@njit(cache=True)
def random_partner(rng, position, size, reach):
    """Return another position than the given one, near ones more often; size is at least 2."""
    distance = random_scale(rng, max(1, min(size - 1, np.int64(reach * size))))
    partner = position + distance if random_below(rng, 2) == 0 else position - distance
    if partner < 0 or partner >= size:
        partner = 2 * position - partner
        if partner < 0 or partner >= size:
            partner = (position + distance) % size
    return partner


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
def other_value(value, low, high, rng):
    """Return a random value within the bounds, another than the given one; low < high."""
    drawn = low + random_below(rng, high - low)
    return drawn + 1 if drawn >= value else drawn


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


# The search.

@njit(cache=True, error_model="numpy")
def evaluate_full(case, answer, extent, budget):
    """Return the objective; -inf where it is not a number. Counts the evaluation."""
    budget[4] += 1.0
    value = np.float64(objective(case, answer))
    return value if value == value else -np.inf


@njit(cache=True)
def apply_move(kind, answer, extent, space, step_scale, reach, rng):
    """Change the answer by a random move of that kind; return the range touched and the new extent."""
    low, high, free = space
    if kind == 0:
        return step(answer, extent, low, high, free, step_scale, rng)
    if kind == 1:
        return swap_values(answer, extent, low, high, free, reach, rng)
    if kind == 2:
        return clear_value(answer, extent, low, high, free, rng)
    if kind == 3:
        return block_change(answer, extent, low, high, free, reach, rng)
    return shift_values(answer, extent, low, high, free, reach, rng)


@njit(cache=True)
def search(case, space, budget, rng, weights, construction_share, step_scale, reach, patience, kick_size):
    """Return the best answer found within the budget, and its extent.
    current is what the search stands on; neighbour is its twin, on which a move is tried. Acceptance: accept no worsening; when nothing helps any more, make a few random moves at once.
    """
    low, high, free = space
    current, extent = random_values(case, low, high, budget, construction_share, rng)
    neighbour = current.copy()
    current_value = evaluate_full(case, current, extent, budget)
    best, best_extent, best_value = current.copy(), extent, current_value
    base, base_extent, base_value = current.copy(), extent, current_value  # where the last kick began
    stale = 0  # evaluations since the current answer was improved
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
        kind = draw_index(weights, rng)
        if stale > patience * current.size + 20:
            stale = 0
            if current_value < base_value:
                copy_range(base, current, 0, base.size)
                copy_range(base, neighbour, 0, base.size)
                extent, current_value = base_extent, base_value
            else:
                copy_range(current, base, 0, base.size)
                base_extent, base_value = extent, current_value
            for _ in range(kick_size):
                lo, hi, extent = apply_move(draw_index(weights, rng), neighbour, extent, space, step_scale, reach, rng)
            copy_range(neighbour, current, 0, current.size)
            current_value = evaluate_full(case, current, extent, budget)
        stale += 1
        bar = current_value
        lo, hi, neighbour_extent = apply_move(kind, neighbour, extent, space, step_scale, reach, rng)
        if lo >= hi:
            idle += 1
            continue
        idle = 0
        value = evaluate_full(case, neighbour, neighbour_extent, budget)
        if value >= bar:
            if value > current_value:
                stale = 0
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
    weights = np.array([values["weight_step"], values["weight_swap"], values["weight_clear"], values["weight_block_change"], values["weight_shift"]])
    numbers = (float(values["construction_share"]), float(values["step_scale"]), float(values["reach"]), float(values["patience"]), int(values["kick_size"]), )
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
    limit = float(os.environ.get("ALE_TIME_LIMIT", "5.0"))
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
