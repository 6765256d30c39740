"""AHC015, Halloween Candy: every tilt is chosen by play-outs of a rule that gives each flavour a side of the box.

Method: for each of the four tilts the same random futures (where the candies will fall) are played to the end by a
table rule, "this candy's flavour and the next one's say how to tilt"; tilts that fall behind are dropped early, the
best mean wins. The futures are common to the four tilts, so that luck cancels out of the comparison.
"""

from __future__ import annotations

import json
import os
import sys
import time

STARTED = time.monotonic()
# Numba looks for SciPy's BLAS when the first kernel is loaded, which costs 0.2 s and is of no use here.
SCIPY_LOADED = "scipy" in sys.modules
if not SCIPY_LOADED:
    sys.modules["scipy"] = None

import numpy as np  # noqa: E402
from numba import njit, types  # noqa: E402

PARAMETERS = {
    "time_exponent": {"default": 0.6, "low": 0.0, "high": 2.0},
    "drop_sigmas": {"default": 3.0, "low": 1.0, "high": 6.0},
    "batch": {"default": 12, "low": 4, "high": 64, "log": True},
}
TIME_SHARE = 0.8  # of the limit; the rest is for the start of the process, the pipes and a loaded machine
TURNS = 100
WIDTH = 10
DIRECTIONS = "FBLR"  # as action numbers 0..3: front (row 0), back, left, right
# RULE[flavour of this candy, flavour of the next one] with flavours ordered by frequency: the most frequent one
# collects at the front, the two others share the back, one on each side. Found by hill climbing on the plain rule.
RULE = np.array([[1, 0, 0], [1, 2, 3], [1, 2, 3]], dtype=np.int64)

clock_gettime = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.intp))


@njit
def now(clock_id, buffer):
    """Return the clock's seconds; `buffer` (2,) int64 is scratch."""
    clock_gettime(clock_id, buffer.ctypes.data)
    return buffer[0] + buffer[1] * 1e-9


@njit
def next_random(state):
    """Advance the xorshift64 state and return it."""
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return x


@njit
def tilt(box, direction):
    """Slide all candies of `box` (100,) int8, row-major from the front, 0 = empty."""
    if direction < 2:
        step = WIDTH if direction == 0 else -WIDTH
        first = 0 if direction == 0 else (WIDTH - 1) * WIDTH
        line_step = 1
    else:
        step = 1 if direction == 2 else -1
        first = 0 if direction == 2 else WIDTH - 1
        line_step = WIDTH
    for line in range(WIDTH):
        read = first + line * line_step
        write = read
        for _ in range(WIDTH):
            candy = box[read]
            box[read] = 0
            box[write] = candy
            if candy:
                write += step
            read += step


@njit
def place(box, position, candy):
    """Put a candy into the empty cell number `position` (from 0)."""
    for cell in range(box.shape[0]):
        if box[cell] == 0:
            if position == 0:
                box[cell] = candy
                return
            position -= 1


@njit
def evaluate_full(box, seen, stack):
    """Return the sum of squared component sizes; `seen` (100,) bool and `stack` (100,) int64 are scratch."""
    total = 0
    seen[:] = False
    for start in range(box.shape[0]):
        candy = box[start]
        if candy == 0 or seen[start]:
            continue
        seen[start] = True
        stack[0] = start
        waiting = 1
        size = 0
        while waiting:
            waiting -= 1
            cell = stack[waiting]
            size += 1
            column = cell % WIDTH
            if cell >= WIDTH and box[cell - WIDTH] == candy and not seen[cell - WIDTH]:
                seen[cell - WIDTH] = True
                stack[waiting] = cell - WIDTH
                waiting += 1
            if cell < 90 and box[cell + WIDTH] == candy and not seen[cell + WIDTH]:
                seen[cell + WIDTH] = True
                stack[waiting] = cell + WIDTH
                waiting += 1
            if column > 0 and box[cell - 1] == candy and not seen[cell - 1]:
                seen[cell - 1] = True
                stack[waiting] = cell - 1
                waiting += 1
            if column < WIDTH - 1 and box[cell + 1] == candy and not seen[cell + 1]:
                seen[cell + 1] = True
                stack[waiting] = cell + 1
                waiting += 1
        total += size * size
    return total


