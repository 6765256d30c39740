"""Sliding Tree Puzzle: slide tiles until the lines on them make one large tree.

Array level. An answer is a list of cells that the empty cell goes to in turn, each time along its row first and then
along its column. Since the cells are fixed places, a change acts on few tiles: the way goes on as before from the next
cell on. The objective sees only the largest tree, so that this level is far from what a beam search over moves to a
chosen tree reaches.

Notation: cells are numbered row by row; `tiles`, `(n * n,)` int64, sums of 1 left, 2 up, 4 right, 8 down, 0 the empty
cell; directions 0..3 are L, U, R, D, so that bit d of a tile is its line in direction d.
"""

from __future__ import annotations

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

DIRECTIONS = "LURD"
DI = (0, -1, 0, 1)
DJ = (-1, 0, 1, 0)
FULL = 500000.0
TILES = frozenset("0123456789abcdef")


def generate(seed: int) -> str:
    """Return the case of the contest's generator, to the byte."""
    n = 6 + seed % 5
    rng = ChaCha20Rng(seed)
    tiles = tree_tiles(n, rng)
    i, j, last = n - 1, n - 1, -1
    for _ in range(2 * n**3):
        ways = [d for d in range(4) if 0 <= i + DI[d] < n and 0 <= j + DJ[d] < n and last != (d + 2) % 4]
        last = rng.choose(ways)
        i2, j2 = i + DI[last], j + DJ[last]
        tiles[n * i + j], tiles[n * i2 + j2] = tiles[n * i2 + j2], 0
        i, j = i2, j2
    rows = ("".join(f"{tile:x}" for tile in tiles[n * i : n * i + n]) for i in range(n))
    return f"{n} {2 * n**3}\n" + "".join(row + "\n" for row in rows)


def tree_tiles(n: int, rng: ChaCha20Rng) -> list[int]:
    """Return the tiles of a random spanning tree of all cells but the last."""
    corner = n * n - 1
    edges = []
    for cell in range(n * n):
        if cell + n < n * n:
            edges.append((cell, cell + n))
        if cell % n < n - 1:
            edges.append((cell, cell + 1))
    edges = [edge for edge in edges if corner not in edge]
    rng.shuffle(edges)
    component, tiles = list(range(n * n)), [0] * (n * n)
    for one, other in edges:
        kept, gone = component[one], component[other]
        if kept != gone:
            component = [kept if label == gone else label for label in component]
            tiles[one] |= 4 if other == one + 1 else 8
            tiles[other] |= 1 if other == one + 1 else 2
    return tiles


def score(case: str, output: str) -> int:
    """Return the contest's score."""
    n, most, tiles = parse_case(case)
    moves = parse_moves(output, most)
    return int(score_of(n, most, largest_tree(n, slide(n, tiles, moves)), len(moves)))


def score_of(n, most, size, moves):
    """Return the score of a largest tree of this size after so many moves."""
    if size < n * n - 1:
        return np.floor(FULL * size / (n * n - 1) + 0.5)
    return np.floor(FULL * (2.0 - moves / most) + 0.5)


def parse_case(case: str) -> tuple[int, int, list[int]]:
    """Return (n, most moves, tiles)."""
    words = case.split()
    if len(words) < 2 or not all(word.isascii() and word.isdigit() and 0 < len(word) < 6 for word in words[:2]):
        raise ValueError("the case must begin with n and the most moves")
    n, most, rows = int(words[0]), int(words[1]), words[2:]
    if len(rows) != n or n < 2 or most < 1 or any(len(row) != n or not TILES.issuperset(row) for row in rows):
        raise ValueError(f"the case must hold {n} rows of {n} tiles 0..f and allow a move, has {len(rows)} rows")
    tiles = [int(tile, 16) for row in rows for tile in row]
    if tiles.count(0) != 1:
        raise ValueError(f"the case must have one empty cell, has {tiles.count(0)}")
    return n, most, tiles


def parse_moves(output: str, most: int) -> list[int]:
    """Return the direction of each move."""
    words = output.split()
    if len(words) > 1:
        raise ValueError(f"the moves must be one word without spaces, there are {len(words)} words")
    letters = words[0] if words else ""
    if len(letters) > most:
        raise ValueError(f"there may be at most {most} moves, there are {len(letters)}")
    for number, letter in enumerate(letters, 1):
        if letter not in DIRECTIONS:
            raise ValueError(f"move {number}: expected U, D, L or R, got {letter!r}")
    return [DIRECTIONS.index(letter) for letter in letters]


def slide(n: int, tiles: list[int], moves: list[int]) -> list[int]:
    """Return the tiles after the moves."""
    tiles = list(tiles)
    i, j = divmod(tiles.index(0), n)
    for number, direction in enumerate(moves, 1):
        i2, j2 = i + DI[direction], j + DJ[direction]
        if not (0 <= i2 < n and 0 <= j2 < n):
            raise ValueError(f"move {number}: {DIRECTIONS[direction]} leads out of the grid from ({i}, {j})")
        tiles[n * i + j], tiles[n * i2 + j2] = tiles[n * i2 + j2], 0
        i, j = i2, j2
    return tiles


