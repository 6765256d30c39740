"""A solver composed by ale-agent: search over a vector of integers.

Construction   plain: the best of: zeros, low, middle, high, a few random vectors
Neighbourhoods change: another value, all equally likely
               step: a value near by
               swap: exchange two values
               copy: take the value of another position
Acceptance     metropolis: accept a worsening with a probability that falls with its size and with time
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
 'weight_change': {'default': 2.289091696249968, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_step': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'step_scale': {'default': 0.5, 'low': 0.001, 'high': 1.0, 'log': True},
 'weight_swap': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'reach': {'default': 1.0, 'low': 0.01, 'high': 1.0, 'log': True},
 'weight_copy': {'default': 3.630497971243117, 'low': 0.05, 'high': 20.0, 'log': True},
 'start_acceptance': {'default': 0.26826994780221997, 'low': 0.003, 'high': 0.8, 'log': True},
 'end_acceptance': {'default': 0.000171589893601551, 'low': 1e-06, 'high': 0.02, 'log': True},
 'evaluation_limit': {'default': 0, 'low': 0, 'high': 1000000000000}}

# A case to compile the kernels on.
SAMPLE = """\
57
1 218
254 115 101
408 171 391 317
458 268 89 293 104
94 12 344 0 452 277
16 446 398 135 88 86 367
151 338 345 121 273 195 318 2
79 117 272 143 113 232 41 150 434
28 257 87 351 122 77 424 326 303 169
152 262 266 418 226 199 214 340 401 52 275
285 165 363 425 263 108 46 451 81 160 39 365
186 397 68 209 103 383 105 433 457 331 132 33 215
114 6 192 450 463 333 264 96 188 58 352 348 259 181
320 15 76 304 382 21 63 185 42 125 265 302 126 17 175
376 267 34 314 399 190 342 299 455 449 421 45 386 225 230 191
360 211 219 200 217 337 346 390 426 330 149 174 194 456 56 9 139
284 70 36 196 246 281 229 350 47 43 59 444 308 251 402 295 224 371
168 410 40 100 343 62 447 396 261 13 311 212 74 395 362 460 131 31 197
384 208 176 341 389 406 245 258 274 26 142 69 361 436 220 97 321 374 116 366
182 276 148 248 327 464 417 167 442 154 146 90 306 354 118 80 5 291 23 138 24
223 388 38 439 136 84 183 137 32 98 322 231 387 234 18 427 10 78 85 315 325 403
203 368 415 412 55 51 202 353 237 158 336 187 409 161 279 111 375 67 324 64 157 286 140
93 102 393 334 298 112 247 127 364 319 120 198 22 437 377 423 420 155 256 240 461 287 428 128
244 8 129 170 253 82 173 454 156 238 430 270 205 288 283 141 221 163 37 107 110 184 297 394 153
239 356 416 309 453 372 373 414 166 4 35 443 422 201 210 379 235 432 54 440 179 206 252 30 250 91
130 106 14 249 25 431 162 300 313 339 95 459 370 462 407 65 355 405 347 312 441 255 280 435 61 290 92
222 66 145 204 177 119 448 301 75 178 233 53 189 305 328 411 358 307 332 29 378 438 385 207 124 236 144 159
227 294 349 123 380 48 11 172 357 392 359 241 404 147 72 109 381 413 289 27 73 19 400 282 20 323 296 335 180
316 134 429 193 3 133 369 329 7 419 216 228 292 445 242 269 243 260 278 44 49 99 60 71 50 213 310 83 164 271
"""


# The problem: how a case is read, what an answer is, what it is worth, how it is written.

ROWS = 30
BALLS = 465
MOST_SWAPS = 10000
LAST_STEP = 20


def read_case(text: str) -> tuple:
    """Return (balls, rows)."""
    balls = np.array(text.split(), dtype=np.int64)
    return balls, np.repeat(np.arange(ROWS), np.arange(1, ROWS + 1)).astype(np.int64)


def answer_space(case: tuple) -> dict:
    """Return the space: for each ball the two-way step at which it takes the smaller ball, 0 for none."""
    return {
        "kind": "integers",
        "low": np.zeros(BALLS, dtype=np.int64),
        "high": np.full(BALLS, LAST_STEP, dtype=np.int64),
    }


@njit(cache=True, error_model="numpy")
def objective(case, answer):
    """Return the score; -inf for an invalid answer or more than 10000 swaps."""
    balls, rows = case
    if not is_answer(answer):
        return -np.inf
    swaps = move_up(balls, rows, answer, np.empty((0, 2), dtype=np.int64))
    return 100000.0 - 5.0 * swaps if swaps <= MOST_SWAPS else -np.inf


def write_answer(case: tuple, answer: np.ndarray) -> str:
    """Return the operations as text; ValueError if the answer is none or takes more than 10000 swaps."""
    balls, rows = case
    if not is_answer(answer):
        raise ValueError(f"an answer holds {BALLS} numbers from 0 to {LAST_STEP}")
    log = np.empty((MOST_SWAPS, 2), dtype=np.int64)
    swaps = move_up(balls, rows, answer, log)
    if swaps > MOST_SWAPS:
        raise ValueError(f"K must be 0 to {MOST_SWAPS}, is {swaps}")
    places = [(int(rows[place]), int(place - rows[place] * (rows[place] + 1) // 2)) for place in range(BALLS)]
    lines = [f"{places[one][0]} {places[one][1]} {places[two][0]} {places[two][1]}" for one, two in log[:swaps]]
    return "\n".join([str(swaps), *lines]) + "\n"


@njit(cache=True, error_model="numpy")
def is_answer(answer):
    """Return whether there is one step number in range for each ball."""
    return len(answer) == BALLS and answer.min() >= 0 and answer.max() <= LAST_STEP


@njit(cache=True, error_model="numpy")
def move_up(balls, rows, answer, log):
    """Return the number of swaps that bring all balls up in turn, and log the first of them; O(465 + swaps)."""
    at = balls.copy()
    place_of = np.empty(BALLS, dtype=np.int64)
    for place in range(BALLS):
        place_of[at[place]] = place
    swaps = 0
    for ball in range(BALLS):
        place, choice_step = place_of[ball], 0
        while place > 0:
            x = rows[place]
            y = place - x * (x + 1) // 2
            left = at[place - x - 1] if y > 0 else -1
            right = at[place - x] if y < x else -1
            if left < ball and right < ball:
                break
            go_left = left > right
            if left > ball and right > ball:
                choice_step += 1
                if answer[ball] == choice_step:
                    go_left = not go_left
            above = place - x - 1 if go_left else place - x
            if swaps < len(log):
                log[swaps, 0] = place
                log[swaps, 1] = above
            swaps += 1
            at[place] = at[above]
            place_of[at[place]] = place
            place = above
        at[place] = ball
        place_of[ball] = place
    return swaps


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
def apply_move(kind, answer, extent, space, step_scale, reach, rng):
    """Change the answer by a random move of that kind; return the range touched and the new extent."""
    low, high, free = space
    if kind == 0:
        return change(answer, extent, low, high, free, rng)
    if kind == 1:
        return step(answer, extent, low, high, free, step_scale, rng)
    if kind == 2:
        return swap_values(answer, extent, low, high, free, reach, rng)
    return copy_value(answer, extent, low, high, free, reach, rng)


@njit(cache=True)
def search(case, space, budget, rng, weights, construction_share, step_scale, reach, start_acceptance, end_acceptance):
    """Return the best answer found within the budget, and its extent.
    current is what the search stands on; neighbour is its twin, on which a move is tried. Acceptance: accept a worsening with a probability that falls with its size and with time.
    """
    low, high, free = space
    current, extent = best_constant(case, low, high, budget, construction_share, rng)
    neighbour = current.copy()
    current_value = evaluate_full(case, current, extent, budget)
    best, best_extent, best_value = current.copy(), extent, current_value
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
            if progress >= next_calibration:
                # The share of worsenings to accept falls from start to end at an even rate.
                acceptance = start_acceptance * (end_acceptance / start_acceptance) ** progress
                temperature = metropolis_temperature(worsenings, min(seen, 256), acceptance)
                next_calibration = progress + 0.004 if seen >= 16 else 0.0
        kind = draw_index(weights, rng)
        bar = current_value + temperature * math.log(random_unit(rng))
        lo, hi, neighbour_extent = apply_move(kind, neighbour, extent, space, step_scale, reach, rng)
        if lo >= hi:
            idle += 1
            continue
        idle = 0
        value = evaluate_full(case, neighbour, neighbour_extent, budget)
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
    weights = np.array([values["weight_change"], values["weight_step"], values["weight_swap"], values["weight_copy"]])
    numbers = (float(values["construction_share"]), float(values["step_scale"]), float(values["reach"]), float(values["start_acceptance"]), float(values["end_acceptance"]), )
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
