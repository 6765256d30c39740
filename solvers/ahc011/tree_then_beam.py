"""AHC011, Sliding Tree Puzzle: choose a tree that the tiles can show and that is near, then slide to it by beam search.

Method: (1) anneal a spanning tree by edge exchanges until its tiles are exactly those of the case; (2) match start to
target cells of equal tiles at least cost (Hungarian method, parity repaired by one exchange of equal tiles); kick the
tree and repeat for a share of the time, keep the cheapest; (3) beam search over the moves of the empty cell by the sum
of powers of the tiles' distances, with a table of states met before; its width follows the time that is left. Where
the beam no longer gets nearer, (1) to (3) begin again from the nearest board it met: equal tiles in each other's
places, which cost many moves to put right, then become part of another tree.

Notation: cells are numbered row by row; `code`, `(n * n,)` int64, the tile each cell shows (1 left, 2 up, 4 right,
8 down); directions 0..3 are L, U, R, D; a tile is known by the cell it is to reach; `weight[d]` the cost of distance d.
"""

from __future__ import annotations

import json
import os
import sys
import time

STARTED = time.monotonic()

import numpy as np  # noqa: E402
from numba import njit, types  # noqa: E402

PARAMETERS = {
    "distance_power": {"default": 1.3, "low": 0.8, "high": 2.5},
    "joint_bonus": {"default": 2.0, "low": 0.0, "high": 3.0},
    "target_share": {"default": 0.2, "low": 0.05, "high": 0.6},
    "fresh_probability": {"default": 0.1, "low": 0.01, "high": 0.9, "log": True},
    "kick_size": {"default": 3, "low": 1, "high": 12},
    "moves_per_distance": {"default": 2.0, "low": 1.0, "high": 6.0},
    "first_share": {"default": 0.6, "low": 0.3, "high": 1.0},
    "patience": {"default": 40, "low": 10, "high": 300, "log": True},
}
TIME_SHARE = 0.78  # of the limit; the rest is for the start of the process and a loaded machine
MOST_WIDTH = 20000
MOST_NODES = 12_000_000
TABLE = 1 << 21
DIRECTIONS = "LURD"

clock_gettime = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.intp))


@njit(cache=True)
def now(clock_id, buffer):
    """Return the clock's seconds; `buffer` (2,) int64 is scratch."""
    clock_gettime(clock_id, buffer.ctypes.data)
    return buffer[0] + buffer[1] * 1e-9


@njit(cache=True)
def next_random(state):
    """Advance the xorshift64 state and return it."""
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return x


