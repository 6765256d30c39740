"""A solver composed by ale-agent: search over a sequence of symbols.

Construction   plain: the best of random sequences from the shortest to the longest
Neighbourhoods change: another symbol in one place
               insert: insert a symbol
               delete: delete a symbol, or two or three
               move: move one symbol elsewhere
               replace: delete a symbol and insert one elsewhere
               swap: exchange two symbols
               block_replace: a random block in place of another
               duplicate: insert a copy of a block
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
from numba import njit, typeof, types

PARAMETERS = {'construction_share': {'default': 0.1, 'low': 0.01, 'high': 0.5, 'log': True},
 'weight_change': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_insert': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_delete': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_move': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'reach': {'default': 1.0, 'low': 0.01, 'high': 1.0, 'log': True},
 'weight_replace': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_swap': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_block_replace': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_duplicate': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'start_acceptance': {'default': 0.2, 'low': 0.003, 'high': 0.8, 'log': True},
 'end_acceptance': {'default': 0.0003, 'low': 1e-06, 'high': 0.02, 'log': True},
 'weight_floor': {'default': 0.2, 'low': 0.02, 'high': 1.0, 'log': True},
 'evaluation_limit': {'default': 0, 'low': 0, 'high': 1000000000000}}

# A case to compile the kernels on.
SAMPLE = """\
32
22 20 17 27 2 15 32 23 26 16 9 1 30 18 8 19 10 7 11 25 13 29 24 3 31 28 5 4 14 21 6 12
"""


# The problem: how a case is read, what an answer is, what it is worth, how it is written.

WIDTH = 64  # bytes in which the objective keeps the places of all symbols
GREATEST_SIZE = WIDTH - 1  # of a case from elsewhere; the sum of two places must fit a signed byte
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def _permutation(case: str) -> list[int]:
    """Return the permutation of the case."""
    tokens = case.split()
    for token in tokens:
        if INTEGER.fullmatch(token) is None:
            raise ValueError(f"the case must hold integers, has {token[:40]!r}")
    size, *row = map(int, tokens or ["0"])
    if not 2 <= size <= GREATEST_SIZE:
        raise ValueError(f"the case must have n in 2..{GREATEST_SIZE}, is {size}")
    if len(row) != size or sorted(row) != list(range(1, size + 1)):
        raise ValueError(f"the case must hold n and then each of 1..{size} once, has {len(row)} other integers")
    if row == list(range(1, size + 1)):
        raise ValueError("the case must not be sorted from the start")
    return row


def read_case(text: str) -> tuple:
    """Return (size, places, first, last).

    places (WIDTH,) int8 holds at k where symbol k stands, from 1, and 0 where there is no symbol k; first and last
    (size * (size - 1) / 2,) int64 hold the places i < j, from 1, that each answer symbol turns around: all pairs in
    lexicographic order.
    """
    row = _permutation(text)
    places = np.zeros(WIDTH, dtype=np.int8)
    places[row] = np.arange(1, len(row) + 1)
    first, last = np.triu_indices(len(row), 1)
    return len(row), places, first.astype(np.int64) + 1, last.astype(np.int64) + 1


def answer_space(case: tuple) -> dict:
    """Return the lists of up to 2n reversals, each the number of a pair i < j."""
    return {"kind": "sequence", "symbols": case[2].size, "minimum_length": 1, "maximum_length": 2 * case[0]}


@njit(cache=True, error_model="numpy")
def objective(case, answer):
    """Return how many reversals sort; inf if the answer is no such sequence.

    The answer's reversals are applied until all is sorted. If it never is, 1, 2, 3, ... are then brought to their
    places, each by one reversal from there to where it stands. What moves is the place of each symbol, so that a
    reversal is one pass without branches over WIDTH bytes. Cost O(reversals * WIDTH / vector length).
    """
    size, places, first, last = case
    if answer.size < 1 or answer.size > 2 * size:
        return np.inf
    for symbol in answer:
        if symbol < 0 or symbol >= first.size:
            return np.inf
    where = places.copy()
    steps = 0
    for symbol in answer:
        # Bytes throughout: with wider intermediate values the pass is several times slower.
        low, high = np.int8(first[symbol]), np.int8(last[symbol])
        mirror = np.int8(low + high)
        for gene in range(WIDTH):
            here = where[gene]
            there = np.int8(mirror - here)
            where[gene] = there if low <= here and here <= high else here
        steps += 1
        if where[1] == 1 and where[size] == size:
            gene = 2
            while gene < size and where[gene] == gene:
                gene += 1
            if gene >= size:
                return float(steps)
    for sought in range(1, size):
        if where[sought] != sought:
            low, high = np.int8(sought), where[sought]
            mirror = np.int8(low + high)
            for gene in range(WIDTH):
                here = where[gene]
                there = np.int8(mirror - here)
                where[gene] = there if low <= here and here <= high else here
            steps += 1
    return float(steps)


def write_answer(case: tuple, answer) -> str:
    """Return the reversals that the objective counts."""
    size, places, first, last = case
    row = sorted(range(1, size + 1), key=lambda symbol: places[symbol])
    done = list(range(1, size + 1))
    reversals = []
    for symbol in answer:
        if row == done:
            break
        low, high = int(first[symbol]), int(last[symbol])
        row[low - 1 : high] = row[low - 1 : high][::-1]
        reversals.append((low, high))
    for low in done:
        if row[low - 1] != low:
            high = row.index(low) + 1
            row[low - 1 : high] = row[low - 1 : high][::-1]
            reversals.append((low, high))
    return "\n".join([str(len(reversals)), *(f"{low} {high}" for low, high in reversals)]) + "\n"


def space_of(case):
    """Return the answer space as the search wants it: the number of symbols, and the bounds on the length."""
    space = answer_space(case)
    return int(space["symbols"]), int(space["minimum_length"]), int(space["maximum_length"])


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
def best_random_length(case, symbols, minimum, maximum, budget, share, rng):
    """Return the best of a few random sequences, from the shortest to the longest."""
    best = np.zeros(maximum, np.int64)
    answer = best.copy()
    best_extent, best_value = -1, -np.inf
    for turn in range(9):
        for i in range(maximum):
            answer[i] = random_below(rng, symbols)
        extent = minimum + (maximum - minimum) * turn // 8
        value = evaluate_full(case, answer, extent, budget)
        if best_extent < 0 or value > best_value:
            copy_range(answer, best, 0, extent)
            best_extent, best_value = extent, value
        if spent_share(budget) >= share:
            break
    return best, best_extent


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
def open_gap(answer, extent, position, width, maximum):
    """Move what lies behind the position by the width to make room; return the new extent. position + width <= maximum."""
    longer = min(maximum, extent + width)
    for k in range(longer - 1, position + width - 1, -1):
        answer[k] = answer[k - width]
    return longer


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
def random_scale(rng, limit):
    """Return a random integer in 1..limit, small ones more often: every factor of two is equally likely."""
    drawn = np.int64(math.exp(random_unit(rng) * math.log(limit + 1.0)))
    return max(1, min(limit, drawn))


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
def block_length(rng, extent, reach):
    """Return a random length of a block, 1..extent, short ones more often; extent is at least 1."""
    return random_scale(rng, max(1, min(extent, np.int64(reach * 0.5 * extent))))


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
    value = -np.float64(objective(case, answer[:extent]))
    return value if value == value else -np.inf


@njit(cache=True)
def apply_move(kind, answer, extent, space, reach, rng):
    """Change the answer by a random move of that kind; return the range touched and the new extent."""
    symbols, minimum, maximum = space
    if kind == 0:
        return change_symbol(answer, extent, symbols, rng)
    if kind == 1:
        return insert_symbol(answer, extent, symbols, maximum, rng)
    if kind == 2:
        return delete_symbols(answer, extent, symbols, minimum, rng)
    if kind == 3:
        return move_symbol(answer, extent, reach, rng)
    if kind == 4:
        return replace_symbol_elsewhere(answer, extent, symbols, reach, rng)
    if kind == 5:
        return swap_symbols(answer, extent, reach, rng)
    if kind == 6:
        return block_replace(answer, extent, symbols, minimum, maximum, reach, rng)
    return duplicate_block(answer, extent, maximum, reach, rng)


@njit(cache=True)
def search(case, space, budget, rng, weights, construction_share, reach, start_acceptance, end_acceptance, weight_floor):
    """Return the best answer found within the budget, and its extent.
    current is what the search stands on; neighbour is its twin, on which a move is tried. Acceptance: accept a worsening with a probability that falls with its size and with time.
    """
    symbols, minimum, maximum = space
    current, extent = best_random_length(case, symbols, minimum, maximum, budget, construction_share, rng)
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
        lo, hi, neighbour_extent = apply_move(kind, neighbour, extent, space, reach, rng)
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
    weights = np.array([values["weight_change"], values["weight_insert"], values["weight_delete"], values["weight_move"], values["weight_replace"], values["weight_swap"], values["weight_block_replace"], values["weight_duplicate"]])
    numbers = (float(values["construction_share"]), float(values["reach"]), float(values["start_acceptance"]), float(values["end_acceptance"]), float(values["weight_floor"]), )
    arguments = (case, space_of(case), budget, random_state(int(os.environ.get("ALE_SEED", "1"))), weights, *numbers)
    compiled_before = sum(search.stats.cache_misses.values())
    search.compile(tuple(typeof(argument) for argument in arguments))
    if sum(search.stats.cache_misses.values()) > compiled_before:
        budget[1] = time.clock_gettime(clock)  # no compiled kernels at hand: the limit is lost, the answer need not be
    budget[2] -= writing_seconds(case, arguments)
    answer, extent = search(*arguments)
    return write_answer(case, answer[:extent])


def writing_seconds(case, arguments):
    """Return what is to be kept for writing the answer: measured on the first answer that a search would stand on."""
    trial = list(arguments)
    trial[2] = np.array([arguments[2][0], 0.0, 1.0, 2.0, 0.0])
    trial[3] = random_state(1)
    answer, extent = search(*trial)
    started = time.perf_counter()
    write_answer(case, answer[:extent])
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
