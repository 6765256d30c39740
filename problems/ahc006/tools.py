"""Food Delivery: choose 50 of 1000 orders and a short tour that picks each up before it hands it over.

Array level. An answer names 50 of the `POOL` orders nearest to the office, by their rank; a rank that is taken already
stands for the next free one. The tour is built inside the objective: each order in turn goes where it lengthens the
tour least. So one changed number is "replace this order by that one", with both ends put in their best places.

Notation: `xs`, `ys` coordinates, `(2 * POOL,)` int64, restaurants first, then addresses in the same order of ranks;
`ids`, `(POOL,)` int64, the order (from 1) of each rank; `tour`, `(stops, 2)` int64, office first and last.
"""

from __future__ import annotations

import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

ORDERS = 1000
CHOSEN = 50
SIDE = 800
OFFICE = 400
NEAREST = 100  # no order is shorter
POOL = 400
INTEGER = re.compile(r"-?[0-9]{1,9}")


def generate(seed: int) -> str:
    """Return the case of the contest's generator, to the byte."""
    rng = ChaCha20Rng(seed)
    lines = []
    while len(lines) < ORDERS:
        a, b, c, d = (rng.range_i32_inclusive(0, SIDE) for _ in range(4))
        if abs(a - c) + abs(b - d) >= NEAREST:
            lines.append(f"{a} {b} {c} {d}\n")
    return "".join(lines)


def score(case: str, output: str) -> int:
    """Return the contest's score of the last answer in the output."""
    orders = parse_orders(case)
    chosen, tour = parse_answers(output)[-1]
    check_precedence(orders, chosen, tour)
    length = int(np.abs(np.diff(np.array(tour), axis=0)).sum())
    return int(score_of_length(length))


def parse_orders(case: str) -> np.ndarray:
    """Return the orders, (1000, 4) int64: restaurant and address."""
    numbers = integers(case)
    if len(numbers) != 4 * ORDERS or min(numbers) < 0 or max(numbers) > SIDE:
        raise ValueError(f"the case must hold {4 * ORDERS} numbers in 0..{SIDE}, has {len(numbers)}")
    return np.array(numbers, dtype=np.int64).reshape(-1, 4)


def score_of_length(length):
    """Return the score of a tour of this length."""
    return np.floor(1e8 / (1000.0 + length) + 0.5)


def parse_answers(output: str) -> list[tuple[list[int], list[tuple[int, int]]]]:
    """Return each answer of the output: the orders chosen (from 1) and the points of the tour."""
    numbers = integers(output)
    answers, at = [], 0
    while at < len(numbers) or not answers:
        chosen, at = take_list(numbers, at, 1, "the number of orders m")
        check_chosen(chosen)
        flat, at = take_list(numbers, at, 2, "the number of points n")
        tour = list(zip(flat[::2], flat[1::2], strict=True))
        check_points(tour)
        answers.append((chosen, tour))
    return answers


def integers(text: str) -> list[int]:
    """Return the whitespace-separated integers of a text."""
    numbers = []
    for line_number, line in enumerate(text.split("\n"), 1):
        for place, token in enumerate(line.split(), 1):
            if not INTEGER.fullmatch(token):
                raise ValueError(f"line {line_number}, token {place}: expected an integer, got {token[:20]!r}")
            numbers.append(int(token))
    return numbers


def take_list(numbers: list[int], at: int, width: int, name: str) -> tuple[list[int], int]:
    """Return the numbers of a list that is led by its count of items, and the place behind it."""
    if at >= len(numbers):
        raise ValueError(f"token {at + 1}: expected {name}, but the output ends")
    count = numbers[at]
    if count < 0:
        raise ValueError(f"token {at + 1}: {name} must not be negative, is {count}")
    end = at + 1 + count * width
    if end > len(numbers):
        missing = end - len(numbers)
        raise ValueError(f"token {at + 1}: {name} is {count}, but {missing} of the numbers that follow are missing")
    return numbers[at + 1 : end], end


def check_chosen(chosen: list[int]) -> None:
    """Refuse anything but 50 different orders."""
    if len(chosen) != CHOSEN:
        raise ValueError(f"m must be {CHOSEN}, is {len(chosen)}")
    for place, order in enumerate(chosen, 1):
        if not 1 <= order <= ORDERS:
            raise ValueError(f"r_{place} must be 1 to {ORDERS}, is {order}")
    if len(set(chosen)) != CHOSEN:
        twice = next(order for order in chosen if chosen.count(order) > 1)
        raise ValueError(f"the orders must differ, {twice} is named more than once")


