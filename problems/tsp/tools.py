"""Cases and judging of the Euclidean travelling salesman problem, with TSPLIB's distances rounded to integers."""

from __future__ import annotations

import math
import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

FEWEST_POINTS, MOST_POINTS = 100, 200  # of a generated case
GREATEST_COORDINATE = 1_000_000
LOWEST_SIZE, HIGHEST_SIZE = 3, 2000  # in a case from elsewhere
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def generate(seed: int) -> str:
    """Return 100 to 200 distinct points, uniformly random on the integer grid 0..1,000,000."""
    rng = ChaCha20Rng(seed)
    size = rng.range_i32_inclusive(FEWEST_POINTS, MOST_POINTS)
    points: dict[tuple[int, int], None] = {}
    while len(points) < size:
        x = rng.range_i32_inclusive(0, GREATEST_COORDINATE)
        points[x, rng.range_i32_inclusive(0, GREATEST_COORDINATE)] = None
    return "\n".join([f"{size}", *(f"{x} {y}" for x, y in points)]) + "\n"


def score(case: str, output: str) -> int:
    """Return the length of the closed tour; ValueError says which token of the output is wrong."""
    points = _points(case)
    return _length(points, _tour(output, len(points)))


def _points(case: str) -> list[tuple[int, int]]:
    """Return the points (x, y) of the case; ValueError says which token is wrong. Points may coincide here."""
    numbers: list[int] = []
    for line, text in enumerate(case.split("\n"), start=1):
        for token in text.split():
            at = f"the case, line {line}, integer {len(numbers) + 1}"
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"{at}: {token[:40]!r} is not an integer")
            number = int(token)
            low, high = (0, GREATEST_COORDINATE) if numbers else (LOWEST_SIZE, HIGHEST_SIZE)
            if not low <= number <= high:
                raise ValueError(f"{at}: {number} is not in {low}..{high}")
            numbers.append(number)
    if not numbers or len(numbers) != 1 + 2 * numbers[0]:
        raise ValueError(f"the case must hold n and n points x y, has {len(numbers)} integers")
    return list(zip(numbers[1::2], numbers[2::2], strict=True))


def _tour(output: str, size: int) -> list[int]:
    """Return the points 0-based in the order of the output."""
    tour: list[int] = []
    place: dict[int, int] = {}
    for line, text in enumerate(output.split("\n"), start=1):
        for token in text.split():
            at = f"line {line}, point {len(tour) + 1} of the tour"
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"{at}: {token[:40]!r} is not an integer")
            point = int(token)
            if not 1 <= point <= size:
                raise ValueError(f"{at}: {point} is not in 1..{size}")
            if point in place:
                raise ValueError(f"{at}: {point} is there already, as point {place[point]} of the tour")
            tour.append(point - 1)
            place[point] = len(tour)
    if len(tour) < size:
        raise ValueError(f"the tour has {len(tour)} points, must have all {size}")
    return tour


def _length(points: list[tuple[int, int]], tour: list[int]) -> int:
    """Return the length of the closed tour."""
    return sum(_distance(points[tour[place - 1]], points[tour[place]]) for place in range(len(tour)))


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Return the distance rounded to the nearest integer: floor(sqrt(s) + 1/2) is (floor(sqrt(4 s)) + 1) // 2."""
    square = (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
    return (math.isqrt(4 * square) + 1) // 2


def draw(case: str, output: str) -> str:
    """Return the tour as a closed line on the square of the points, y upwards; the first point is red."""
    points = _points(case)
    tour = _tour(output, len(points))
    margin, head = 20, 40
    scale = 1000 / max(1, *(max(point) for point in points))
    spots = [(margin + scale * x, head + 1000 - scale * y) for x, y in points]
    line = " ".join(f"{spots[point][0]:.1f},{spots[point][1]:.1f}" for point in tour)
    dots = "".join(
        f'<circle cx="{spots[point][0]:.1f}" cy="{spots[point][1]:.1f}" r="{3 if place else 6}" '
        f'fill="{"#223" if place else "#d22"}"><title>point {point + 1} at {points[point][0]} {points[point][1]}: '
        f"number {place + 1} of the tour</title></circle>"
        for place, point in enumerate(tour)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {1000 + 2 * margin} {1000 + head + margin}" '
        f'font-family="sans-serif" font-size="16"><rect width="100%" height="100%" fill="white"/>'
        f'<rect x="{margin}" y="{head}" width="1000" height="1000" fill="#fafafa" stroke="#ccc"/>'
        f'<polygon points="{line}" fill="#e4ecf7" fill-rule="evenodd" stroke="#2563b0" stroke-width="2" '
        f'stroke-linejoin="round"/>{dots}'
        f'<text x="{margin}" y="{head - 14}">{len(points)} points, length {_length(points, tour)}</text></svg>'
    )


def read_case(text: str) -> tuple:
    """Return (size, points, distances): points (size, 2) int64, distances (size, size) int64, symmetric, 0 diagonal."""
    points = np.array(_points(text), dtype=np.int64)
    steps = points[:, None, :] - points[None, :, :]
    squares = (steps * steps).sum(axis=2)  # below 2**53: the floor of their floating-point root is exact
    distances = np.sqrt(squares).astype(np.int64)
    distances += squares > distances * (distances + 1)  # (d + 1/2)**2 is d * (d + 1) + 1/4
    return len(points), points, distances


def answer_space(case: tuple) -> dict:
    """Return the orders of the points."""
    return {"kind": "permutation", "size": case[0]}


def objective(case, answer):
    """Return the length of the closed tour; inf if it is no permutation. Cost O(size)."""
    size, _, distances = case
    if answer.size != size:
        return np.inf
    last = answer[size - 1]
    if last < 0 or last >= size:
        return np.inf
    visited = np.zeros(size, dtype=np.uint8)
    length = 0
    for place in range(size):
        point = answer[place]
        if point < 0 or point >= size:
            return np.inf
        visited[point] = 1
        length += distances[last, point]
        last = point
    different = 0  # counted afterwards: faster than a branch at each point
    for point in range(size):
        different += visited[point]
    return float(length) if different == size else np.inf


def write_answer(case: tuple, answer) -> str:
    """Return the tour, points counted from 1."""
    return " ".join(str(point + 1) for point in answer) + "\n"
