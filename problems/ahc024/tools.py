"""AHC024, Topological Map: cases, judging and pictures.

No array level: an answer is legal only as a whole, so that a search needs moves that keep it legal (docs/log.md).

Notation: a map is a list of n rows of n colours, 0 the outside; beyond its edge everything is outside as well.
"""

from __future__ import annotations

import colorsys
import itertools

from ale_agent.problem.rust_random import ChaCha20Rng

SIZE = 50
COLOURS = 100
WIDTH = SIZE + 2  # of the map in a frame of cells that stay without a colour
STEPS = (1, WIDTH, -1, -WIDTH)  # right, down, left, up: the order the generator draws from


def generate(seed: int) -> str:
    """Return the case: `n m`, then the map, grown from one random cell a colour."""
    rng = ChaCha20Rng(seed)
    colours = [0] * WIDTH * WIDTH
    blank = [row * WIDTH + column for row in range(1, SIZE + 1) for column in range(1, SIZE + 1)]
    for colour in range(1, COLOURS + 1):
        index = rng.index(len(blank))
        colours[blank[index]] = colour
        blank[index] = blank[-1]
        blank.pop()
    while blank:
        # The drawn cell goes to the end of the list, and leaves it if the neighbour that is drawn has a colour.
        index = rng.index(len(blank))
        cell = blank[index]
        blank[index] = blank[-1]
        blank[-1] = cell
        if near := colours[cell + STEPS[rng.index(4)]]:
            colours[cell] = near
            blank.pop()
    rows = (colours[row * WIDTH + 1 : row * WIDTH + 1 + SIZE] for row in range(1, SIZE + 1))
    return f"{SIZE} {COLOURS}\n" + "".join(" ".join(map(str, row)) + "\n" for row in rows)


def score(case: str, output: str) -> int:
    """Return the number of outside cells + 1 of the last map in the output."""
    size, colours, given = _read_case(case)
    answer = _read_answer(output, size, colours)
    _check_pieces(answer, size, colours)
    _check_neighbours(given, answer)
    return 1 + sum(row.count(0) for row in answer)


def draw(case: str, output: str) -> str:
    """Return an SVG of the given map and the answer, side by side, in the same colours."""
    size, colours, given = _read_case(case)
    answer = _read_answer(output, size, colours)
    return _svg(size, given, answer, score(case, output))


def _read_case(case: str) -> tuple[int, int, list[list[int]]]:
    numbers = [int(token) for token in case.split()]
    if len(numbers) < 3 or numbers[0] < 1 or numbers[1] < 1 or len(numbers) != 2 + numbers[0] ** 2:
        raise ValueError(f"the case must hold n m and n x n colours, has {len(numbers)} integers")
    size, colours = numbers[0], numbers[1]
    if min(numbers[2:]) < 1 or max(numbers[2:]) > colours:
        raise ValueError(f"the case must hold colours 1..{colours}, has {min(numbers[2:])}..{max(numbers[2:])}")
    return size, colours, [numbers[2 + row * size : 2 + (row + 1) * size] for row in range(size)]


def _read_answer(output: str, size: int, colours: int) -> list[list[int]]:
    """Return the last map of the output."""
    tokens = output.split()
    if not tokens or len(tokens) % (size * size):
        raise ValueError(f"expected maps of {size} x {size} = {size * size} colours each, found {len(tokens)} tokens")
    first = len(tokens) - size * size
    cells = []
    for index, token in enumerate(tokens[first:]):
        if not (token.isascii() and token.isdigit() and len(token) <= 9 and int(token) <= colours):
            row, column = divmod(index, size)
            raise ValueError(f"row {row}, column {column}: expected a colour 0..{colours}, found {token[:40]!r}")
        cells.append(int(token))
    return [cells[row * size : (row + 1) * size] for row in range(size)]


def _check_pieces(grid: list[list[int]], size: int, colours: int) -> None:
    """Refuse a map with a missing colour, one in several pieces, or outside cells cut off from the outside."""
    width = size + 2  # with a rim of outside cells, which joins all that reaches the edge
    cells = [0] * width
    for row in grid:
        cells += [0, *row, 0]
    cells += [0] * width
    seen = [False] * len(cells)
    found: set[int] = set()
    for start, colour in enumerate(cells):
        if seen[start]:
            continue
        if colour in found:
            what = "colour 0 is cut off from the outside" if colour == 0 else f"colour {colour} is not connected"
            raise ValueError(f"{what}: second piece at row {start // width - 1}, column {start % width - 1}")
        found.add(colour)
        seen[start] = True
        piece = [start]
        for cell in piece:  # grows while it is walked: a breadth-first search
            for near in (cell - 1, cell + 1, cell - width, cell + width):
                if 0 <= near < len(cells) and not seen[near] and cells[near] == colour:
                    seen[near] = True
                    piece.append(near)
    for colour in range(1, colours + 1):
        if colour not in found:
            raise ValueError(f"colour {colour} is missing")


