"""AHC015, Halloween Candy: cases, interactive judging and pictures.

Notation: the box is a list of 10 rows from the front (row 0) to the back; a cell holds 0 (empty) or a flavour 1..3.
"""

from __future__ import annotations

from ale_agent.problem.rust_random import ChaCha20Rng, rust_round

SIZE = 10
TURNS = SIZE * SIZE
FLAVOURS = 3
DIRECTIONS = ("F", "B", "L", "R")
COLOURS = ("#ffffff", "#e4572e", "#f0b429", "#3d7ea6")
SNAPSHOTS = (25, 50, 75, 100)


def generate(seed: int) -> str:
    """Return the case: the 100 flavours, then the 100 hidden positions among the empty cells, one a line."""
    rng = ChaCha20Rng(seed)
    flavours, positions = [], []
    for turn in range(TURNS):
        flavours.append(rng.range_i32_inclusive(1, FLAVOURS))
        positions.append(rng.range_i32_inclusive(1, TURNS - turn))
    return " ".join(map(str, flavours)) + "\n" + "".join(f"{position}\n" for position in positions)


def interact(case: str, solver) -> int:
    """Judge a dialogue: send the flavours, then for each turn a position and receive a tilt."""
    flavours, positions = _read_case(case)
    solver.send(" ".join(map(str, flavours)) + "\n")
    box = [[0] * SIZE for _ in range(SIZE)]
    for turn in range(TURNS):
        _place(box, positions[turn], flavours[turn])
        solver.send(f"{positions[turn]}\n")
        box = _tilt(box, _parse_direction(solver.receive(), turn))
    return _score(box, flavours)


def draw(case: str, output: str) -> str:
    """Return an SVG of the box after 25, 50, 75 and 100 turns, each 4-component of candies as one blob."""
    flavours, positions = _read_case(case)
    lines = output.splitlines()
    if len(lines) < TURNS:
        raise ValueError(f"line {len(lines) + 1}: expected {TURNS} lines, one of F, B, L, R each, found {len(lines)}")
    box = [[0] * SIZE for _ in range(SIZE)]
    pictures = []
    for turn in range(TURNS):
        _place(box, positions[turn], flavours[turn])
        box = _tilt(box, _parse_direction(lines[turn], turn))
        if turn + 1 in SNAPSHOTS:
            pictures.append((turn + 1, box))
    return _svg(pictures, flavours, _score(box, flavours))


def _read_case(case: str) -> tuple[list[int], list[int]]:
    numbers = [int(token) for token in case.split()]
    if len(numbers) != 2 * TURNS:
        raise ValueError(f"the case must hold {2 * TURNS} integers, has {len(numbers)}")
    flavours, positions = numbers[:TURNS], numbers[TURNS:]
    for turn, (flavour, position) in enumerate(zip(flavours, positions, strict=True)):
        if not 1 <= flavour <= FLAVOURS or not 1 <= position <= TURNS - turn:
            raise ValueError(f"turn {turn + 1} of the case must be possible, is flavour {flavour}, position {position}")
    return flavours, positions


def _parse_direction(line: str, turn: int) -> str:
    tokens = line.split()
    if len(tokens) != 1 or tokens[0] not in DIRECTIONS:
        raise ValueError(f"turn {turn + 1}: expected one of F, B, L, R, found {line[:40]!r}")
    return tokens[0]


def _place(box: list[list[int]], position: int, flavour: int) -> None:
    """Put a candy into the empty cell of that number, counted from 1, row by row from the front."""
    empty = [(row, column) for row in range(SIZE) for column in range(SIZE) if box[row][column] == 0]
    row, column = empty[position - 1]
    box[row][column] = flavour


def _tilt(box: list[list[int]], direction: str) -> list[list[int]]:
    """Return the box after all candies slid as far as they go."""
    lines = box if direction in "LR" else [list(column) for column in zip(*box, strict=True)]
    slid = []
    for line in lines:
        candies = [flavour for flavour in line if flavour]
        gap = [0] * (SIZE - len(candies))
        slid.append(candies + gap if direction in "FL" else gap + candies)
    return slid if direction in "LR" else [list(row) for row in zip(*slid, strict=True)]


