"""AHC003, Shortest Path Queries: cases, interactive judging and pictures.

Notation: junction (i, j) is row i, column j of a 30 x 30 grid, number i * 30 + j; `across[i][j]` is the length of the
road from (i, j) to (i, j + 1), `down[i][j]` of the one from (i, j) to (i + 1, j).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ale_agent.problem.rust_random import ChaCha20Rng, rust_round

SIZE = 30
QUERIES = 1000
STEPS = {"U": (-1, 0), "D": (1, 0), "L": (0, -1), "R": (0, 1)}
LEAST_DISTANCE = 10
LONGEST = 10**9


def generate(seed: int) -> str:
    """Return the case: roads across, roads down, then `si sj ti tj a e` for each query."""
    rng = ChaCha20Rng(seed)
    spread = rng.range_i32(100, 2001)
    pieces = rng.range_i32(1, 3)
    across = _roads(rng, spread, pieces)
    columns = _roads(rng, spread, pieces)
    down = [[columns[j][i] for j in range(SIZE)] for i in range(SIZE - 1)]
    across_array, down_array = np.array(across, dtype=np.int64), np.array(down, dtype=np.int64)
    lines = [" ".join(map(str, row)) for row in (*across, *down)]
    for _ in range(QUERIES):
        while True:
            si, sj, ti, tj = (rng.range_i32(0, SIZE) for _ in range(4))
            if abs(si - ti) + abs(sj - tj) >= LEAST_DISTANCE:
                break
        shortest = _distances(across_array, down_array, si, sj)[ti, tj]
        lines.append(f"{si} {sj} {ti} {tj} {shortest} {rng.range_f64(0.9, 1.1)!r}")
    return "\n".join(lines) + "\n"


def interact(case: str, solver) -> int:
    """Judge a dialogue of 1000 queries: send the two junctions, receive a path, send its length as measured."""
    across, down, queries = _read_case(case)
    roads = _roads_by_move(across, down)
    total = 0.0
    for number, (si, sj, ti, tj, shortest, factor) in enumerate(queries, start=1):
        solver.send(f"{si} {sj} {ti} {tj}\n")
        length = _path_length(roads, (si, sj), (ti, tj), solver.receive(), number)
        total = total * 0.998 + shortest / length
        solver.send(f"{rust_round(length * factor)}\n")
    return rust_round(2312311.0 * total)


def draw(case: str, output: str) -> str:
    """Return an SVG: roads coloured by length and how often they were used, and how the ratios went."""
    across, down, queries = _read_case(case)
    lines = output.splitlines()
    if len(lines) < QUERIES:
        raise ValueError(f"line {len(lines) + 1}: expected {QUERIES} paths, one a line, found {len(lines)}")
    used: dict[tuple[int, int, int], int] = {}
    roads = _roads_by_move(across, down)
    ratios, total = [], 0.0
    for number, (si, sj, ti, tj, shortest, _) in enumerate(queries, start=1):
        length = _path_length(roads, (si, sj), (ti, tj), lines[number - 1], number)
        ratios.append(shortest / length)
        total = total * 0.998 + shortest / length
        i, j = si, sj
        for move in lines[number - 1].strip():
            di, dj = STEPS[move]
            road = (min(i, i + di), min(j, j + dj), abs(di))
            used[road] = used.get(road, 0) + 1
            i, j = i + di, j + dj
    return _svg(across, down, used, ratios, rust_round(2312311.0 * total))


def _roads(rng: ChaCha20Rng, spread: int, pieces: int) -> list[list[int]]:
    """Return 30 streets of 29 road lengths: one base length for each piece of a street, and a deviation for each road."""
    bases = [[rng.range_i32(1000 + spread, 9001 - spread) for _ in range(pieces)] for _ in range(SIZE)]
    ends = [[rng.range_i32(1, SIZE - 1), SIZE - 1] if pieces == 2 else [SIZE - 1] for _ in range(SIZE)]
    streets = []
    for street in range(SIZE):
        roads: list[int] = []
        for base, end in zip(bases[street], ends[street], strict=True):
            roads += [base + rng.range_i32(-spread, spread + 1) for _ in range(len(roads), end)]
        streets.append(roads)
    return streets


@njit("i8[:,::1](i8[:,::1], i8[:,::1], i8, i8)")
def _distances(across, down, start_row, start_column):
    """Return the shortest distances (30, 30) from a junction: sweeps over the grid until nothing changes."""
    distance = np.full((SIZE, SIZE), 1 << 60)
    distance[start_row, start_column] = 0
    changed = True
    while changed:
        changed = False
        for i in range(SIZE):
            for j in range(SIZE):
                best = distance[i, j]
                if i > 0:
                    best = min(best, distance[i - 1, j] + down[i - 1, j])
                if j > 0:
                    best = min(best, distance[i, j - 1] + across[i, j - 1])
                distance[i, j] = best
        for i in range(SIZE - 1, -1, -1):
            for j in range(SIZE - 1, -1, -1):
                best = distance[i, j]
                if i + 1 < SIZE:
                    best = min(best, distance[i + 1, j] + down[i, j])
                if j + 1 < SIZE:
                    best = min(best, distance[i, j + 1] + across[i, j])
                if best < distance[i, j]:
                    distance[i, j] = best
                    changed = True
    return distance


def _read_case(
    case: str,
) -> tuple[list[list[int]], list[list[int]], list[tuple[int, int, int, int, int, float]]]:
    rows = [line.split() for line in case.splitlines() if line.strip()]
    if len(rows) != 2 * SIZE - 1 + QUERIES:
        raise ValueError(f"the case must have {2 * SIZE - 1 + QUERIES} lines, has {len(rows)}")
    across = [[_length(token) for token in row] for row in rows[:SIZE]]
    down = [[_length(token) for token in row] for row in rows[SIZE : 2 * SIZE - 1]]
    if {len(row) for row in across} != {SIZE - 1} or {len(row) for row in down} != {SIZE}:
        raise ValueError(f"the case must hold {SIZE} rows of {SIZE - 1} lengths, then {SIZE - 1} rows of {SIZE}")
    queries = []
    for number, row in enumerate(rows[2 * SIZE - 1 :], start=1):
        if len(row) != 6:
            raise ValueError(f"query {number} of the case must hold six numbers, has {len(row)}")
        si, sj, ti, tj = (int(token) for token in row[:4])
        factor = float(row[5])
        if not all(0 <= place < SIZE for place in (si, sj, ti, tj)) or (si, sj) == (ti, tj) or not 0.0 < factor < 10.0:
            raise ValueError(
                f"query {number} of the case must hold two junctions and a factor, is {' '.join(row)[:80]!r}"
            )
        queries.append((si, sj, ti, tj, _length(row[4]), factor))
    return across, down, queries


def _length(token: str) -> int:
    length = int(token)
    if not 1 <= length <= LONGEST:
        raise ValueError(f"a length in the case must be 1..{LONGEST}, is {length}")
    return length


def _roads_by_move(across: list[list[int]], down: list[list[int]]) -> dict[str, tuple[int, list[int]]]:
    """Return for each move how it changes the junction's number, and the road it takes from each junction, 0 if none."""
    right = [length for row in across for length in (*row, 0)]
    below = [length for row in down for length in row] + [0] * SIZE
    return {"U": (-SIZE, [0] * SIZE + below[:-SIZE]), "D": (SIZE, below), "L": (-1, [0, *right[:-1]]), "R": (1, right)}


