"""Cases and judging of the uncapacitated facility location problem in the plane.

Distances are Euclidean, rounded to the nearest integer. The problem is that of Cornuejols, Nemhauser and Wolsey (1990);
the cases are random points, drawn as `generate` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

SITES = (50, 100)  # how many, drawn uniformly
CUSTOMERS = (100, 200)
SIDE = 10_000  # of the square that holds all points
COST = (5_000, 15_000)  # of opening a site

MOST_POINTS = 1_000  # of either kind, in a case from elsewhere
GREATEST_COORDINATE = 10**6
GREATEST_COST = 10**9
FARTHER = 2**31 - 1  # than any distance
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def generate(seed: int) -> str:
    """Return a random case: both sizes, then the sites with their costs, then the customers."""
    rng = ChaCha20Rng(seed)
    sites, customers = rng.range_i32_inclusive(*SITES), rng.range_i32_inclusive(*CUSTOMERS)
    lines = [f"{sites} {customers}"]
    for _ in range(sites):
        x, y = rng.range_i32_inclusive(0, SIDE), rng.range_i32_inclusive(0, SIDE)
        lines.append(f"{x} {y} {rng.range_i32_inclusive(*COST)}")
    for _ in range(customers):
        lines.append(f"{rng.range_i32_inclusive(0, SIDE)} {rng.range_i32_inclusive(0, SIDE)}")
    return "\n".join(lines) + "\n"


def score(case: str, output: str) -> int:
    """Return the opening costs plus the service costs; ValueError says which token of the output is wrong."""
    sites, customers, costs = _points(case)
    chosen = _open_sites(output, costs.size)
    return int(costs[chosen].sum() + _distances(sites[chosen], customers).min(axis=0).sum())


def _points(case: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the sites (n, 2), the customers (m, 2) and the opening costs (n,), all int64."""
    numbers = []
    for at, value in _integers(case):
        if len(numbers) < 2 and not 1 <= value <= MOST_POINTS:
            raise ValueError(f"the case's {at}: n and m must be 1..{MOST_POINTS}, is {value}")
        numbers.append(value)
    n, m = (*numbers, 0, 0)[:2]
    if len(numbers) < 2 or len(numbers) != 2 + 3 * n + 2 * m:
        raise ValueError(f"the case must hold n m, n x 3 and m x 2 integers, has {len(numbers)} integers")
    sites = np.array(numbers[2 : 2 + 3 * n], dtype=np.int64).reshape(n, 3)
    customers = np.array(numbers[2 + 3 * n :], dtype=np.int64).reshape(m, 2)
    for name, values, greatest in (
        ("the sites' coordinates", sites[:, :2], GREATEST_COORDINATE),
        ("the customers' coordinates", customers, GREATEST_COORDINATE),
        ("the opening costs", sites[:, 2], GREATEST_COST),
    ):
        if values.min() < 0 or values.max() > greatest:
            raise ValueError(f"the case: {name} must be 0..{greatest}, are {values.min()}..{values.max()}")
    return sites[:, :2], customers, sites[:, 2].copy()


def _integers(text: str) -> Iterator[tuple[str, int]]:
    """Yield (place, value) of each token; ValueError at one that is no integer."""
    for line, words in enumerate(text.split("\n"), start=1):
        for number, token in enumerate(words.split(), start=1):
            at = f"line {line}, token {number}"
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"{at}: {token[:40]!r} is not an integer")
            yield at, int(token)


def _open_sites(output: str, sites: int) -> list[int]:
    """Return the open sites, 0-based and ascending."""
    count, chosen = 0, []
    for at, value in _integers(output):
        if not 1 <= value <= sites:
            raise ValueError(f"{at}: {value} is not in 1..{sites}")
        if count == 0:
            count = value
            continue
        if len(chosen) == count:
            raise ValueError(f"{at}: {value} is a site too many, k is {count}")
        if chosen and value <= chosen[-1] + 1:
            raise ValueError(f"{at}: site {value} follows site {chosen[-1] + 1}, the numbers must increase")
        chosen.append(value - 1)
    if count == 0:
        raise ValueError("the output is empty, must be k and the k open sites")
    if len(chosen) < count:
        raise ValueError(f"the output ends after {len(chosen)} sites, k is {count}")
    return chosen