def check_points(tour: list[tuple[int, int]]) -> None:
    """Refuse a tour that leaves the town or does not lead from the office to the office."""
    if len(tour) < 2:
        raise ValueError(f"n must be at least 2, is {len(tour)}")
    for place, (x, y) in enumerate(tour, 1):
        if not (0 <= x <= SIDE and 0 <= y <= SIDE):
            raise ValueError(f"point {place} must lie in 0..{SIDE}, is ({x}, {y})")
    for place in (1, len(tour)):
        if tour[place - 1] != (OFFICE, OFFICE):
            raise ValueError(f"point {place} must be the office ({OFFICE}, {OFFICE}), is {tour[place - 1]}")


def check_precedence(orders: np.ndarray, chosen: list[int], tour: list[tuple[int, int]]) -> None:
    """Refuse a tour that misses an end of a chosen order, or comes to its restaurant too late."""
    first = {point: place for place, point in reversed(list(enumerate(tour, 1)))}
    last = {point: place for place, point in enumerate(tour, 1)}
    for order in chosen:
        a, b, c, d = orders[order - 1].tolist()
        if (a, b) not in first:
            raise ValueError(f"order {order}: the tour does not stop at its restaurant ({a}, {b})")
        if last.get((c, d), 0) <= first[a, b]:
            raise ValueError(f"order {order}: no stop at ({c}, {d}) after its restaurant at point {first[a, b]}")


def draw(case: str, output: str) -> str:
    """Return a picture: all orders pale, the tour, and the chosen orders with restaurants blue and addresses red."""
    orders = parse_orders(case)
    chosen, tour = parse_answers(output)[-1]
    check_precedence(orders, chosen, tour)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="668" viewBox="-12 -48 824 860"'
        ' font-family="sans-serif"><rect x="-12" y="-48" width="824" height="860" fill="#ffffff"/>',
        f'<text x="0" y="-16" font-size="22" fill="#222222">Score {score(case, output):,}</text>',
        '<rect x="0" y="0" width="800" height="800" fill="#f6f7f9" stroke="#c9ced6"/>',
    ]
    for a, b, c, d in orders.tolist():
        parts.append(f'<path d="M{a} {b}h0M{c} {d}h0" stroke="#d3d8e0" stroke-width="4" stroke-linecap="round"/>')
    for a, b, c, d in (orders[order - 1].tolist() for order in chosen):
        parts.append(f'<path d="M{a} {b}L{c} {d}" stroke="#9fb4d0" stroke-width="1" stroke-dasharray="4 4"/>')
    path = " ".join(f"{x},{y}" for x, y in tour)
    parts.append(f'<polyline points="{path}" fill="none" stroke="#444b57" stroke-width="2.5" stroke-linejoin="round"/>')
    for a, b, c, d in (orders[order - 1].tolist() for order in chosen):
        parts.append(
            f'<circle cx="{a}" cy="{b}" r="5" fill="#1f6fd0"/><circle cx="{c}" cy="{d}" r="5" fill="#d0402a"/>'
        )
    parts.append(f'<rect x="{OFFICE - 8}" y="{OFFICE - 8}" width="16" height="16" fill="#111111"/></svg>')
    return "\n".join(parts)


def read_case(text: str) -> tuple:
    """Return (xs, ys, ids) of the orders in the pool, those whose two ends are nearest to the office first."""
    orders = parse_orders(text)
    near = np.argsort(np.abs(orders - OFFICE).sum(axis=1), kind="stable")[:POOL]
    pool = orders[near]
    xs = np.concatenate((pool[:, 0], pool[:, 2]))
    ys = np.concatenate((pool[:, 1], pool[:, 3]))
    return xs, ys, near + 1


def answer_space(case: tuple) -> dict:
    """Return the space: for each of 50 orders, in the order of their insertion, a rank in the pool."""
    return {
        "kind": "integers",
        "low": np.zeros(CHOSEN, dtype=np.int64),
        "high": np.full(CHOSEN, len(case[2]) - 1, dtype=np.int64),
    }