def _components(box: list[list[int]]) -> list[tuple[int, list[tuple[int, int]]]]:
    """Return (flavour, cells) of every 4-connected group of equal flavour."""
    seen = [[False] * SIZE for _ in range(SIZE)]
    groups = []
    for start_row in range(SIZE):
        for start_column in range(SIZE):
            flavour = box[start_row][start_column]
            if flavour == 0 or seen[start_row][start_column]:
                continue
            seen[start_row][start_column] = True
            cells = [(start_row, start_column)]
            for row, column in cells:  # grows while it is walked: a breadth-first search
                for near_row, near_column in (
                    (row - 1, column),
                    (row + 1, column),
                    (row, column - 1),
                    (row, column + 1),
                ):
                    inside = 0 <= near_row < SIZE and 0 <= near_column < SIZE
                    if inside and not seen[near_row][near_column] and box[near_row][near_column] == flavour:
                        seen[near_row][near_column] = True
                        cells.append((near_row, near_column))
            groups.append((flavour, cells))
    return groups


def _score(box: list[list[int]], flavours: list[int]) -> int:
    together = sum(len(cells) ** 2 for _, cells in _components(box))
    best = sum(flavours.count(flavour) ** 2 for flavour in range(1, FLAVOURS + 1))
    return rust_round(1e6 * together / best)


def _svg(pictures: list[tuple[int, list[list[int]]]], flavours: list[int], score: int) -> str:
    cell, margin, top = 22, 24, 62
    side = SIZE * cell
    width, height = len(pictures) * (side + margin) + margin, top + side + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#faf8f4"/>',
        f'<text x="{margin}" y="26" font-size="16" fill="#222">Score {score:,}</text>',
    ]
    counts = ", ".join(f"flavour {flavour}: {flavours.count(flavour)}" for flavour in range(1, FLAVOURS + 1))
    parts.append(f'<text x="{width - margin}" y="26" text-anchor="end" fill="#666">{counts}</text>')
    for index, (turn, box) in enumerate(pictures):
        left = margin + index * (side + margin)
        parts.append(f'<text x="{left}" y="{top - 8}" fill="#444">after {turn} candies</text>')
        parts.append(f'<g transform="translate({left} {top})">')
        parts.append(f'<rect width="{side}" height="{side}" rx="6" fill="#fff" stroke="#c8c0b4"/>')
        for flavour, cells in _components(box):
            parts.append(_blob(flavour, cells, cell))
        parts.append("</g>")
        largest = max((len(cells) for _, cells in _components(box)), default=0)
        parts.append(f'<text x="{left}" y="{top + side + 20}" fill="#666">largest group {largest}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _blob(flavour: int, cells: list[tuple[int, int]], cell: int) -> str:
    """Return one group as joined circles, with its size on the first cell if it has more than three."""
    members, colour, half = set(cells), COLOURS[flavour], cell // 2
    parts = []
    for row, column in cells:
        x, y = column * cell + half, row * cell + half
        parts.append(f'<circle cx="{x}" cy="{y}" r="{half - 2}" fill="{colour}"/>')
        for near, (dx, dy) in (((row, column + 1), (cell, 0)), ((row + 1, column), (0, cell))):
            if near in members:
                parts.append(
                    f'<line x1="{x}" y1="{y}" x2="{x + dx}" y2="{y + dy}" stroke="{colour}" stroke-width="{cell - 8}"/>'
                )
    if len(cells) > 3:
        row, column = cells[0]
        x, y = column * cell + half, row * cell + half + 5
        parts.append(f'<text x="{x}" y="{y}" text-anchor="middle" font-weight="bold" fill="#fff">{len(cells)}</text>')
    return "".join(parts)
