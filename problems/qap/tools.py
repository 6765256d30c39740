"""Cases and judging of the quadratic assignment problem: symmetric uniformly random instances, as Taillard's."""

from __future__ import annotations

import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

FEWEST, MOST = 20, 40
GREATEST = 99
MOST_ELSEWHERE = 256  # facilities, in a case from elsewhere
GREATEST_ELSEWHERE = 10**5  # distance or flow; with 256 facilities the cost stays below 2**53
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def generate(seed: int) -> str:
    """Return a case of 20 to 40 facilities: the upper triangles are drawn row by row, distances before flows."""
    rng = ChaCha20Rng(seed)
    size = rng.range_i32_inclusive(FEWEST, MOST)
    lines = [str(size)]
    for _ in range(2):
        matrix = np.zeros((size, size), dtype=np.int64)
        for row in range(size):
            for column in range(row + 1, size):
                matrix[row, column] = matrix[column, row] = rng.range_i32_inclusive(0, GREATEST)
        lines += [" ".join(map(str, row)) for row in matrix.tolist()]
    return "\n".join(lines) + "\n"


def score(case: str, output: str) -> int:
    """Return the sum of flow times distance over ordered pairs; ValueError says which token of the output is wrong."""
    distances, flows = _matrices(case)
    locations = _locations(output, len(flows))
    return int((flows * distances[np.ix_(locations, locations)]).sum())


def _matrices(case: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the distances between locations and the flows between facilities, each (facilities, facilities) int64."""
    numbers: list[int] = []
    for line, text in enumerate(case.split("\n"), start=1):
        for token in text.split():
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"the case, line {line}: {token[:40]!r} is not an integer")
            numbers.append(int(token))
    size = numbers[0] if numbers else 0
    if not 2 <= size <= MOST_ELSEWHERE or len(numbers) != 1 + 2 * size**2:
        raise ValueError(
            f"the case must hold n in 2..{MOST_ELSEWHERE} and 2 x n x n values, has n = {size}, {len(numbers)} integers"
        )
    if min(numbers[1:]) < 0 or max(numbers[1:]) > GREATEST_ELSEWHERE:
        worst = f"{min(numbers[1:])}..{max(numbers[1:])}"
        raise ValueError(f"the case must hold values 0..{GREATEST_ELSEWHERE}, has {worst}")
    distances, flows = np.array(numbers[1:], dtype=np.int64).reshape(2, size, size)
    for name, matrix in (("distance", distances), ("flow", flows)):
        wrong = np.argwhere((matrix != matrix.T) | np.diag(matrix.diagonal() != 0))
        if len(wrong):
            row, column = wrong[0].tolist()
            rule = "zero on the diagonal" if row == column else f"equal to row {column + 1}, column {row + 1}"
            raise ValueError(
                f"the case, {name} in row {row + 1}, column {column + 1}: must be {rule}, is {matrix[row, column]}"
            )
    return distances, flows


def _locations(output: str, size: int) -> list[int]:
    """Return the location of each facility, 0-based."""
    locations: list[int] = []
    holder: dict[int, int] = {}
    for line, text in enumerate(output.split("\n"), start=1):
        for token in text.split():
            at = f"line {line}, location of facility {len(locations) + 1}"
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"{at}: {token[:40]!r} is not an integer")
            location = int(token)
            if not 1 <= location <= size:
                raise ValueError(f"{at}: {location} is not in 1..{size}")
            if location in holder:
                raise ValueError(f"{at}: {location} is taken already, by facility {holder[location]}")
            locations.append(location - 1)
            holder[location] = len(locations)
    if len(locations) < size:
        raise ValueError(f"{len(locations)} facilities have a location, must be all {size}")
    return locations


def draw(case: str, output: str) -> str:
    """Return a heat map: row and column are locations, a cell is flow times distance there; bars are row sums."""
    distances, flows = _matrices(case)
    size = len(flows)
    locations = _locations(output, size)
    facilities = np.argsort(locations)  # by location
    costs = distances * flows[np.ix_(facilities, facilities)]
    sums = costs.sum(axis=1)
    cell, left, top = 800 / size, 100, 60
    wide = 240 / max(1, sums.max())
    font = min(13.0, 0.75 * cell)
    parts = []
    for row in range(size):
        y = top + cell * row
        for column in range(size):
            heat = costs[row, column] / max(1, costs.max())
            red, green, blue = int(255 - 75 * heat**2), int(255 - 235 * heat), int(255 - 255 * heat**0.7)
            parts.append(
                f'<rect x="{left + cell * column:.1f}" y="{y:.1f}" width="{cell:.2f}" height="{cell:.2f}" '
                f'fill="#{red:02x}{green:02x}{blue:02x}"><title>locations {row + 1}, {column + 1}: distance '
                f"{distances[row, column]}, flow {flows[facilities[row], facilities[column]]}</title></rect>"
            )
        middle = y + cell / 2 + font / 3
        parts.append(
            f'<text x="{left - 6}" y="{middle:.1f}" text-anchor="end">{row + 1} &#8592; {facilities[row] + 1}</text>'
            f'<text x="{left + cell * (row + 0.5):.1f}" y="{top - 6}" text-anchor="middle">{row + 1}</text>'
            f'<rect x="{left + 812}" y="{y + 0.1 * cell:.1f}" width="{wide * sums[row]:.1f}" height="{0.8 * cell:.1f}" '
            f'fill="#7a8fa8"/><text x="{left + 818 + wide * sums[row]:.1f}" y="{middle:.1f}">{sums[row]}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1230 {top + 820}" font-family="sans-serif" '
        f'font-size="{font:.1f}"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}'
        f'<rect x="{left}" y="{top}" width="800" height="800" fill="none" stroke="#888"/>'
        f'<text x="{left}" y="28" font-size="15">{size} facilities, cost {costs.sum()}; rows: location &#8592; '
        f"facility, cells: flow x distance, darkest {costs.max()}; bars: cost of a row</text></svg>"
    )


def read_case(text: str) -> tuple:
    """Return (facilities, distances, flows), the matrices (facilities, facilities) int32.

    The diagonal of the distances holds -1, which tells the objective of two facilities at one location.
    """
    distances, flows = _matrices(text)
    np.fill_diagonal(distances, -1)
    return len(flows), distances.astype(np.int32), flows.astype(np.int32)


def answer_space(case: tuple) -> dict:
    """Return the locations of the facilities."""
    return {"kind": "permutation", "size": case[0]}


def objective(case, answer):
    """Return the sum of flow times distance over ordered pairs; inf if it is no permutation. Cost O(facilities**2)."""
    size, distances, flows = case
    if answer.size != size:
        return np.inf
    total = np.int64(0)
    signs = 0
    for facility in range(size):
        location = answer[facility]
        if location < 0 or location >= size:
            return np.inf
        distance_to = distances[location]
        flow_to = flows[facility]
        for other in range(facility):
            distance = distance_to[np.uint64(answer[other])]  # unsigned: Numba need not look for a minus
            signs |= distance
            total += np.int64(flow_to[other]) * distance
    if signs < 0:
        return np.inf
    return 2.0 * total


def write_answer(case: tuple, answer) -> str:
    """Return the locations of facility 1, 2, ..., counted from 1."""
    return " ".join(str(location + 1) for location in answer) + "\n"
