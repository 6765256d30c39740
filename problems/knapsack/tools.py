"""Cases and judging of the multidimensional 0/1 knapsack: instances as Chu and Beasley (1998) generate them."""

from __future__ import annotations

import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

ITEMS = (100, 250)
CONSTRAINTS = (5, 10)
TIGHTNESS = (1, 2, 3)  # a capacity is this many quarters of all weights
HEAVIEST = 1000
PROFIT_SPREAD = 500
GREATEST_WEIGHT = 10**6  # in a case from elsewhere, also of a profit
GREATEST_CAPACITY = 10**12
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def generate(seed: int) -> str:
    """Return a random case: weights uniform, capacities a quarter to three of their sums, profits near the mean weight.

    Source: Chu and Beasley, Journal of Heuristics 4 (1998), with sizes and tightness drawn by the seed.
    """
    rng = ChaCha20Rng(seed)
    items, constraints, quarters = rng.choose(ITEMS), rng.choose(CONSTRAINTS), rng.choose(TIGHTNESS)
    weights = [[rng.range_i32_inclusive(0, HEAVIEST) for _ in range(items)] for _ in range(constraints)]
    profits = [
        max(1, sum(column) // constraints + rng.range_i32(0, PROFIT_SPREAD)) for column in zip(*weights, strict=True)
    ]
    capacities = [quarters * sum(row) // 4 for row in weights]
    return "\n".join(" ".join(map(str, row)) for row in [(items, constraints), profits, *weights, capacities]) + "\n"


def score(case: str, output: str) -> int:
    """Return the profit of the chosen items; ValueError says which token or which capacity is wrong."""
    items, _, profits, weights, capacities = read_case(case)
    chosen = _choice(output, items)
    used = weights[chosen].sum(axis=0)
    for constraint, (load, capacity) in enumerate(zip(used.tolist(), capacities.tolist(), strict=True), start=1):
        if load > capacity:
            raise ValueError(f"the chosen items weigh {load} in constraint {constraint}, must be at most {capacity}")
    return int(profits[chosen].sum())


def _choice(output: str, items: int) -> list[int]:
    """Return the chosen items, 0-based and increasing."""
    count, chosen = -1, []
    for line, text in enumerate(output.split("\n"), start=1):
        for token in text.split():
            at = f"line {line}, " + ("k" if count < 0 else f"item {len(chosen) + 1} of the choice")
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"{at}: {token[:40]!r} is not an integer")
            value = int(token)
            if count < 0:
                if not 0 <= value <= items:
                    raise ValueError(f"{at}: {value} is not in 0..{items}")
                count = value
                continue
            if len(chosen) == count:
                raise ValueError(f"{at}: {value} is one item more than the k = {count} announced")
            if not 1 <= value <= items:
                raise ValueError(f"{at}: {value} is not in 1..{items}")
            if chosen and value - 1 <= chosen[-1]:
                raise ValueError(f"{at}: {value} must be greater than the item before it, {chosen[-1] + 1}")
            chosen.append(value - 1)
    if count < 0:
        raise ValueError("line 1, k: the output is empty, must begin with the number of chosen items")
    if len(chosen) < count:
        raise ValueError(f"the choice has {len(chosen)} items, must be the k = {count} announced")
    return chosen


def draw(case: str, output: str) -> str:
    """Return bars of how full each capacity is, and below all items by profit per weight, the chosen ones coloured.

    An item's weight is here the sum over the constraints of its share of the capacity.
    """
    items, constraints, profits, weights, capacities = read_case(case)
    chosen = _choice(output, items)
    profit = score(case, output)
    parts = [f'<text x="90" y="26" font-size="13">{len(chosen)} of {items} items, profit {profit}</text>']
    for constraint, (load, capacity) in enumerate(zip(weights[chosen].sum(axis=0), capacities, strict=True)):
        y, width = 40 + 22 * constraint, 1000 * load / max(capacity, 1)
        parts.append(
            f'<text x="10" y="{y + 13}">capacity {constraint + 1}</text>'
            f'<rect x="90" y="{y}" width="1000" height="18" fill="#d8d8d8"/>'
            f'<rect x="90" y="{y}" width="{width:.1f}" height="18" fill="#4878b8"/>'
            f'<text x="1100" y="{y + 13}">{load} / {capacity}</text>'
        )
    shares = (weights / np.maximum(capacities, 1)).sum(axis=1)
    worth = profits / np.maximum(shares, 1e-9)
    order = np.argsort(-worth, kind="stable")
    top, height, width = 70 + 22 * constraints, 240, 1100 / items
    tallest = max(float(worth[shares > 0].max(initial=0)), 1e-9)  # weightless items are cut off at it
    parts.append(f'<text x="90" y="{top - 6}" font-size="13">items by profit per share of the capacities</text>')
    picked = set(chosen)
    for place, item in enumerate(order.tolist()):
        tall = height * min(1.0, worth[item] / tallest)
        parts.append(
            f'<rect x="{90 + width * place:.1f}" y="{top + height - tall:.1f}" width="{0.85 * width:.1f}" '
            f'height="{tall:.1f}" fill="{"#e08030" if item in picked else "#c0c0c0"}">'
            f"<title>item {item + 1}: profit {profits[item]}, weights {' '.join(map(str, weights[item]))}</title></rect>"
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 {top + height + 10}" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>'
    )


def read_case(text: str) -> tuple:
    """Return (n, m, profits, weights, capacities): profits (n,), weights (n, m) item by item, capacities (m,), int64."""
    numbers = []
    for line, row in enumerate(text.split("\n"), start=1):
        for token in row.split():
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"line {line} of the case: {token[:40]!r} is not an integer")
            numbers.append(int(token))
    items, constraints = (*numbers, 0, 0)[:2]
    if items < 1 or constraints < 1 or len(numbers) != 2 + items + items * constraints + constraints:
        raise ValueError(f"the case must hold n m, n profits, m x n weights, m capacities, has {len(numbers)} integers")
    values, capacities = numbers[2:-constraints], numbers[-constraints:]
    for name, part, greatest in (
        ("profits and weights", values, GREATEST_WEIGHT),
        ("capacities", capacities, GREATEST_CAPACITY),
    ):
        if min(part) < 0 or max(part) > greatest:
            raise ValueError(f"the case must hold {name} 0..{greatest}, has {min(part)}..{max(part)}")
    rows = np.array(values, dtype=np.int64).reshape(1 + constraints, items)
    return items, constraints, rows[0].copy(), np.ascontiguousarray(rows[1:].T), np.array(capacities, dtype=np.int64)


