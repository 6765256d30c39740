"""AHC024, Topological Map: annealing that moves the boundaries between colours one cell at a time.

Method: a move recolours one cell to the colour of a neighbour. It is legal if no adjacency of colours appears or
vanishes (a matrix counts the cell sides between each two colours) and if the cell is not what holds its old colour
together (looked up from its eight neighbours). The outside counts as colour 0, and is to grow. From time to time whole
rows and columns are taken out of the map, which moves what lies behind them closer.

Notation: `grid` is the map with a rim of two cells of the outside on every side, flat, int16; STRIDE is its row length.
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
    "start_temperature": {"default": 0.9, "low": 0.1, "high": 3.0, "log": True},
    "end_temperature": {"default": 0.2, "low": 0.05, "high": 1.0, "log": True},
    "line_interval": {"default": 8000, "low": 1000, "high": 1000000, "log": True},
}
TIME_SHARE = 0.8  # of the limit; the rest is for the start of the process, the pipes and a loaded machine
RIM = 2

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
def removable_table():
    """Return, for each mask of equal neighbours, whether the cell in the middle may leave its colour.

    Bit k of the mask is neighbour k clockwise from the upper left one; the cell may leave if those of the four side
    neighbours that are equal (at least one) are joined within the ring.
    """
    table = np.zeros(256, np.bool_)
    for mask in range(256):
        runs = 0
        for k in range(1, 8, 2):  # side neighbours: up, right, down, left
            if mask >> k & 1 and not (mask >> ((k + 6) & 7) & 1 and mask >> ((k + 7) & 7) & 1):
                runs += 1
        sides = (mask >> 1 & 1) + (mask >> 3 & 1) + (mask >> 5 & 1) + (mask >> 7 & 1)
        table[mask] = sides > 0 and (runs == 1 or mask == 255)
    return table


@njit
def count_sides(grid, stride, colours, sides):
    """Fill `sides` (colours, colours) int32 with the number of cell sides between each two colours, rim included."""
    sides[:] = 0
    for cell in range(stride, grid.shape[0] - stride):
        for other in (cell + 1, cell + stride):
            if grid[cell] != grid[other]:
                sides[grid[cell], grid[other]] += 1
                sides[grid[other], grid[cell]] += 1


@njit
def connected(grid, stride, colours, seen, stack):
    """Return whether each colour, the outside included, is there and in one piece."""
    seen[:] = False
    found = np.zeros(colours, np.bool_)
    count = 0
    for start in range(grid.shape[0]):
        if seen[start]:
            continue
        colour = grid[start]
        if found[colour]:
            return False
        found[colour] = True
        count += 1
        seen[start] = True
        stack[0] = start
        waiting = 1
        while waiting:
            waiting -= 1
            cell = stack[waiting]
            for other in (cell - 1, cell + 1, cell - stride, cell + stride):
                if 0 <= other < grid.shape[0] and not seen[other] and grid[other] == colour:
                    seen[other] = True
                    stack[waiting] = other
                    waiting += 1
    return count == colours


@njit
def remove_line(grid, stride, line, is_row, target):
    """Write into `target` the map without a row or column: what lies behind it moves up, the outside moves in."""
    target[:] = grid
    size = stride - 2 * RIM
    for across in range(RIM, RIM + size):
        for along in range(line, RIM + size):
            if is_row:
                target[along * stride + across] = grid[(along + 1) * stride + across]
            else:
                target[across * stride + along] = grid[across * stride + along + 1]


@njit
def remove_lines(grid, stride, colours, adjacent, sides, target, seen, stack):
    """Take out rows and columns as long as one can go and takes coloured cells with it; return whether any went."""
    size = stride - 2 * RIM
    changed = False
    for line in range(2 * size):
        is_row = line < size
        at = RIM + line % size
        while True:
            coloured = 0
            for across in range(RIM, RIM + size):
                coloured += grid[at * stride + across if is_row else across * stride + at] != 0
            if coloured == 0:
                break
            remove_line(grid, stride, at, is_row, target)
            count_sides(target, stride, colours, sides)
            same = True
            for a in range(colours):
                for b in range(a):
                    if (sides[a, b] > 0) != adjacent[a, b]:
                        same = False
                        break
                if not same:
                    break
            if not same or not connected(target, stride, colours, seen, stack):
                break
            grid[:] = target
            changed = True
    count_sides(grid, stride, colours, sides)
    return changed


@njit
def list_coloured(grid, cells, place):
    """Fill `cells` with the coloured cells and `place` with where each stands there; return how many there are."""
    count = 0
    for cell in range(grid.shape[0]):
        if grid[cell] != 0:
            cells[count] = cell
            place[cell] = count
            count += 1
    return count


@njit
def recolour(grid, cell, colour, stride, adjacent, sides, removable, around):
    """Give a cell a neighbour's colour if that is legal and return whether it was done."""
    old = grid[cell]
    mask = 0
    for k in range(8):
        if grid[cell + around[k]] == old:
            mask |= 1 << k
    if not removable[mask]:
        return False
    for k in range(1, 8, 2):
        other = grid[cell + around[k]]
        if other != colour and not adjacent[colour, other]:
            return False
    lost = False
    for k in range(1, 8, 2):
        other = grid[cell + around[k]]
        if other != old:
            sides[old, other] -= 1
            sides[other, old] -= 1
        if other != colour:
            sides[colour, other] += 1
            sides[other, colour] += 1
    for k in range(1, 8, 2):
        other = grid[cell + around[k]]
        if other != old and sides[old, other] == 0:
            lost = True
    if lost:
        for k in range(1, 8, 2):
            other = grid[cell + around[k]]
            if other != old:
                sides[old, other] += 1
                sides[other, old] += 1
            if other != colour:
                sides[colour, other] -= 1
                sides[other, colour] -= 1
        return False
    grid[cell] = colour
    return True