@njit(cache=True)
def below(state, count):
    """Return a random integer in [0, count)."""
    return np.int64(((next_random(state) >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))


@njit(cache=True)
def uniform(state):
    """Return a random float in [0, 1)."""
    return np.float64(next_random(state) >> np.uint64(11)) * 2.0**-53


@njit(cache=True)
def neighbours_of(n):
    """Return `(n * n, 4)` int64: the cell in each direction, -1 outside."""
    beside = np.full((n * n, 4), -1, dtype=np.int64)
    for cell in range(n * n):
        if cell % n > 0:
            beside[cell, 0] = cell - 1
        if cell >= n:
            beside[cell, 1] = cell - n
        if cell % n < n - 1:
            beside[cell, 2] = cell + 1
        if cell < n * n - n:
            beside[cell, 3] = cell + n
    return beside


@njit(cache=True)
def edges_of(n, beside, empty):
    """Return `(edges, 2)` int64: (cell, direction 2 or 3) of each pair of neighbours without the empty cell."""
    edges = np.empty((2 * n * n, 2), dtype=np.int64)
    count = 0
    for cell in range(n * n):
        for direction in range(2, 4):
            other = beside[cell, direction]
            if other >= 0 and cell != empty and other != empty:
                edges[count, 0], edges[count, 1] = cell, direction
                count += 1
    return edges[:count]


@njit(cache=True)
def toggle_edge(beside, code, count, cell, direction):
    """Add or remove an edge of the tree and keep the counts of tiles right."""
    other = beside[cell, direction]
    count[code[cell]] -= 1
    count[code[other]] -= 1
    code[cell] ^= 1 << direction
    code[other] ^= 1 << (direction ^ 2)
    count[code[cell]] += 1
    count[code[other]] += 1


@njit(cache=True)
def random_tree(n, beside, edges, tiles, state, code):
    """Fill code with a spanning tree that prefers joints of the case as it lies."""
    key = np.empty(len(edges))
    for e in range(len(edges)):
        cell, direction = edges[e, 0], edges[e, 1]
        joint = (tiles[cell] >> direction) & (tiles[beside[cell, direction]] >> (direction ^ 2)) & 1
        key[e] = uniform(state) - 0.7 * joint
    root = np.arange(n * n)
    code[:] = 0
    for e in np.argsort(key):
        cell, direction = edges[e, 0], edges[e, 1]
        other = beside[cell, direction]
        one, two = cell, other
        while root[one] != one:
            one = root[one]
        while root[two] != two:
            two = root[two]
        if one != two:
            root[one] = two
            code[cell] |= 1 << direction
            code[other] |= 1 << (direction ^ 2)


@njit(cache=True)
def tree_path(beside, code, start, goal, back, stack):
    """Fill back[cell] with the direction towards the start for the cells on the way to the goal."""
    back[start] = -1
    stack[0], waiting = start, 1
    while waiting > 0:
        waiting -= 1
        cell = stack[waiting]
        if cell == goal:
            return
        for direction in range(4):
            if (code[cell] >> direction) & 1 and direction != back[cell]:
                other = beside[cell, direction]
                back[other] = direction ^ 2
                stack[waiting] = other
                waiting += 1


@njit(cache=True)
def exchange(beside, edges, code, count, state, back, stack, change):
    """Add a random edge and remove a random one of the cycle; note both in change. False if the draw was in the tree."""
    e = below(state, len(edges))
    cell, direction = edges[e, 0], edges[e, 1]
    if (code[cell] >> direction) & 1:
        return False
    other = beside[cell, direction]
    tree_path(beside, code, cell, other, back, stack)
    length, at = 0, other
    while at != cell:
        at = beside[at, back[at]]
        length += 1
    at = other
    for _ in range(below(state, length)):
        at = beside[at, back[at]]
    change[0], change[1], change[2], change[3] = cell, direction, at, back[at]
    toggle_edge(beside, code, count, at, back[at])
    toggle_edge(beside, code, count, cell, direction)
    return True


@njit(cache=True)
def mismatch(count, need):
    """Return how many tiles are too many or too few, in all."""
    total = 0
    for k in range(16):
        total += abs(count[k] - need[k])
    return total


@njit(cache=True)
def match_tiles(beside, edges, code, need, state, iterations, heat):
    """Anneal the tree by exchanges until it shows the needed tiles; return whether it does."""
    count = np.zeros(16, dtype=np.int64)
    for tile in code:
        count[tile] += 1
    back, stack = np.empty(len(code), dtype=np.int64), np.empty(len(code), dtype=np.int64)
    change = np.empty(4, dtype=np.int64)
    cost = mismatch(count, need)
    for it in range(iterations):
        if cost == 0:
            return True
        temperature = heat + (0.3 - heat) * it / iterations
        if not exchange(beside, edges, code, count, state, back, stack, change):
            continue
        neighbour = mismatch(count, need)
        if neighbour <= cost or uniform(state) < np.exp((cost - neighbour) / temperature):
            cost = neighbour
        else:
            toggle_edge(beside, code, count, change[0], change[1])
            toggle_edge(beside, code, count, change[2], change[3])
    return cost == 0


@njit(cache=True)
def hungarian(cost, size, column_of):
    """Fill column_of (row -> column) with a matching of least cost, O(size^3)."""
    u, v = np.zeros(size + 1), np.zeros(size + 1)
    row_of, way = np.zeros(size + 1, dtype=np.int64), np.zeros(size + 1, dtype=np.int64)
    for i in range(1, size + 1):
        row_of[0] = i
        j0 = 0
        least = np.full(size + 1, np.inf)
        used = np.zeros(size + 1, dtype=np.bool_)
        while True:
            used[j0] = True
            i0, delta, j1 = row_of[j0], np.inf, 0
            for j in range(1, size + 1):
                if not used[j]:
                    reduced = cost[i0 - 1, j - 1] - u[i0] - v[j]
                    if reduced < least[j]:
                        least[j], way[j] = reduced, j0
                    if least[j] < delta:
                        delta, j1 = least[j], j
            for j in range(size + 1):
                if used[j]:
                    u[row_of[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            j0 = j1
            if row_of[j0] == 0:
                break
        while j0 != 0:
            row_of[j0] = row_of[way[j0]]
            j0 = way[j0]
    for j in range(1, size + 1):
        column_of[row_of[j] - 1] = j - 1


@njit(cache=True)
def distance(n, one, other):
    """Return the Manhattan distance of two cells."""
    return abs(one // n - other // n) + abs(one % n - other % n)


@njit(cache=True)
def assign(n, tiles, code, weight, goal_of):
    """Fill goal_of (start cell -> target cell of an equal tile, solvable) and return the cost."""
    size = n * n
    rows, columns = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    column_of, cost = np.empty(size, dtype=np.int64), np.empty((size, size))
    total, cheapest, swap_1, swap_2 = 0.0, np.inf, 0, 0
    for kind in range(16):
        count = columns_count = 0
        for cell in range(size):
            if tiles[cell] == kind:
                rows[count] = cell
                count += 1
            if code[cell] == kind:
                columns[columns_count] = cell
                columns_count += 1
        for i in range(count):
            for j in range(count):
                cost[i, j] = weight[distance(n, rows[i], columns[j])]
        hungarian(cost, count, column_of)
        for i in range(count):
            goal_of[rows[i]] = columns[column_of[i]]
            total += cost[i, column_of[i]]
            for k in range(i):
                added = cost[i, column_of[k]] + cost[k, column_of[i]]
                added -= cost[i, column_of[i]] + cost[k, column_of[k]]
                if added < cheapest:
                    cheapest, swap_1, swap_2 = added, rows[i], rows[k]
        if kind == 0:
            parity = distance(n, rows[0], columns[0]) & 1
    seen = np.zeros(size, dtype=np.bool_)
    for cell in range(size):  # each cycle of the permutation: length - 1 exchanges
        at = goal_of[cell]
        while not seen[cell] and at != cell:
            seen[at] = True
            parity ^= 1
            at = goal_of[at]
        seen[cell] = True
    if parity:
        goal_of[swap_1], goal_of[swap_2] = goal_of[swap_2], goal_of[swap_1]
        total += cheapest
    return total


@njit(cache=True)
def choose_target(n, tiles, beside, weight, old, fresh, kick, state, clock_id, deadline, limit, best_goal):
    """Fill best_goal with the cheapest assignment found by the deadline; at most `limit` trees. False if none fits.

    With `old`, the tree that best_goal stands for at first, only trees near it are tried, and it itself is refused.
    """
    buffer = np.empty(2, dtype=np.int64)
    size = n * n
    need = np.zeros(16, dtype=np.int64)
    hole = 0
    for cell in range(size):
        need[tiles[cell]] += 1
        if tiles[cell] == 0:
            hole = cell
    code, current = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    goal_of = np.empty(size, dtype=np.int64)
    back, stack, change = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64), np.empty(4, dtype=np.int64)
    count = np.zeros(16, dtype=np.int64)
    current_cost = best_cost = np.inf
    empty = current_empty = hole
    edges = current_edges = edges_of(n, beside, empty)
    before = np.full(size, -1, dtype=np.int64)
    if old:
        for cell in range(size):
            before[best_goal[cell]] = tiles[cell]
        current[:] = before
        current_cost = 0.0  # no other tree takes its place
        current_empty = best_goal[hole]
        current_edges = edges_of(n, beside, current_empty)
    since = 0
    for tree in range(limit):
        if now(clock_id, buffer) >= deadline and best_cost < np.inf:
            break
        begin = not old and (current_cost == np.inf or (since > 60 and uniform(state) < fresh))
        if begin:
            empty = hole if tree % 2 == 0 else below(state, size)
            edges = edges_of(n, beside, empty)
            random_tree(n, beside, edges, tiles, state, code)
        else:
            code[:] = current
            empty, edges = current_empty, current_edges
            for _ in range(1 + below(state, kick)):
                exchange(beside, edges, code, count, state, back, stack, change)
        if not match_tiles(beside, edges, code, need, state, 20000 if begin else 4000, 1.0 if begin else 0.5):
            continue
        if np.all(code == before):
            continue
        cost = assign(n, tiles, code, weight, goal_of)
        since += 1
        if begin or cost <= current_cost:
            if begin or cost < current_cost:
                since = 0
            current[:] = code
            current_cost, current_empty, current_edges = cost, empty, edges
        if cost < best_cost:
            best_cost = cost
            best_goal[:] = goal_of
    return best_cost < np.inf


@njit(cache=True)
def joints_at(beside, shown, board, tile, cell, but):
    """Return how many joints the tile has on this cell, that towards direction `but` left out."""
    lines, joints = shown[tile], 0
    for direction in range(4):
        if direction != but and (lines >> direction) & 1 and beside[cell, direction] >= 0:
            joints += (shown[board[beside[cell, direction]]] >> (direction ^ 2)) & 1
    return joints


@njit(cache=True)
def is_new(table, key):
    """Enter a state's hash; False if it was there. A crowded table forgets old ones."""
    mask = np.uint64(TABLE - 1)
    at = key & mask
    for _ in range(4):
        held = table[at]
        if held == key:
            return False
        if held == np.uint64(0):
            table[at] = key
            return True
        at = (at + np.uint64(1)) & mask
    table[key & mask] = key
    return True


@njit(cache=True)
def beam(
    n,
    beside,
    tiles,
    goal_of,
    start_empty,
    weight,
    bonus,
    most,
    pace,
    patience,
    width_limit,
    state,
    clock_id,
    deadline,
    moves,
):
    """Fill moves with a way to the target or to another full tree; else to the nearest board met. Return their number."""
    size = n * n
    buffer = np.empty(2, dtype=np.int64)
    begun = now(clock_id, buffer)
    table = np.zeros(TABLE, dtype=np.uint64)
    zobrist = np.empty((size, size), dtype=np.uint64)
    hole = goal_of[start_empty]  # the empty cell counts for nothing
    far = np.empty((size, size), dtype=np.int64)
    for tile in range(size):
        for cell in range(size):
            zobrist[tile, cell] = next_random(state)
            far[tile, cell] = np.int64(1000.0 * weight[distance(n, tile, cell)])
    parent_of, move_of = np.empty(MOST_NODES, dtype=np.int32), np.empty(MOST_NODES, dtype=np.int8)
    boards = np.empty((2, MOST_WIDTH, size), dtype=np.uint8)
    cost, hashes = np.zeros((2, MOST_WIDTH), dtype=np.int64), np.zeros((2, MOST_WIDTH), dtype=np.uint64)
    joints, step_joints = np.zeros((2, MOST_WIDTH), dtype=np.int64), np.zeros(3 * MOST_WIDTH + 3, dtype=np.int64)
    step_cost = np.zeros(3 * MOST_WIDTH + 3, dtype=np.int64)
    shown, worth = np.zeros(size, dtype=np.int64), np.int64(1000.0 * bonus)
    empty, node = np.zeros((2, MOST_WIDTH), dtype=np.int64), np.zeros((2, MOST_WIDTH), dtype=np.int64)
    last = np.full((2, MOST_WIDTH), -1, dtype=np.int64)
    scores, from_slot = np.empty(3 * MOST_WIDTH + 3, dtype=np.int64), np.empty(3 * MOST_WIDTH + 3, dtype=np.int64)
    for cell in range(size):
        boards[0, 0, cell] = goal_of[cell]
        shown[goal_of[cell]] = tiles[cell]
    for cell in range(size):
        joints[0, 0] += joints_at(beside, shown, boards[0, 0], goal_of[cell], cell, -1)
        if goal_of[cell] != hole:
            cost[0, 0] += far[goal_of[cell], cell]
    joints[0, 0] //= 2
    hashes[0, 0] = np.uint64(1)
    empty[0, 0] = start_empty
    parent_of[0], move_of[0] = -1, -1
    nodes, width, side, depth, expanded = 1, 1, 0, 0, 0
    nearest, nearest_cost, nearest_depth, done = 0, cost[0, 0], 0, False
    while not done and depth < most and depth - nearest_depth <= patience:
        clock = now(clock_id, buffer)
        if clock >= deadline:
            break
        left = 0
        closest = 0
        for slot in range(width):
            if cost[side, slot] < cost[side, closest]:
                closest = slot
        for cell in range(size):
            if boards[side, closest, cell] != hole:
                left += distance(n, boards[side, closest, cell], cell)
        per_state = max(1e-8, (clock - begun) / expanded) if expanded > 2000 else 4e-7
        if width_limit > 0:
            wanted = width_limit
        else:
            wanted = np.int64((deadline - clock) / (per_state * (pace * left + 8.0)))
        wanted = min(MOST_WIDTH, max(100, wanted), MOST_NODES - nodes)
        if wanted < 1:
            break
        count = 0
        for slot in range(width):
            at = empty[side, slot]
            for direction in range(4):
                step = beside[at, direction]
                if step < 0 or (last[side, slot] >= 0 and direction == last[side, slot] ^ 2):
                    continue
                tile = boards[side, slot, step]
                after = cost[side, slot] - far[tile, step] + far[tile, at]
                linked = joints[side, slot] - joints_at(beside, shown, boards[side, slot], tile, step, -1)
                linked += joints_at(beside, shown, boards[side, slot], tile, at, direction)
                step_joints[count] = linked
                scores[count] = (after - worth * linked) * 1024 + below(state, 1024)
                step_cost[count] = after
                from_slot[count] = slot * 4 + direction
                count += 1
        expanded += width
        threshold = np.partition(scores[:count], wanted - 1)[wanted - 1] if count > wanted else scores[:count].max()
        other, kept = 1 - side, 0
        for k in range(count):
            if scores[k] > threshold or kept >= wanted:
                continue
            slot, direction = from_slot[k] // 4, from_slot[k] % 4
            at = empty[side, slot]
            step = beside[at, direction]
            tile = boards[side, slot, step]
            key = hashes[side, slot] ^ zobrist[tile, step] ^ zobrist[tile, at]
            if not is_new(table, key):
                continue
            for cell in range(size):
                boards[other, kept, cell] = boards[side, slot, cell]
            boards[other, kept, at] = tile
            boards[other, kept, step] = hole
            cost[other, kept], joints[other, kept] = step_cost[k], step_joints[k]
            if step_joints[k] == size - 2 and not done and largest_tree(beside, shown[boards[other, kept]]) == size - 1:
                done = True
                nearest = nodes
            hashes[other, kept] = key
            empty[other, kept] = step
            last[other, kept] = direction
            parent_of[nodes], move_of[nodes] = node[side, slot], direction
            node[other, kept] = nodes
            if not done and cost[other, kept] < nearest_cost:
                nearest, nearest_cost, nearest_depth = nodes, cost[other, kept], depth + 1
            nodes += 1
            kept += 1
        if kept == 0:
            break
        side, width = other, kept
        depth += 1
    count, node_at = 0, nearest
    while parent_of[node_at] >= 0:
        count += 1
        node_at = parent_of[node_at]
    for k in range(count - 1, -1, -1):
        moves[k] = move_of[nearest]
        nearest = parent_of[nearest]
    return count


@njit(cache=True)
def largest_tree(beside, board):
    """Return the number of tiles in the largest component without a cycle."""
    size = len(board)
    found = np.zeros(size, dtype=np.bool_)
    stack = np.empty(size, dtype=np.int64)
    largest = 0
    for start in range(size):
        if found[start] or board[start] == 0:
            continue
        found[start] = True
        stack[0], waiting, count, ends = start, 1, 0, 0
        while waiting > 0:
            waiting -= 1
            cell = stack[waiting]
            count += 1
            for direction in range(4):
                other = beside[cell, direction]
                if other < 0 or (board[cell] >> direction) & (board[other] >> (direction ^ 2)) & 1 == 0:
                    continue
                ends += 1
                if not found[other]:
                    found[other] = True
                    stack[waiting] = other
                    waiting += 1
        if ends == 2 * (count - 1) and count > largest:
            largest = count
    return largest


@njit(cache=True)
def slide(beside, tiles, goal_of, moves):
    """Carry out the moves of the empty cell on the tiles and on their goals."""
    at = 0
    while tiles[at] != 0:
        at += 1
    for direction in moves:
        step = beside[at, direction]
        tiles[at], tiles[step] = tiles[step], tiles[at]
        goal_of[at], goal_of[step] = goal_of[step], goal_of[at]
        at = step


@njit(cache=True)
def solve(
    n,
    most,
    tiles,
    power,
    bonus,
    share,
    fresh,
    kick,
    pace,
    first,
    patience,
    seed,
    clock_id,
    begun,
    seconds,
    trees,
    width,
    moves,
):
    """Fill moves and return how many lead to the largest tree; `trees`, `width` > 0 replace the clock.

    The seconds count from the instant `begun`, so that the time to load the kernels is part of them.
    """
    buffer = np.empty(2, dtype=np.int64)
    state = np.array([np.uint64(seed) * np.uint64(2654435761) + np.uint64(88172645463325252)], dtype=np.uint64)
    for _ in range(20):
        next_random(state)
    beside = neighbours_of(n)
    weight = np.arange(2 * n) ** power
    goal_of = np.zeros(n * n, dtype=np.int64)
    tiles = tiles.copy()
    limit = trees if trees > 0 else 1 << 40
    end = begun + (seconds if width == 0 else 1e9)
    best, best_count, count = largest_tree(beside, tiles), 0, 0
    for stage in range(1000 if width == 0 else 5):
        left = end - now(clock_id, buffer)
        if left <= 0.0 or count >= most or best == n * n - 1:
            break
        target_end = end - left + (share if stage == 0 else 0.3 * share) * left
        if not choose_target(
            n, tiles, beside, weight, stage > 0, fresh, kick, state, clock_id, target_end, limit, goal_of
        ):
            continue
        hole = 0
        while tiles[hole] != 0:
            hole += 1
        left = end - now(clock_id, buffer)
        beam_end = end - left + (first if stage == 0 else 0.5) * left
        room = most - count
        added = beam(
            n,
            beside,
            tiles,
            goal_of,
            hole,
            weight,
            bonus,
            room,
            pace,
            patience,
            width,
            state,
            clock_id,
            beam_end,
            moves[count:],
        )
        slide(beside, tiles, goal_of, moves[count : count + added])
        count += added
        tree = largest_tree(beside, tiles)
        if tree > best:
            best, best_count = tree, count
    return best_count


def parameter_values() -> dict[str, float]:
    """Return the declared defaults, overridden by what the harness sets."""
    values = {name: spec["default"] for name, spec in PARAMETERS.items()}
    values.update(json.loads(os.environ.get("ALE_PARAMETERS") or "{}"))
    return values


def answer(text: str, clock_id: int, begun: float, seconds: float, seed: int, trees: int = 0, width: int = 0) -> str:
    """Return the moves for a case; `trees` and `width` limit the work instead of the clock if they are not 0."""
    first, *rows = text.split("\n", 1)
    n, most = (int(token) for token in first.split())
    tiles = np.array([int(tile, 16) for tile in "".join(rows[0].split())], dtype=np.int64)
    values = parameter_values()
    moves = np.empty(most + 1, dtype=np.int64)
    count = solve(
        n,
        most,
        tiles,
        float(values["distance_power"]),
        float(values["joint_bonus"]),
        float(values["target_share"]),
        float(values["fresh_probability"]),
        int(values["kick_size"]),
        float(values["moves_per_distance"]),
        float(values["first_share"]),
        int(values["patience"]),
        seed,
        clock_id,
        begun,
        seconds,
        trees,
        width,
        moves,
    )
    return "".join(DIRECTIONS[move] for move in moves[:count])


def warm_up() -> None:
    """Compile or load the kernels on a small case."""
    answer(
        "6 432\n62ce43\na068f9\na89da9\n5d93cb\n276253\n424ba8\n", time.CLOCK_MONOTONIC, 0.0, 1.0, 1, trees=1, width=20
    )


def main() -> None:
    """Read a case, write the moves."""
    text = sys.stdin.read()
    limit = float(os.environ.get("ALE_TIME_LIMIT", "3.0"))
    seed = int(os.environ.get("ALE_SEED", "1"))
    if os.environ.get("ALE_CLOCK") == "cpu":
        clock_id, begun = time.CLOCK_PROCESS_CPUTIME_ID, time.process_time()
    else:
        clock_id, begun = time.CLOCK_MONOTONIC, STARTED
    print(answer(text, clock_id, begun, TIME_SHARE * limit, seed))


if __name__ == "__main__":
    if sys.argv[-1] == "ONLINE_JUDGE":
        warm_up()
    else:
        main()
