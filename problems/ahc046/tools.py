"""Skating with Blocks: visit targets of a rink in order by steps and slides, with blocks placed to stop slides.

Array level. Each way from a target to the next is a shortest one over steps and slides, found by breadth-first search
with the blocks that lie by then. The answer holds one number for each way: 0 for nothing, 1 + 4 s + d for "after the
first s actions toggle the block beside you in direction d, then go on by a shortest way". What cannot be done is left
out, and so are blocks on targets yet to come and those that would cut the way off.

Notation: a cell is (i, j), row and column, or 20 i + j; directions 0..3 are U, D, L, R; a board is `(20,)` uint32, one
word a row with bit j for column j; `free` holds the cells without a block, `coming` the targets not yet visited,
`layers[k]` the cells whose distance is k.
"""

from __future__ import annotations

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

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


def generate(seed: int) -> str:
    """Return the case of the contest's generator, to the byte."""
    cells = [(i, j) for i in range(SIDE) for j in range(SIDE)]
    ChaCha20Rng(seed).shuffle(cells)
    lines = [f"{i} {j}\n" for i, j in cells[:TARGETS]]
    return f"{SIDE} {TARGETS}\n" + "".join(lines)


def score(case: str, output: str) -> int:
    """Return the contest's score."""
    actions = parse_actions(output)
    visited = len(walk(targets_of(case), actions)[1])
    return visited + 1 if visited < TARGETS - 1 else TARGETS + MOST_ACTIONS - len(actions)


def targets_of(case: str) -> list[tuple[int, int]]:
    """Return the cells to visit, the start first."""
    numbers = [int(token) for token in case.split()]
    cells = list(zip(numbers[2::2], numbers[3::2], strict=False))
    if len(numbers) != 2 + 2 * TARGETS or numbers[:2] != [SIDE, TARGETS] or len(set(cells)) != TARGETS:
        raise ValueError(
            f"the case must hold {SIDE} {TARGETS} and {TARGETS} different cells, has {len(numbers)} integers"
        )
    if not all(on_rink(cell) for cell in cells):
        raise ValueError(f"the case must hold cells of the rink of {SIDE} x {SIDE}")
    return cells


def parse_actions(output: str) -> list[tuple[int, int]]:
    """Return (kind, direction) of each action."""
    tokens = output.split()
    if len(tokens) % 2:
        raise ValueError(f"token {len(tokens)}: an action is two tokens, but the last one has no direction")
    if len(tokens) > 2 * MOST_ACTIONS:
        raise ValueError(f"there may be at most {MOST_ACTIONS} actions, there are {len(tokens) // 2}")
    actions = []
    for number, (kind, direction) in enumerate(zip(tokens[::2], tokens[1::2], strict=True), 1):
        if kind not in ("M", "S", "A"):
            raise ValueError(f"action {number}: expected M, S or A, got {kind[:20]!r}")
        if direction not in ("U", "D", "L", "R"):
            raise ValueError(f"action {number}: expected U, D, L or R, got {direction[:20]!r}")
        actions.append((KINDS.index(kind), DIRECTIONS.index(direction)))
    return actions