def _neighbours(grid: list[list[int]]) -> set[tuple[int, int]]:
    """Return the pairs (a, b) with a < b of colours that share a side, the outside included."""
    pairs = {(0, row[end]) for row in grid for end in (0, -1)} | {
        (0, colour) for end in (0, -1) for colour in grid[end]
    }
    for row in grid:
        pairs.update(itertools.pairwise(row))
    for above, below in itertools.pairwise(grid):
        pairs.update(zip(above, below, strict=True))
    return {(a, b) if a < b else (b, a) for a, b in pairs if a != b}


def _check_neighbours(given: list[list[int]], answer: list[list[int]]) -> None:
    wanted, found = _neighbours(given), _neighbours(answer)
    if missing := wanted - found:
        a, b = min(missing)
        raise ValueError(f"colours {a} and {b} must be neighbours and are not")
    if surplus := found - wanted:
        a, b = min(surplus)
        raise ValueError(f"colours {a} and {b} must not be neighbours and are")


def _svg(size: int, given: list[list[int]], answer: list[list[int]], points: int) -> str:
    side, margin, top = 400, 24, 56
    width, height = 2 * side + 3 * margin, top + side + margin
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#f4f1ea"/>',
        f'<text x="{margin}" y="24" font-size="16" fill="#222">Score {points:,}</text>',
    ]
    window = _window(answer, size)
    for index, (name, grid) in enumerate((("given map", given), ("answer", window))):
        left, cell = margin + index * (side + margin), side / len(grid)
        coloured = sum(colour != 0 for row in grid for colour in row)
        zoom = f", enlarged {size / len(grid):.1f} times" if len(grid) < size else ""
        parts.append(f'<text x="{left}" y="{top - 8}" fill="#555">{name}: {coloured} coloured cells{zoom}</text>')
        parts.append(f'<g transform="translate({left} {top})">')
        parts.append(f'<rect width="{side}" height="{side}" fill="#fff" stroke="#c8c0b4"/>')
        parts.extend(_runs(grid, cell))
        parts.append(_borders(grid, cell))
        parts.append("</g>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def _window(grid: list[list[int]], size: int) -> list[list[int]]:
    """Return the smallest square part, with a rim of one cell where there is room, that holds all coloured cells."""
    rows = [row for row in range(size) if any(grid[row])]
    columns = [column for column in range(size) if any(row[column] for row in grid)]
    side = min(size, max(rows[-1] - rows[0], columns[-1] - columns[0]) + 3)
    top, left = (max(0, min(lines[0] - 1, size - side)) for lines in (rows, columns))
    return [row[left : left + side] for row in grid[top : top + side]]


def _runs(grid: list[list[int]], cell: float) -> list[str]:
    """Return one rectangle for each run of equal colours in a row."""
    parts = []
    for row, colours in enumerate(grid):
        start = 0
        for column in range(1, len(colours) + 1):
            if column < len(colours) and colours[column] == colours[start]:
                continue
            if colours[start]:
                parts.append(
                    f'<rect x="{start * cell:g}" y="{row * cell:g}" width="{(column - start) * cell:g}"'
                    f' height="{cell:g}" fill="{_paint(colours[start])}" stroke="{_paint(colours[start])}"/>'
                )
            start = column
    return parts


def _paint(colour: int) -> str:
    """Return a muted colour; near numbers get far hues (the golden ratio's multiples)."""
    red, green, blue = colorsys.hls_to_rgb(colour * 0.618034 % 1.0, 0.52 + colour * 7 % 24 / 100, 0.5)
    return f"#{int(255 * red):02x}{int(255 * green):02x}{int(255 * blue):02x}"


def _borders(grid: list[list[int]], cell: float) -> str:
    """Return the lines between cells of different colours as one path."""
    lines = []
    for row, colours in enumerate(grid):
        for column, colour in enumerate(colours):
            if column + 1 < len(colours) and colour != colours[column + 1]:
                lines.append(f"M{(column + 1) * cell:g} {row * cell:g}v{cell:g}")
            if row + 1 < len(grid) and colour != grid[row + 1][column]:
                lines.append(f"M{column * cell:g} {(row + 1) * cell:g}h{cell:g}")
    return f'<path d="{"".join(lines)}" stroke="#333" stroke-width="1" fill="none"/>'