def answer_space(case: tuple) -> dict:
    """Return the subsets of the items, of any size: what does not fit is left out (see `objective`)."""
    return {"kind": "subset", "size": case[0], "minimum": 0, "maximum": case[0]}


def objective(case, answer):
    """Return the profit of the items taken; -inf if the answer is no 0/1 array (n,). Cost O(n * m).

    Items with a 1 are looked at in order of number and taken if they still fit in every capacity, else left out.
    """
    items, constraints, profits, weights, free = case
    if answer.size != items:
        return -np.inf
    free = free.copy()
    profit = 0
    for item in range(items):
        if answer[item] == 0:
            continue
        if answer[item] != 1:
            return -np.inf
        lack = 0  # negative once a constraint is: without a branch, which is faster than to stop at the first of them
        for constraint in range(constraints):
            lack |= free[constraint] - weights[item, constraint]
        if lack >= 0:
            for constraint in range(constraints):
                free[constraint] -= weights[item, constraint]
            profit += profits[item]
    return float(profit)


def write_answer(case: tuple, answer) -> str:
    """Return how many items `objective` takes and which, counted from 1."""
    _, _, _, weights, free = case
    chosen = []
    for item in np.flatnonzero(answer).tolist():
        if (weights[item] <= free).all():
            free = free - weights[item]
            chosen.append(item + 1)
    return " ".join(map(str, [len(chosen), *chosen])) + "\n"