def walk(
    targets: list[tuple[int, int]], actions: list[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[int], set]:
    """Return the cell after each action (the start first), the actions that reached a target, and the blocks left."""
    cell, cells, reached, blocks = targets[0], [targets[0]], [], set()
    for number, (kind, direction) in enumerate(actions, 1):
        ahead = step(cell, direction)
        if kind == ALTER:
            if not on_rink(ahead):
                raise ValueError(f"action {number}: there is no cell {DIRECTIONS[direction]} of {cell} to alter")
            blocks ^= {ahead}
        elif kind == MOVE:
            if not on_rink(ahead) or ahead in blocks:
                what = "a block" if ahead in blocks else "the wall"
                raise ValueError(f"action {number}: {what} is in the way {DIRECTIONS[direction]} of {cell}")
            cell = ahead
        else:
            while on_rink(ahead) and ahead not in blocks:
                cell, ahead = ahead, step(ahead, direction)
        cells.append(cell)
        if len(reached) < len(targets) - 1 and cell == targets[len(reached) + 1]:
            reached.append(number)
    return cells, reached, blocks


def step(cell: tuple[int, int], direction: int) -> tuple[int, int]:
    """Return the cell ahead, on the rink or not."""
    return cell[0] + DI[direction], cell[1] + DJ[direction]


def on_rink(cell: tuple[int, int]) -> bool:
    """Return whether there is such a cell."""
    return 0 <= cell[0] < SIDE and 0 <= cell[1] < SIDE


def draw(case: str, output: str) -> str:
    """Return the rink: the targets by number (green when reached), the way, and the blocks that lie at the end."""
    targets, actions = targets_of(case), parse_actions(output)
    cells, reached, blocks = walk(targets, actions)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="668" viewBox="-0.3 -1.2 20.6 21.5"'
        ' text-anchor="middle" font-family="sans-serif" font-size="0.45">',
        '<rect x="-0.3" y="-1.2" width="20.6" height="21.5" fill="#ffffff"/>',
        '<text x="0" y="-0.4" text-anchor="start" font-size="0.6" fill="#222222">'
        f"Score {score(case, output):,}, {len(actions)} actions</text>",
        '<rect width="20" height="20" fill="#eef4fa" stroke="#8a97a8" stroke-width="0.08"/>',
    ]
    grid = "".join(f"M{k} 0V20M0 {k}H20" for k in range(1, SIDE))
    parts.append(f'<path d="{grid}" stroke="#d5dee8" stroke-width="0.03"/>')
    for i, j in sorted(blocks):
        parts.append(f'<rect x="{j + 0.08}" y="{i + 0.08}" width="0.84" height="0.84" fill="#49525f"/>')
    for k, (i, j) in enumerate(targets):
        fill = "#9fd6a4" if k <= len(reached) else "#f2b8ae"
        parts.append(f'<circle cx="{j + 0.5}" cy="{i + 0.5}" r="0.42" fill="{fill}"/>')
    for number, ((i, j), (i2, j2), (kind, _)) in enumerate(zip(cells, cells[1:], actions, strict=False)):
        shade = round(40 + 160 * number / max(1, len(actions)))
        stroke = f"#{shade:02x}50{220 - shade:02x}"
        dash = ' stroke-dasharray="0.2 0.15"' if kind == SLIDE else ""
        points = f"M{j + 0.5} {i + 0.5}L{j2 + 0.5} {i2 + 0.5}"
        parts.append(f'<path d="{points}" stroke="{stroke}" stroke-width="0.08" opacity="0.75"{dash}/>')
    for k, (i, j) in enumerate(targets):
        parts.append(f'<text x="{j + 0.5}" y="{i + 0.66}" fill="#10161f">{k}</text>')
    return "\n".join([*parts, "</svg>"])


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


def is_answer(answer):
    """Return whether there are codes in range for each way."""
    return len(answer) == TARGETS - 1 and answer.min() >= 0 and answer.max() <= LAST_CODE


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


def neighbour(cell, direction):
    """Return the cell beside, -1 if there is none."""
    i, j = cell // SIDE + DI[direction], cell % SIDE + DJ[direction]
    return SIDE * i + j if 0 <= i < SIDE and 0 <= j < SIDE else -1


def holds(board, cell):
    """Return whether the cell's bit is set; that of no cell is not."""
    return cell >= 0 and (np.int64(board[cell // SIDE]) >> (cell % SIDE)) & 1 == 1


def flip(board, cell):
    """Change the cell's bit, if there is such a cell."""
    if cell >= 0:
        board[cell // SIDE] = np.uint32(np.int64(board[cell // SIDE]) ^ (1 << (cell % SIDE)))


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