def _path_length(
    roads: dict[str, tuple[int, list[int]]], start: tuple[int, int], goal: tuple[int, int], line: str, query: int
) -> int:
    """Return the true length of a path that visits no junction twice."""
    here = start[0] * SIZE + start[1]
    seen = bytearray(SIZE * SIZE)
    seen[here] = 1
    length = 0
    for position, move in enumerate(line.strip(), start=1):
        if move not in roads:
            raise ValueError(f"query {query}, move {position}: expected one of U, D, L, R, found {move!r}")
        step, lengths = roads[move]
        if lengths[here] == 0:
            raise ValueError(f"query {query}, move {position}: {move} leaves the grid")
        length += lengths[here]
        here += step
        if seen[here]:
            raise ValueError(f"query {query}, move {position}: junction {divmod(here, SIZE)} is visited twice")
        seen[here] = 1
    if divmod(here, SIZE) != goal:
        raise ValueError(f"query {query}: the path ends at {divmod(here, SIZE)}, not at {goal}")
    return length


def _svg(
    across: list[list[int]],
    down: list[list[int]],
    used: dict[tuple[int, int, int], int],
    ratios: list[float],
    score: int,
) -> str:
    step, left, top = 15, 30, 66
    side = (SIZE - 1) * step
    chart_left, chart_width = left + side + 70, 420
    width, height = chart_left + chart_width + 30, top + side + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#faf8f4"/>',
        f'<text x="{left}" y="26" font-size="16" fill="#222">Score {score:,}</text>',
        f'<text x="{left}" y="{top - 14}" fill="#555">roads: blue short, red long; the wider, the more used</text>',
        f'<g transform="translate({left} {top})" stroke-linecap="round">',
    ]
    for vertical, roads in ((0, across), (1, down)):
        for i, row in enumerate(roads):
            for j, length in enumerate(row):
                stroke = 0.6 + 0.42 * used.get((i, j, vertical), 0) ** 0.5
                parts.append(
                    f'<path d="M{j * step} {i * step}{"v" if vertical else "h"}{step}" stroke="{_paint(length)}"'
                    f' stroke-width="{stroke:.1f}"/>'
                )
    parts.append("</g>")
    parts.append(f'<text x="{chart_left}" y="{top - 14}" fill="#555">shortest / found, means of 20 queries</text>')
    parts.append(f'<g transform="translate({chart_left} {top})">{_chart(ratios, chart_width, side)}</g>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _paint(length: int) -> str:
    """Return a colour between blue (1000) and red (9000), over a pale middle."""
    share = min(1.0, max(0.0, (length - 1000) / 8000))
    ends, middle, far = (
        ((46, 94, 170), (226, 214, 190), abs(2 * share - 1))
        if share < 0.5
        else ((196, 52, 44), (226, 214, 190), abs(2 * share - 1))
    )
    red, green, blue = (round(pale + far * (full - pale)) for full, pale in zip(ends, middle, strict=True))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _chart(ratios: list[float], width: int, height: int) -> str:
    """Return the curve of the ratios between 0.5 and 1."""
    parts = [f'<rect width="{width}" height="{height}" fill="#fff" stroke="#c8c0b4"/>']
    for tenth in range(5, 11):
        y = height * (1 - (tenth / 10 - 0.5) / 0.5)
        parts.append(f'<path d="M0 {y:.1f}h{width}" stroke="#e6e0d6"/>')
        parts.append(f'<text x="-8" y="{y + 4:.1f}" text-anchor="end" fill="#777">{tenth / 10:.1f}</text>')
    points = []
    for first in range(0, len(ratios), 20):
        block = ratios[first : first + 20]
        mean = max(0.5, sum(block) / len(block))
        points.append(f"{width * (first + 10) / len(ratios):.1f},{height * (1 - (mean - 0.5) / 0.5):.1f}")
    parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="#3d7ea6" stroke-width="2"/>')
    parts.append(f'<text x="{width}" y="{height + 20}" text-anchor="end" fill="#777">query {len(ratios)}</text>')
    return "".join(parts)