def objective(case, answer):
    """Return the score of the tour that cheapest insertion builds; -inf unless there are 50 ranks in the pool."""
    xs, ys, ids = case
    ranks = free_ranks(answer, len(ids))
    if len(ranks) == 0:
        return -np.inf
    tour = np.empty((2 * CHOSEN + 2, 2), dtype=np.int64)
    return score_of_length(build_tour(xs, ys, ranks, tour))


def write_answer(case: tuple, answer: np.ndarray) -> str:
    """Return the orders and the tour as text; ValueError if the answer is none."""
    xs, ys, ids = case
    ranks = free_ranks(answer, len(ids))
    if len(ranks) == 0:
        raise ValueError(f"an answer holds {CHOSEN} ranks from 0 to {len(ids) - 1}")
    tour = np.empty((2 * CHOSEN + 2, 2), dtype=np.int64)
    build_tour(xs, ys, ranks, tour)
    chosen = " ".join(str(order) for order in ids[ranks])
    points = " ".join(str(value) for value in tour.ravel())
    return f"{CHOSEN} {chosen}\n{len(tour)} {points}\n"


def free_ranks(answer, pool):
    """Return different ranks: of one that is taken, the next free one; none at all if the answer is invalid."""
    if len(answer) != CHOSEN:
        return np.empty(0, dtype=np.int64)
    taken = np.zeros(pool, dtype=np.bool_)
    ranks = np.empty(CHOSEN, dtype=np.int64)
    for k in range(CHOSEN):
        rank = answer[k]
        if rank < 0 or rank >= pool:
            return np.empty(0, dtype=np.int64)
        while taken[rank]:
            rank = rank + 1 if rank + 1 < pool else 0
        taken[rank] = True
        ranks[k] = rank
    return ranks


def build_tour(xs, ys, ranks, tour):
    """Fill the tour by cheapest insertion in the order of the ranks and return its length; O(chosen^2)."""
    pool = len(xs) // 2
    tour[0, 0] = tour[0, 1] = tour[1, 0] = tour[1, 1] = OFFICE
    stops, length = 2, 0
    for k in range(len(ranks)):
        rank = ranks[k]
        px, py, dx, dy = xs[rank], ys[rank], xs[pool + rank], ys[pool + rank]
        added, pickup_at, delivery_at = cheapest_places(tour, stops, px, py, dx, dy)
        for place in range(stops - 1, delivery_at, -1):
            tour[place + 2, 0] = tour[place, 0]
            tour[place + 2, 1] = tour[place, 1]
        tour[delivery_at + 2, 0] = dx
        tour[delivery_at + 2, 1] = dy
        for place in range(delivery_at, pickup_at, -1):
            tour[place + 1, 0] = tour[place, 0]
            tour[place + 1, 1] = tour[place, 1]
        tour[pickup_at + 1, 0] = px
        tour[pickup_at + 1, 1] = py
        stops += 2
        length += added
    return length


def cheapest_places(tour, stops, px, py, dx, dy):
    """Return (added length, i, j): the restaurant goes between stops i and i + 1, the address between j and j + 1.

    Scans from the end and keeps the cheapest place for the address so far, so that one pass finds the best pair.
    """
    direct = abs(px - dx) + abs(py - dy)
    best, pickup_at, delivery_at = 1 << 40, 0, 0
    best_tail, tail_at = 1 << 40, 0
    x1, y1 = tour[stops - 1, 0], tour[stops - 1, 1]
    pickup_1, delivery_1 = abs(x1 - px) + abs(y1 - py), abs(x1 - dx) + abs(y1 - dy)
    for i in range(stops - 2, -1, -1):
        x0, y0 = tour[i, 0], tour[i, 1]
        edge = abs(x0 - x1) + abs(y0 - y1)
        pickup_0, delivery_0 = abs(x0 - px) + abs(y0 - py), abs(x0 - dx) + abs(y0 - dy)
        together = pickup_0 + direct + delivery_1 - edge
        if together < best:
            best, pickup_at, delivery_at = together, i, i
        apart = pickup_0 + pickup_1 - edge + best_tail
        if apart < best:
            best, pickup_at, delivery_at = apart, i, tail_at
        tail = delivery_0 + delivery_1 - edge
        if tail < best_tail:
            best_tail, tail_at = tail, i
        x1, y1, pickup_1, delivery_1 = x0, y0, pickup_0, delivery_0
    return best, pickup_at, delivery_at