@njit
def choose(box, flavours, turn, rule, drop_sigmas, batch, random_state, clock_id, deadline, most_batches):
    """Return the best tilt after candy `turn` (0-based) was placed; `flavours` (100,) int64 holds 0..2.

    Stops at the deadline, after `most_batches` batches of futures, or when one tilt is left.
    """
    buffer = np.zeros(2, np.int64)
    seen = np.zeros(TURNS, np.bool_)
    stack = np.zeros(TURNS, np.int64)
    tilted = np.zeros((4, TURNS), np.int8)
    for action in range(4):
        tilted[action] = box
        tilt(tilted[action], action)
    leader = rule[flavours[turn], flavours[turn + 1]]
    if now(clock_id, buffer) >= deadline:
        return leader  # no time for play-outs: the rule alone
    alive = np.ones(4, np.bool_)
    alive_count = 4
    for action in range(1, 4):
        for other in range(action):
            if alive[action] and np.all(tilted[action] == tilted[other]):
                alive[action] = False
                alive_count -= 1
    total = np.zeros(4)
    future = np.zeros(TURNS, np.int64)
    value = np.zeros(4)
    gap_squares = np.zeros((4, 4))
    work = np.zeros(TURNS, np.int8)
    count = 0
    for _ in range(most_batches):
        if alive_count == 1 or (count > 0 and now(clock_id, buffer) >= deadline):
            break
        for _ in range(batch):
            for later in range(turn + 1, TURNS):
                future[later] = np.int64(
                    ((next_random(random_state) >> np.uint64(32)) * np.uint64(TURNS - later)) >> np.uint64(32)
                )
            for action in range(4):
                if not alive[action]:
                    continue
                work[:] = tilted[action]
                for later in range(turn + 1, TURNS):
                    place(work, future[later], flavours[later] + 1)
                    if later < TURNS - 1:
                        tilt(work, rule[flavours[later], flavours[later + 1]])
                value[action] = evaluate_full(work, seen, stack)
                total[action] += value[action]
            for action in range(4):
                for other in range(4):
                    gap_squares[action, other] += (value[action] - value[other]) ** 2
            count += 1
        leader = -1
        for action in range(4):
            if alive[action] and (leader < 0 or total[action] > total[leader]):
                leader = action
        for action in range(4):
            if alive[action] and action != leader:
                gap = (total[leader] - total[action]) / count
                variance = gap_squares[leader, action] / count - gap * gap
                if gap * gap * count > drop_sigmas * drop_sigmas * variance and gap > 0.0:
                    alive[action] = False
                    alive_count -= 1
    best = -1
    for action in range(4):
        if alive[action] and (best < 0 or total[action] > total[best]):
            best = action
    return best


@njit("i8(i1[::1], i8, i8[::1], i8, i8[:,::1], f8, i8, u8[::1], i8, f8, i8)", cache=True)
def take_turn(
    box, position, flavours, turn, rule, drop_sigmas, batch, random_state, clock_id, deadline, most_batches
):
    """Place candy `turn` (0-based) at the empty cell number `position` (from 0), tilt `box`, and return the tilt."""
    place(box, position, flavours[turn] + 1)
    if turn == TURNS - 1:
        return 0  # the box is full: nothing moves
    action = choose(box, flavours, turn, rule, drop_sigmas, batch, random_state, clock_id, deadline, most_batches)
    tilt(box, action)
    return action


if not SCIPY_LOADED:
    del sys.modules["scipy"]


def order_by_frequency(flavours: np.ndarray) -> np.ndarray:
    """Return the flavours 1..3 renamed to 0..2, the most frequent one first."""
    counts = np.bincount(flavours, minlength=4)[1:4]
    renamed = np.empty(3, dtype=np.int64)
    renamed[np.argsort(-counts, kind="stable")] = np.arange(3)
    return renamed[flavours - 1]


def play(read_line, write_line, parameters: dict, clock_id: int, deadline: float, seed: int, most_batches: int) -> None:
    """Hold the dialogue with the judge for one case."""
    flavours = order_by_frequency(np.array(read_line().split(), dtype=np.int64))
    box = np.zeros(TURNS, dtype=np.int8)
    random_state = np.array([(seed * 0x9E3779B97F4A7C15 + 0x123456789ABCDEF) % 2**64 | 1], dtype=np.uint64)
    weights = np.arange(TURNS - 1, -1, -1, dtype=np.float64) ** float(parameters["time_exponent"])
    weights[-1] = 0.0
    remaining_weight = np.cumsum(weights[::-1])[::-1]
    for turn in range(TURNS):
        line = read_line()
        if not line:
            return
        present = time.clock_gettime(clock_id)
        share = weights[turn] / remaining_weight[turn] if turn < TURNS - 1 else 0.0
        action = take_turn(
            box, int(line) - 1, flavours, turn, RULE, float(parameters["drop_sigmas"]), int(parameters["batch"]),
            random_state, clock_id, present + (deadline - present) * share, most_batches,
        )
        write_line(DIRECTIONS[action])


def read_parameters() -> dict:
    """Return the defaults with the harness's values over them."""
    values = {name: entry["default"] for name, entry in PARAMETERS.items()}
    values.update(json.loads(os.environ.get("ALE_PARAMETERS") or "{}"))
    return values


def warm_up() -> None:
    """Run every kernel once, on a made-up dialogue."""
    lines = iter([" ".join(str(turn % 3 + 1) for turn in range(TURNS))] + ["1"] * TURNS)
    play(lambda: next(lines), lambda text: None, read_parameters(), time.CLOCK_MONOTONIC, time.monotonic() + 60.0, 0, 1)


def main(started: float | None = None) -> None:
    """Play one case over standard input and output; `started` is when the process began, by the monotonic clock."""
    limit = float(os.environ.get("ALE_TIME_LIMIT") or 2.0) * TIME_SHARE
    if os.environ.get("ALE_CLOCK") == "cpu":
        clock_id, deadline = time.CLOCK_PROCESS_CPUTIME_ID, limit
    else:
        clock_id, deadline = time.CLOCK_MONOTONIC, (time.monotonic() if started is None else started) + limit

    def write_line(text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    seed = int(os.environ.get("ALE_SEED") or 0)
    play(sys.stdin.readline, write_line, read_parameters(), clock_id, deadline, seed, 10**9)


if __name__ == "__main__":
    if sys.argv[-1] == "ONLINE_JUDGE":
        warm_up()
    else:
        main(STARTED)
