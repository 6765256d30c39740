"""Pyramid Sorting: swap touching balls of a triangle until each is smaller than the two below it.

Array level. The balls are moved up in the order of their numbers, each along greater balls until none is above it;
where two are, it normally swaps with the greater one. The answer says for each ball at which of its two-way steps it
takes the smaller one instead (1 the first, 2 the second, ..., 0 never). Every answer sorts the triangle.

Notation: places are numbered row by row, (x, y) is x (x + 1) / 2 + y; `balls`, `(465,)` int64, the ball at each place;
`rows`, `(465,)` int64, the x of each place.
"""

from __future__ import annotations

import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

ROWS = 30
BALLS = 465
MOST_SWAPS = 10000
LAST_STEP = 20
TOUCHING = ((-1, -1), (-1, 0), (0, -1), (0, 1), (1, 0), (1, 1))
INTEGER = re.compile(r"-?[0-9]{1,9}")


def generate(seed: int) -> str:
    """Return a case: a uniform permutation of the balls (the contest's distribution, not its very cases)."""
    balls = list(range(BALLS))
    ChaCha20Rng(seed).shuffle(balls)
    rows = (balls[x * (x + 1) // 2 : (x + 1) * (x + 2) // 2] for x in range(ROWS))
    return "".join(" ".join(str(ball) for ball in row) + "\n" for row in rows)


def score(case: str, output: str) -> int:
    """Return the contest's score."""
    swaps = parse_swaps(output)
    errors = len(violations(after_swaps(case, swaps)))
    return 50000 - 50 * errors if errors else 100000 - 5 * len(swaps)


def after_swaps(case: str, swaps: list[tuple[int, int]]) -> list[int]:
    """Return the ball at each place when all operations are done."""
    balls = parse_case(case)
    for one, other in swaps:
        balls[one], balls[other] = balls[other], balls[one]
    return balls


def parse_case(case: str) -> list[int]:
    """Return the ball at each place."""
    balls = integers(case)
    if sorted(balls) != list(range(BALLS)):
        raise ValueError(f"the case must hold each of 0..{BALLS - 1} once, has {len(balls)} numbers")
    return balls


def violations(balls: list[int]) -> list[tuple[int, int]]:
    """Return the pairs (upper place, lower place) whose upper ball is the greater one."""
    pairs = ((place, place + x + below) for x in range(1, ROWS) for place in row_above(x) for below in (0, 1))
    return [(upper, lower) for upper, lower in pairs if balls[upper] > balls[lower]]


def row_above(x: int) -> range:
    """Return the places of row x - 1."""
    return range((x - 1) * x // 2, x * (x + 1) // 2)


def parse_swaps(output: str) -> list[tuple[int, int]]:
    """Return the pairs of places that are swapped."""
    numbers = integers(output)
    if not numbers:
        raise ValueError("line 1: expected the number of operations K, but the output is empty")
    count = numbers[0]
    if not 0 <= count <= MOST_SWAPS:
        raise ValueError(f"K must be 0 to {MOST_SWAPS}, is {count}")
    if len(numbers) != 4 * count + 1:
        raise ValueError(f"K is {count}, so {4 * count} numbers must follow, but {len(numbers) - 1} do")
    return [swap_of(k, *numbers[4 * k - 3 : 4 * k + 1]) for k in range(1, count + 1)]


def integers(text: str) -> list[int]:
    """Return the whitespace-separated integers of a text."""
    numbers = []
    for line_number, line in enumerate(text.split("\n"), 1):
        for place, token in enumerate(line.split(), 1):
            if not INTEGER.fullmatch(token):
                raise ValueError(f"line {line_number}, token {place}: expected an integer, got {token[:20]!r}")
            numbers.append(int(token))
    return numbers


def swap_of(number: int, x: int, y: int, x2: int, y2: int) -> tuple[int, int]:
    """Return the two places of an operation."""
    for row, column in ((x, y), (x2, y2)):
        if not 0 <= column <= row < ROWS:
            raise ValueError(f"operation {number}: ({row}, {column}) is no place of the triangle")
    if (x2 - x, y2 - y) not in TOUCHING:
        raise ValueError(f"operation {number}: ({x}, {y}) and ({x2}, {y2}) do not touch")
    return x * (x + 1) // 2 + y, x2 * (x2 + 1) // 2 + y2


def draw(case: str, output: str) -> str:
    """Return the triangle after the last operation, small balls dark, and violations as red bars."""
    balls = after_swaps(case, parse_swaps(output))
    centres = [(400 + (y - x / 2) * 26, 26 + x * 24) for x in range(ROWS) for y in range(x + 1)]
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="750" viewBox="0 0 800 750" text-anchor="middle"'
        ' font-family="sans-serif" font-size="9">',
        '<rect width="800" height="750" fill="#ffffff"/>',
        f'<text x="16" y="30" text-anchor="start" font-size="18" fill="#222222">Score {score(case, output):,}</text>',
    ]
    for (x, y), ball in zip(centres, balls, strict=True):
        share = ball / (BALLS - 1)
        ink = "#ffffff" if share < 0.55 else "#1d2430"
        red, green, blue = (round(dark + (pale - dark) * share) for dark, pale in ((20, 236), (52, 242), (110, 250)))
        parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="11.5" fill="#{red:02x}{green:02x}{blue:02x}"/>')
        parts.append(f'<text x="{x:g}" y="{y + 3:g}" fill="{ink}">{ball}</text>')
    for upper, lower in violations(balls):
        (x, y), (x2, y2) = centres[upper], centres[lower]
        parts.append(f'<path d="M{x:g} {y:g}L{x2:g} {y2:g}" stroke="#d0402a" stroke-width="4" opacity="0.6"/>')
    return "\n".join([*parts, "</svg>"])


def read_case(text: str) -> tuple:
    """Return (balls, rows)."""
    balls = np.array(parse_case(text), dtype=np.int64)
    return balls, np.repeat(np.arange(ROWS), np.arange(1, ROWS + 1)).astype(np.int64)


def answer_space(case: tuple) -> dict:
    """Return the space: for each ball the two-way step at which it takes the smaller ball, 0 for none."""
    return {
        "kind": "integers",
        "low": np.zeros(BALLS, dtype=np.int64),
        "high": np.full(BALLS, LAST_STEP, dtype=np.int64),
    }


def objective(case, answer):
    """Return the score; -inf for an invalid answer or more than 10000 swaps."""
    balls, rows = case
    if not is_answer(answer):
        return -np.inf
    swaps = move_up(balls, rows, answer, np.empty((0, 2), dtype=np.int64))
    return 100000.0 - 5.0 * swaps if swaps <= MOST_SWAPS else -np.inf


def write_answer(case: tuple, answer: np.ndarray) -> str:
    """Return the operations as text; ValueError if the answer is none or takes more than 10000 swaps."""
    balls, rows = case
    if not is_answer(answer):
        raise ValueError(f"an answer holds {BALLS} numbers from 0 to {LAST_STEP}")
    log = np.empty((MOST_SWAPS, 2), dtype=np.int64)
    swaps = move_up(balls, rows, answer, log)
    if swaps > MOST_SWAPS:
        raise ValueError(f"K must be 0 to {MOST_SWAPS}, is {swaps}")
    places = [(int(rows[place]), int(place - rows[place] * (rows[place] + 1) // 2)) for place in range(BALLS)]
    lines = [f"{places[one][0]} {places[one][1]} {places[two][0]} {places[two][1]}" for one, two in log[:swaps]]
    return "\n".join([str(swaps), *lines]) + "\n"


def is_answer(answer):
    """Return whether there is one step number in range for each ball."""
    return len(answer) == BALLS and answer.min() >= 0 and answer.max() <= LAST_STEP


def move_up(balls, rows, answer, log):
    """Return the number of swaps that bring all balls up in turn, and log the first of them; O(465 + swaps)."""
    at = balls.copy()
    place_of = np.empty(BALLS, dtype=np.int64)
    for place in range(BALLS):
        place_of[at[place]] = place
    swaps = 0
    for ball in range(BALLS):
        place, choice_step = place_of[ball], 0
        while place > 0:
            x = rows[place]
            y = place - x * (x + 1) // 2
            left = at[place - x - 1] if y > 0 else -1
            right = at[place - x] if y < x else -1
            if left < ball and right < ball:
                break
            go_left = left > right
            if left > ball and right > ball:
                choice_step += 1
                if answer[ball] == choice_step:
                    go_left = not go_left
            above = place - x - 1 if go_left else place - x
            if swaps < len(log):
                log[swaps, 0] = place
                log[swaps, 1] = above
            swaps += 1
            at[place] = at[above]
            place_of[at[place]] = place
            place = above
        at[place] = ball
        place_of[ball] = place
    return swaps