def largest_tree(n, tiles):
    """Return the number of tiles in the largest component without a cycle; O(n^2)."""
    found = np.zeros(n * n, dtype=np.bool_)
    stack = np.empty(n * n, dtype=np.int64)
    largest = 0
    for start in range(n * n):
        if found[start] or tiles[start] == 0:
            continue
        found[start] = True
        stack[0], waiting = start, 1
        size, ends = 0, 0  # ends of joints: twice the number of joints
        while waiting > 0:
            waiting -= 1
            cell = stack[waiting]
            size += 1
            for direction in range(4):
                if joined(n, tiles, cell, direction):
                    ends += 1
                    other = cell + DI[direction] * n + DJ[direction]
                    if not found[other]:
                        found[other] = True
                        stack[waiting] = other
                        waiting += 1
        if ends == 2 * (size - 1) and size > largest:
            largest = size
    return largest


def joined(n, tiles, cell, direction):
    """Return whether the tile's line in this direction meets one of its neighbour."""
    i, j = cell // n + DI[direction], cell % n + DJ[direction]
    if (tiles[cell] >> direction) & 1 == 0 or i < 0 or i >= n or j < 0 or j >= n:
        return False
    return (tiles[i * n + j] >> (direction ^ 2)) & 1 == 1


def draw(case: str, output: str) -> str:
    """Return the tiles after the last move: joints blue, loose ends red, the empty cell dark."""
    n, most, tiles = parse_case(case)
    tiles = slide(n, tiles, parse_moves(output, most))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{60 * n + 12}" height="{60 * n + 42}"'
        f' viewBox="-0.1 -0.6 {n + 0.2} {n + 0.7}"><rect x="-0.1" y="-0.6" width="{n + 0.2}" height="{n + 0.7}"'
        f' fill="#ffffff"/><text x="0.03" y="-0.2" font-family="sans-serif" font-size="0.27" fill="#222222">'
        f"Score {score(case, output):,}</text>"
    ]
    for cell, tile in enumerate(tiles):
        i, j = divmod(cell, n)
        fill = "#eef2f7" if tile else "#394150"
        parts.append(f'<rect x="{j + 0.03}" y="{i + 0.03}" width="0.94" height="0.94" rx="0.08" fill="{fill}"/>')
        for direction in range(4):
            if (tile >> direction) & 1:
                stroke = "#1f6fd0" if joined(n, tiles, cell, direction) else "#d0402a"
                end = f"h{DJ[direction] / 2}" if DJ[direction] else f"v{DI[direction] / 2}"
                parts.append(f'<path d="M{j + 0.5} {i + 0.5}{end}" stroke="{stroke}" stroke-width="0.14"/>')
        if tile:
            parts.append(f'<circle cx="{j + 0.5}" cy="{i + 0.5}" r="0.13" fill="#16202e"/>')
    return "\n".join([*parts, "</svg>"])


def read_case(text: str) -> tuple:
    """Return (n, most moves, tiles)."""
    n, most, tiles = parse_case(text)
    return n, most, np.array(tiles, dtype=np.int64)


def answer_space(case: tuple) -> dict:
    """Return the space: a list of cells for the empty cell to go to."""
    n = case[0]
    return {"kind": "sequence", "symbols": n * n, "minimum_length": 1, "maximum_length": 2 * n * n}


def objective(case, answer):
    """Return the score; -inf for an invalid answer. Moves beyond the most allowed are left out."""
    n, most, tiles = case
    if not is_answer(n, answer):
        return -np.inf
    after = tiles.copy()
    moves = go_along(n, most, after, answer, np.empty(0, dtype=np.int64))
    return score_of(n, most, largest_tree(n, after), moves)


def write_answer(case: tuple, answer: np.ndarray) -> str:
    """Return the moves as text; ValueError if the answer is none."""
    n, most, tiles = case
    if not is_answer(n, answer):
        raise ValueError(f"an answer holds 1 to {2 * n * n} cells from 0 to {n * n - 1}")
    log = np.empty(most, dtype=np.int64)
    moves = go_along(n, most, tiles.copy(), answer, log)
    return "".join(DIRECTIONS[direction] for direction in log[:moves]) + "\n"


def is_answer(n, answer):
    """Return whether the list is not too long and its cells are in the grid."""
    return 1 <= len(answer) <= 2 * n * n and answer.min() >= 0 and answer.max() < n * n


def go_along(n, most, tiles, answer, log):
    """Move the empty cell from place to place, log the first moves, and return how many there are."""
    at = 0
    while tiles[at] != 0:
        at += 1
    moves = 0
    for goal in answer:
        while at != goal and moves < most:
            if at % n != goal % n:
                direction = 0 if at % n > goal % n else 2
            else:
                direction = 1 if at > goal else 3
            step = at + DI[direction] * n + DJ[direction]
            tiles[at] = tiles[step]
            tiles[step] = 0
            at = step
            if moves < len(log):
                log[moves] = direction
            moves += 1
    return moves