def _distances(sites: np.ndarray, customers: np.ndarray) -> np.ndarray:
    """Return the rounded distances (sites, customers) int64.

    A square root of an integer never lies halfway between two integers r and r + 1: it is above if the integer exceeds
    r * r + r, which decides the rounding without an error.
    """
    gaps = sites[:, None, :] - customers[None, :, :]
    squares = (gaps * gaps).sum(axis=2)
    below = np.sqrt(squares).astype(np.int64)  # the floor, exact: squares are far below 2**52
    return below + (squares > below * below + below)


def draw(case: str, output: str) -> str:
    """Return the map: open sites filled, closed ones hollow, a line from each customer to the site that serves it."""
    sites, customers, costs = _points(case)
    chosen = _open_sites(output, costs.size)
    distances = _distances(sites[chosen], customers)
    nearest = distances.argmin(axis=0)
    opening, service = int(costs[chosen].sum()), int(distances.min(axis=0).sum())
    scale = 780 / max(1, int(sites.max()), int(customers.max()))
    parts = []
    colours = []
    for place in range(len(chosen)):
        turn = 2 * np.pi * (place * 0.381966 + np.array([0.0, 1 / 3, 2 / 3]))  # the golden angle keeps neighbours apart
        red, green, blue = (130 + 85 * np.cos(turn)).astype(int)
        colours.append(f"#{red:02x}{green:02x}{blue:02x}")
    for customer, (place, (x, y)) in enumerate(zip(nearest, 10 + scale * customers, strict=True)):
        to_x, to_y = 10 + scale * sites[chosen[place]]
        parts.append(
            f'<line x1="{x:.1f}" y1="{y + 30:.1f}" x2="{to_x:.1f}" y2="{to_y + 30:.1f}" stroke="{colours[place]}"/>'
            f'<circle cx="{x:.1f}" cy="{y + 30:.1f}" r="3" fill="{colours[place]}">'
            f"<title>customer {customer + 1}: {distances[place, customer]}</title></circle>"
        )
    fills = dict(zip(chosen, colours, strict=True))
    for site, (x, y) in enumerate(10 + scale * sites):
        parts.append(
            f'<rect x="{x - 6:.1f}" y="{y + 24:.1f}" width="12" height="12" fill="{fills.get(site, "none")}" '
            f'stroke="{"#000" if site in fills else "#999"}"><title>site {site + 1}: {costs[site]}</title></rect>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 830" font-family="sans-serif" font-size="14">'
        f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}'
        f'<text x="10" y="20">{len(chosen)} of {costs.size} sites open for {customers.shape[0]} customers: '
        f"opening {opening} + service {service} = {opening + service}</text></svg>"
    )


def read_case(text: str) -> tuple:
    """Return (n, m, costs, distances): opening costs (n,) int64, rounded distances (n, m) int32, a row a site."""
    sites, customers, costs = _points(text)
    distances = _distances(sites, customers).astype(np.int32)
    return costs.size, customers.shape[0], costs, np.ascontiguousarray(distances)


def answer_space(case: tuple) -> dict:
    """Return the sets of open sites: 1 where open."""
    return {"kind": "subset", "size": case[0], "minimum": 1, "maximum": case[0]}


def objective(case, answer):
    """Return opening plus service costs; inf if no site is open or an entry is not 0 or 1. O(open sites * m)."""
    sites, customers, costs, distances = case
    if answer.size != sites:
        return np.inf
    nearest = np.full(customers, FARTHER, dtype=np.int32)  # of each customer, to the open sites so far
    count = 0
    total = 0
    for site in range(sites):
        if answer[site] == 1:
            count += 1
            total += costs[site]
            for customer in range(customers):
                nearest[customer] = min(nearest[customer], distances[site, customer])
        elif answer[site] != 0:
            return np.inf
    if count == 0:
        return np.inf
    for customer in range(customers):
        total += nearest[customer]
    return float(total)


def write_answer(case: tuple, answer) -> str:
    """Return how many sites are open and which, counted from 1."""
    chosen = [site + 1 for site in range(case[0]) if answer[site]]
    return f"{len(chosen)}\n{' '.join(map(str, chosen))}\n"
