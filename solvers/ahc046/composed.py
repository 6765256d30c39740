"""A solver composed by ale-agent: search over a vector of integers.

Construction   refine: steps of half the range, a quarter, and so on, from the best constant
Neighbourhoods change: another value, all equally likely
               several: two or three nearby positions step at once
               swap: exchange two values
               copy: take the value of another position
               clear: set a position to 0
               block_change: other values for a short block
               shift: move a value elsewhere, those between by one place
Acceptance     metropolis: accept a worsening with a probability that falls with its size and with time
Restarts       from_construction: several rounds, each from a new construction
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
 'weight_change': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_several': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'reach': {'default': 1.0, 'low': 0.01, 'high': 1.0, 'log': True},
 'step_scale': {'default': 0.5, 'low': 0.001, 'high': 1.0, 'log': True},
 'weight_swap': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_copy': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_clear': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_block_change': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_shift': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'start_acceptance': {'default': 0.2, 'low': 0.003, 'high': 0.8, 'log': True},
 'end_acceptance': {'default': 0.0003, 'low': 1e-06, 'high': 0.02, 'log': True},
 'rounds': {'default': 2, 'low': 2, 'high': 8},
 'evaluation_limit': {'default': 0, 'low': 0, 'high': 1000000000000}}

# A case to compile the kernels on.
SAMPLE = """\
20 40
11 7
8 9
9 15
15 8
7 18
16 8
11 17
11 10
15 4
14 19
11 15
16 9
3 12
4 15
12 13
1 15
19 12
0 15
4 6
1 0
0 0
3 18
9 0
1 4
9 10
18 16
19 7
1 17
10 14
2 16
8 0
19 17
16 7
19 0
18 8
17 15
14 13
16 13
4 10
18 12
"""


# The problem: how a case is read, what an answer is, what it is worth, how it is written.

SIDE = 20
TARGETS = 40
MOST_ACTIONS = 2 * SIDE * TARGETS
STEPS = 8
LAST_CODE = 4 * STEPS
MOVE, SLIDE, ALTER = 0, 1, 2
KINDS = "MSA"
DIRECTIONS = "UDLR"
DI = (-1, 1, 0, 0)
DJ = (0, 0, -1, 1)
ROW = np.uint32((1 << SIDE) - 1)


def targets_of(case: str) -> list[tuple[int, int]]:
    """Return the cells to visit, the start first."""
    numbers = [int(token) for token in case.split()][2:]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def read_case(text: str) -> tuple:
    """Return (targets,), `(40,)` int64 cells."""
    return (np.array([SIDE * i + j for i, j in targets_of(text)], dtype=np.int64),)


def answer_space(case: tuple) -> dict:
    """Return the space: the toggle on each of the 39 ways."""
    size = TARGETS - 1
    return {
        "kind": "integers",
        "low": np.zeros(size, dtype=np.int64),
        "high": np.full(size, LAST_CODE, dtype=np.int64),
    }


@njit(cache=True, error_model="numpy")
def objective(case, answer):
    """Return the score; -inf for an invalid answer."""
    if not is_answer(answer):
        return -np.inf
    log = np.empty((MOST_ACTIONS, 2), dtype=np.int64)
    actions, visited = plan(case[0], answer, log)
    return float(visited + 1 if visited < TARGETS - 1 else TARGETS + MOST_ACTIONS - actions)


def write_answer(case: tuple, answer: np.ndarray) -> str:
    """Return the actions as text; ValueError if the answer is none."""
    if not is_answer(answer):
        raise ValueError(f"an answer holds {TARGETS - 1} numbers from 0 to {LAST_CODE}")
    log = np.empty((MOST_ACTIONS, 2), dtype=np.int64)
    actions, _ = plan(case[0], answer, log)
    return "".join(f"{KINDS[kind]} {DIRECTIONS[direction]}\n" for kind, direction in log[:actions])


@njit(cache=True, error_model="numpy")
def is_answer(answer):
    """Return whether there are codes in range for each way."""
    return len(answer) == TARGETS - 1 and answer.min() >= 0 and answer.max() <= LAST_CODE


@njit(cache=True, error_model="numpy")
def plan(targets, answer, log):
    """Log all actions; return their number and the number of targets visited. Costs about 60 board expansions a way."""
    free = np.full(SIDE, ROW, dtype=np.uint32)
    layers = np.empty((SIDE * SIDE + 1, SIDE), dtype=np.uint32)
    path = np.empty((SIDE * SIDE, 2), dtype=np.int64)
    coming = np.zeros(SIDE, dtype=np.uint32)
    for k in range(1, TARGETS):
        flip(coming, targets[k])
    actions = 0
    for leg in range(TARGETS - 1):
        start, cell, target = actions, targets[leg], targets[leg + 1]
        length = shortest_path(free, cell, target, layers, path)
        steps, direction = (answer[leg] - 1) // 4, (answer[leg] - 1) % 4
        if 0 <= steps < length:
            cell, actions = follow(free, cell, path, steps, log, actions)
            ahead = neighbour(cell, direction)
            if holds(coming, ahead):
                ahead = -1
            flip(free, ahead)
            length = shortest_path(free, cell, target, layers, path)
            if length < 0:
                flip(free, ahead)
                length = shortest_path(free, cell, target, layers, path)
            elif ahead >= 0:
                log[actions, 0], log[actions, 1] = ALTER, direction
                actions += 1
        if length < 0 or actions + length > MOST_ACTIONS:
            return start, leg
        cell, actions = follow(free, cell, path, length, log, actions)
        flip(coming, target)
    return actions, TARGETS - 1


@njit(cache=True, error_model="numpy")
def follow(free, cell, path, length, log, actions):
    """Carry out the first actions of a path; return the cell they lead to and the number of actions logged."""
    for k in range(length):
        kind, direction = path[k, 0], path[k, 1]
        log[actions + k, 0], log[actions + k, 1] = kind, direction
        cell = neighbour(cell, direction)
        while kind == SLIDE:
            ahead = neighbour(cell, direction)
            if not holds(free, ahead):
                break
            cell = ahead
    return cell, actions + length


@njit(cache=True, error_model="numpy")
def neighbour(cell, direction):
    """Return the cell beside, -1 if there is none."""
    i, j = cell // SIDE + DI[direction], cell % SIDE + DJ[direction]
    return SIDE * i + j if 0 <= i < SIDE and 0 <= j < SIDE else -1


@njit(cache=True, error_model="numpy")
def holds(board, cell):
    """Return whether the cell's bit is set; that of no cell is not."""
    return cell >= 0 and (np.int64(board[cell // SIDE]) >> (cell % SIDE)) & 1 == 1


@njit(cache=True, error_model="numpy")
def flip(board, cell):
    """Change the cell's bit, if there is such a cell."""
    if cell >= 0:
        board[cell // SIDE] = np.uint32(np.int64(board[cell // SIDE]) ^ (1 << (cell % SIDE)))


@njit(cache=True, error_model="numpy")
def shortest_path(free, source, target, layers, path):
    """Fill path with (kind, direction) of a shortest way and return its length, -1 if there is none."""
    seen = np.zeros(SIDE, dtype=np.uint32)
    flip(seen, source)
    layers[0] = seen
    depth = 0
    while not holds(layers[depth], target):
        if not expand(free, layers[depth], seen, layers[depth + 1]):
            return -1
        depth += 1
    cell = target
    for k in range(depth - 1, -1, -1):
        cell, path[k, 0], path[k, 1] = step_back(free, layers[k], cell)
    return depth


@njit(cache=True, error_model="numpy")
def step_back(free, layer, cell):
    """Return (cell before, kind, direction) of an action that leads from the layer to the cell."""
    for direction in range(4):
        before = neighbour(cell, direction ^ 1)
        if holds(layer, before):
            return before, MOVE, direction
    for direction in range(4):
        if not holds(free, neighbour(cell, direction)):
            before = neighbour(cell, direction ^ 1)
            while holds(free, before):
                if holds(layer, before):
                    return before, SLIDE, direction
                before = neighbour(before, direction ^ 1)
    return -1, MOVE, 0


@njit(cache=True, error_model="numpy")
def expand(free, front, seen, reached):
    """Fill reached with the cells that one action leads to for the first time; return whether there are any."""
    for i in range(SIDE):
        row, open_row = front[i], free[i]
        right = left = row  # filled up to the next block by doubling
        open_right = open_left = open_row
        for shift in (np.uint32(1), np.uint32(2), np.uint32(4), np.uint32(8), np.uint32(16)):
            right |= open_right & (right << shift)
            left |= open_left & (left >> shift)
            open_right &= open_right << shift
            open_left &= open_left >> shift
        one = np.uint32(1)
        stops = (right & ~(open_row >> one)) | (left & ~(open_row << one))
        reached[i] = (row << one | row >> one) & open_row | stops
    sliding_down = sliding_up = np.uint32(0)
    for i in range(SIDE):
        sliding_down = sliding_down & free[i] | front[i]
        below = free[i + 1] if i + 1 < SIDE else np.uint32(0)
        reached[i] |= sliding_down & ~below
        up = SIDE - 1 - i
        sliding_up = sliding_up & free[up] | front[up]
        above = free[up - 1] if up > 0 else np.uint32(0)
        reached[up] |= sliding_up & ~above
        if i > 0:
            reached[i] |= front[i - 1] & free[i]
            reached[i - 1] |= front[i] & free[i - 1]
    any_new = np.uint32(0)
    for i in range(SIDE):
        reached[i] &= ~seen[i]
        seen[i] |= reached[i]
        any_new |= reached[i]
    return any_new != 0


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
def clip(value, low, high):
    """Return the value, or the bound that it is beyond."""
    return max(low, min(high, value))


@njit(cache=True)
def random_below(rng, count):
    """Return a random integer in 0..count-1; count is at least 1."""
    bits = random_bits(rng)
    if count < 4294967296:
        return np.int64(((bits >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))
    return np.int64(bits >> np.uint64(1)) % count


@njit(cache=True)
def best_constant(case, low, high, budget, share, rng):
    """Return the best of: all 0 (or the bound nearest to it), all low, middle, high, and a few random vectors."""
    best = low.copy()
    best_value = -np.inf
    answer = low.copy()
    for turn in range(8):
        for i in range(low.size):
            if turn == 0:
                answer[i] = clip(0, low[i], high[i])
            elif turn < 4:
                answer[i] = low[i] + (high[i] - low[i]) // 2 * (turn - 1) if turn < 3 else high[i]
            else:
                answer[i] = low[i] + random_below(rng, high[i] - low[i] + 1)
        value = evaluate_full(case, answer, low.size, budget)
        if turn == 0 or value > best_value:
            copy_range(answer, best, 0, low.size)
            best_value = value
        if spent_share(budget) >= share:
            break
    return best, low.size


@njit(cache=True)
def coarse_to_fine(case, low, high, budget, share, rng):
    """Step every position of the best constant vector up and down by half of its range, then a quarter, and so on."""
    answer, extent = best_constant(case, low, high, budget, share, rng)
    value = evaluate_full(case, answer, extent, budget)
    widest = 0
    for i in range(extent):
        widest = max(widest, high[i] - low[i])
    halving = 2
    while widest // halving > 0 or halving == 2:
        for i in range(extent):
            distance = (high[i] - low[i]) // halving
            if low[i] == high[i] or (distance == 0 and halving > 2):
                continue
            if spent_share(budget) >= share:
                return answer, extent
            before = answer[i]
            best = before
            for side in range(2):
                tried_value = clip(before + max(1, distance) * (2 * side - 1), low[i], high[i])
                if tried_value == before:
                    continue
                answer[i] = tried_value
                tried = evaluate_full(case, answer, extent, budget)
                if tried > value:
                    best, value = tried_value, tried
            answer[i] = best
        halving *= 2
    return answer, extent


@njit(cache=True)
def other_value(value, low, high, rng):
    """Return a random value within the bounds, another than the given one; low < high."""
    drawn = low + random_below(rng, high - low)
    return drawn + 1 if drawn >= value else drawn


@njit(cache=True)
def change(answer, extent, low, high, free, rng):
    """Give one position another value, all equally likely. Cost O(1)."""
    if free.size == 0:
        return 0, 0, extent
    i = free[random_below(rng, free.size)]
    answer[i] = other_value(answer[i], low[i], high[i], rng)
    return i, i + 1, extent


@njit(cache=True)
def random_scale(rng, limit):
    """Return a random integer in 1..limit, small ones more often: every factor of two is equally likely."""
    drawn = np.int64(math.exp(random_unit(rng) * math.log(limit + 1.0)))
    return max(1, min(limit, drawn))


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
def stepped_value(value, low, high, step_scale, rng):
    """Return a value near the given one, at a distance whose scale is random; turned round at the bounds."""
    limit = max(1, np.int64(step_scale * (high - low)))
    distance = random_scale(rng, limit)
    stepped = value + distance if random_below(rng, 2) == 0 else value - distance
    if stepped < low or stepped > high:
        stepped = clip(2 * value - stepped, low, high)
    return stepped


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
    """Return the objective; -inf where it is not a number. Counts the evaluation."""
    budget[4] += 1.0
    value = np.float64(objective(case, answer))
    return value if value == value else -np.inf


@njit(cache=True)
def apply_move(kind, answer, extent, space, reach, step_scale, rng):
    """Change the answer by a random move of that kind; return the range touched and the new extent."""
    low, high, free = space
    if kind == 0:
        return change(answer, extent, low, high, free, rng)
    if kind == 1:
        return several_steps(answer, extent, low, high, free, reach, step_scale, rng)
    if kind == 2:
        return swap_values(answer, extent, low, high, free, reach, rng)
    if kind == 3:
        return copy_value(answer, extent, low, high, free, reach, rng)
    if kind == 4:
        return clear_value(answer, extent, low, high, free, rng)
    if kind == 5:
        return block_change(answer, extent, low, high, free, reach, rng)
    return shift_values(answer, extent, low, high, free, reach, rng)


@njit(cache=True)
def search(case, space, budget, rng, weights, construction_share, reach, step_scale, start_acceptance, end_acceptance, rounds):
    """Return the best answer found within the budget, and its extent.
    current is what the search stands on; neighbour is its twin, on which a move is tried. Acceptance: accept a worsening with a probability that falls with its size and with time.
    """
    low, high, free = space
    current, extent = coarse_to_fine(case, low, high, budget, construction_share, rng)
    neighbour_kit = current.copy()
    current_value = evaluate_full(case, current, extent, budget)
    best, best_extent, best_value = current.copy(), extent, current_value
    round_number = 0
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
            if int(progress * rounds) > round_number:
                round_number = int(progress * rounds)
                current, extent = coarse_to_fine(case, low, high, budget, share + construction_share / rounds, rng)
                copy_range(current, neighbour_kit, 0, current.size)
                current_value = evaluate_full(case, current, extent, budget)
                next_calibration = 0.0
            progress = progress * rounds - round_number
            if progress >= next_calibration:
                # The share of worsenings to accept falls from start to end at an even rate.
                acceptance = start_acceptance * (end_acceptance / start_acceptance) ** progress
                temperature = metropolis_temperature(worsenings, min(seen, 256), acceptance)
                next_calibration = progress + 0.004 if seen >= 16 else 0.0
        kind = draw_index(weights, rng)
        bar = current_value + temperature * math.log(random_unit(rng))
        lo, hi, neighbour_extent = apply_move(kind, neighbour_kit, extent, space, reach, step_scale, rng)
        if lo >= hi:
            idle += 1
            continue
        idle = 0
        value = evaluate_full(case, neighbour_kit, neighbour_extent, budget)
        if -np.inf < value < current_value:
            worsenings[seen % 256] = current_value - value
            seen += 1
        if value >= bar:
            copy_range(neighbour_kit, current, lo, hi)
            extent, current_value = neighbour_extent, value
            if value > best_value:
                copy_range(current, best, 0, current.size)
                best_extent, best_value = extent, value
        else:
            copy_range(current, neighbour_kit, lo, hi)
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
    weights = np.array([values["weight_change"], values["weight_several"], values["weight_swap"], values["weight_copy"], values["weight_clear"], values["weight_block_change"], values["weight_shift"]])
    numbers = (float(values["construction_share"]), float(values["reach"]), float(values["step_scale"]), float(values["start_acceptance"]), float(values["end_acceptance"]), int(values["rounds"]), )
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