@njit("i8(i2[::1], i8, i8, f8, f8, i8, u8[::1], i8, f8, f8, i8)", cache=True)
def anneal(
    grid, stride, colours, start_temperature, end_temperature, line_interval, random_state, clock_id, start, deadline,
    most_moves,
):
    """Anneal `grid` in place until the deadline; it is left at the best map found. Returns the moves tried."""
    buffer = np.zeros(2, np.int64)
    removable = removable_table()
    sides = np.zeros((colours, colours), np.int32)
    count_sides(grid, stride, colours, sides)
    adjacent = sides > 0
    around = np.array([-stride - 1, -stride, -stride + 1, 1, stride + 1, stride, stride - 1, -1])
    inside = np.zeros(grid.shape[0], np.bool_)
    for row in range(RIM, stride - RIM):
        inside[row * stride + RIM : (row + 1) * stride - RIM] = True
    target = grid.copy()
    best = grid.copy()
    seen = np.zeros(grid.shape[0], np.bool_)
    stack = np.zeros(grid.shape[0], np.int64)
    cells = np.zeros(grid.shape[0], np.int64)
    place = np.zeros(grid.shape[0], np.int64)
    remove_lines(grid, stride, colours, adjacent, sides, target, seen, stack)
    count = list_coloured(grid, cells, place)
    best_count = count + 1
    lose_bar = np.uint64(0)
    moves = 0
    next_line = line_interval
    while moves < most_moves:
        if moves & 1023 == 0:
            progress = (now(clock_id, buffer) - start) / (deadline - start)
            if progress >= 1.0:
                break
            temperature = start_temperature * (end_temperature / start_temperature) ** progress
            lose_bar = np.uint64(np.exp(-1.0 / temperature) * 4294967296.0)
            if moves >= next_line:
                next_line = moves + line_interval
                if remove_lines(grid, stride, colours, adjacent, sides, target, seen, stack):
                    count = list_coloured(grid, cells, place)
        moves += 1
        draw = next_random(random_state)
        cell = cells[np.int64(((draw & np.uint64(0xFFFFFF)) * np.uint64(count)) >> np.uint64(24))]
        other = cell + around[1 + 2 * np.int64((draw >> np.uint64(24)) & np.uint64(3))]
        if grid[cell] == grid[other]:
            continue
        if draw >> np.uint64(26) & np.uint64(1):
            if not inside[other]:
                continue
            cell, other = other, cell
        old, colour = grid[cell], grid[other]
        if old == 0 and (draw >> np.uint64(32)) >= lose_bar:
            continue
        if not recolour(grid, cell, colour, stride, adjacent, sides, removable, around):
            continue
        if colour == 0:
            count -= 1
            last = cells[count]
            cells[place[cell]] = last
            place[last] = place[cell]
            if count < best_count:
                best_count = count
                best[:] = grid
        elif old == 0:
            cells[count] = cell
            place[cell] = count
            count += 1
    if best_count <= count:
        grid[:] = best
    return moves


if not SCIPY_LOADED:
    del sys.modules["scipy"]


def solve(colours: np.ndarray, parameters: dict, clock_id: int, deadline: float, seed: int, most_moves: int) -> np.ndarray:
    """Return a map with the topology of `colours` (n, n) and as much outside as the time allows."""
    grid = np.ascontiguousarray(np.pad(colours, RIM).astype(np.int16).ravel())
    random_state = np.array([(seed * 0x9E3779B97F4A7C15 + 0x123456789ABCDEF) % 2**64 | 1], dtype=np.uint64)
    stride = colours.shape[0] + 2 * RIM
    anneal(
        grid, stride, int(colours.max()) + 1, float(parameters["start_temperature"]),
        float(parameters["end_temperature"]), int(parameters["line_interval"]), random_state, clock_id,
        time.clock_gettime(clock_id), deadline, most_moves,
    )
    return grid.reshape(stride, stride)[RIM:-RIM, RIM:-RIM]


def read_parameters() -> dict:
    """Return the defaults with the harness's values over them."""
    values = {name: entry["default"] for name, entry in PARAMETERS.items()}
    values.update(json.loads(os.environ.get("ALE_PARAMETERS") or "{}"))
    return values


def warm_up() -> None:
    """Run every kernel once, on a small map."""
    solve(np.array([[1, 1], [2, 2]]), read_parameters(), time.CLOCK_MONOTONIC, time.monotonic() + 60.0, 0, 100)


def main(started: float | None = None) -> None:
    """Solve one case over standard input and output; `started` is when the process began, by the monotonic clock."""
    limit = float(os.environ.get("ALE_TIME_LIMIT") or 2.0) * TIME_SHARE
    if os.environ.get("ALE_CLOCK") == "cpu":
        clock_id, deadline = time.CLOCK_PROCESS_CPUTIME_ID, limit
    else:
        clock_id, deadline = time.CLOCK_MONOTONIC, (time.monotonic() if started is None else started) + limit
    numbers = np.array(sys.stdin.read().split(), dtype=np.int64)
    size = int(numbers[0])
    colours = numbers[2 : 2 + size * size].reshape(size, size)
    answer = solve(colours, read_parameters(), clock_id, deadline, int(os.environ.get("ALE_SEED") or 0), 10**15)
    print("\n".join(" ".join(map(str, row)) for row in answer.tolist()), flush=True)


if __name__ == "__main__":
    if sys.argv[-1] == "ONLINE_JUDGE":
        warm_up()
    else:
        main(STARTED)
