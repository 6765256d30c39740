"""Small problems for measuring the composer: two for each answer space, as texts of a tools.py, with scales that differ.

All are our own; each has what a problem folder's array level needs, and a generator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_HEAD = "import numpy as np\n\n\ndef numbers(text):\n    return np.array(text.split(), dtype=np.float64)\n\n"


@dataclass(frozen=True)
class ToyProblem:
    """A problem of the benchmark."""

    name: str
    space: str
    objective: str
    tools: str
    generate: Callable[[int], str]


def _text(values: np.ndarray, *head: float) -> str:
    return " ".join([*(f"{v:g}" for v in head), *(repr(float(v)) for v in values.ravel())])


def _tour_case(seed: int) -> str:
    rng = np.random.default_rng([1, seed])
    n = int(rng.integers(80, 200))
    return _text(rng.random((n, 2)) * 10.0 ** float(rng.integers(-4, 5)), n)


TOUR = ToyProblem(
    name="tour", space="permutation", objective="minimize", generate=_tour_case,
    tools=_HEAD + '''
def read_case(text):
    v = numbers(text)
    return (np.ascontiguousarray(v[1:].reshape(-1, 2)),)


def answer_space(case):
    return {"kind": "permutation", "size": case[0].shape[0]}


def distance(points, i, j):
    return np.hypot(points[i, 0] - points[j, 0], points[i, 1] - points[j, 1])


def objective(case, answer):
    points = case[0]
    total = distance(points, answer[-1], answer[0])
    for k in range(answer.size - 1):
        total += distance(points, answer[k], answer[k + 1])
    return total


def write_answer(case, answer):
    return " ".join(map(str, answer))
''',
)  # fmt: skip


def _shop_case(seed: int) -> str:
    rng = np.random.default_rng([2, seed])
    jobs = int(rng.integers(40, 90))
    return _text(
        np.column_stack([rng.integers(1, 30, jobs), rng.integers(0, 12 * jobs, jobs), rng.integers(1, 10, jobs) ** 3]),
        jobs,
    )


LATENESS = ToyProblem(
    name="lateness", space="permutation", objective="minimize", generate=_shop_case,
    tools=_HEAD + '''
# One machine, a change of kind costs time; the weighted squared lateness of all jobs.
KINDS = 5


def read_case(text):
    v = numbers(text)
    return (v[1:].reshape(-1, 3).astype(np.int64),)


def answer_space(case):
    return {"kind": "permutation", "size": len(case[0])}


def objective(case, answer):
    jobs = case[0]
    now = 0
    total = 0.0
    for k in range(answer.size):
        job = answer[k]
        if k > 0 and answer[k - 1] % KINDS != job % KINDS:
            now += 5
        now += jobs[job, 0]
        late = max(0, now - jobs[job, 1])
        total += jobs[job, 2] * late * late
    return total


def write_answer(case, answer):
    return " ".join(map(str, answer))
''',
)  # fmt: skip


def _colour_case(seed: int) -> str:
    rng = np.random.default_rng([3, seed])
    side = int(rng.integers(10, 16))
    return _text(rng.random((side * side, 4)), side, 10.0 ** float(rng.integers(-5, 7)))


MOSAIC = ToyProblem(
    name="mosaic", space="integers", objective="maximize", generate=_colour_case,
    tools=_HEAD + '''
def read_case(text):
    v = numbers(text)
    return int(v[0]), float(v[1]), np.ascontiguousarray(v[2:].reshape(-1, 4))


def answer_space(case):
    cells = case[0] * case[0]
    return {"kind": "integers", "low": np.zeros(cells, np.int64), "high": np.full(cells, 3)}


def objective(case, answer):
    """Likes of each cell for its colour, plus the squares of the sizes of one-coloured regions along rows, less ties."""
    side, scale, likes = case
    total = 0.0
    for i in range(side):
        run = 0
        for j in range(side):
            cell = i * side + j
            total += likes[cell, answer[cell]]
            if j > 0 and answer[cell] == answer[cell - 1]:
                run += 1
            else:
                run = 0
            total += 0.15 * min(run, 3)
            if i > 0 and answer[cell] == answer[cell - side]:
                total -= 0.4
    return total * scale


def write_answer(case, answer):
    return " ".join(map(str, answer))
''',
)  # fmt: skip


def _rectangle_case(seed: int) -> str:
    rng = np.random.default_rng([4, seed])
    n = int(rng.integers(25, 60))
    return _text(rng.integers(0, 1000, (n, 3)), n)


ANTENNAS = ToyProblem(
    name="antennas", space="integers", objective="maximize", generate=_rectangle_case,
    tools=_HEAD + '''
# Antennas at x, y in 0..999 with a range each: serve customers, each by one antenna only, cost grows with the range.
ANTENNAS = 12


def read_case(text):
    v = numbers(text)
    return (v[1:].reshape(-1, 3).astype(np.int64),)


def answer_space(case):
    low = np.zeros(3 * ANTENNAS, np.int64)
    high = np.full(3 * ANTENNAS, 999)
    high[2::3] = 400
    return {"kind": "integers", "low": low, "high": high}


def objective(case, answer):
    customers = case[0]
    total = 0.0
    for a in range(ANTENNAS):
        total -= 0.05 * answer[3 * a + 2] ** 2
    for c in range(customers.shape[0]):
        covered = 0
        for a in range(ANTENNAS):
            dx = answer[3 * a] - customers[c, 0]
            dy = answer[3 * a + 1] - customers[c, 1]
            covered += dx * dx + dy * dy <= answer[3 * a + 2] ** 2
        if covered == 1:
            total += 3.0 * customers[c, 2]
        elif covered > 1:
            total -= 200.0
    return total


def write_answer(case, answer):
    return " ".join(map(str, answer))
''',
)  # fmt: skip


def _knapsack_case(seed: int) -> str:
    rng = np.random.default_rng([5, seed])
    n = int(rng.integers(100, 300))
    return _text(np.column_stack([rng.integers(100, 1000, (n, 3)), rng.integers(10, 100, n) ** 3]), n)


KNAPSACK = ToyProblem(
    name="knapsack", space="subset", objective="maximize", generate=_knapsack_case,
    tools=_HEAD + '''
def read_case(text):
    v = numbers(text)
    return (v[1:].reshape(-1, 4).astype(np.int64),)


def answer_space(case):
    return {"kind": "subset", "size": len(case[0]), "minimum": 0, "maximum": len(case[0])}


def objective(case, answer):
    """Value of what fits three capacities at once; items side by side share a bonus; -inf where it does not fit."""
    items = case[0]
    used = np.zeros(3)
    value = 0.0
    for i in range(answer.size):
        if answer[i]:
            for k in range(3):
                used[k] += items[i, k]
            value += items[i, 3]
            if i > 0 and answer[i - 1]:
                value += 30000
    if used.max() > 150.0 * answer.size:
        return -np.inf
    return value


def write_answer(case, answer):
    return " ".join(map(str, answer))
''',
)  # fmt: skip


def _cover_case(seed: int) -> str:
    rng = np.random.default_rng([6, seed])
    n = int(rng.integers(60, 150))
    return _text(rng.random((n, 2)), n, int(rng.integers(8, 16)))


MEDIAN = ToyProblem(
    name="median", space="subset", objective="minimize", generate=_cover_case,
    tools=_HEAD + '''
def read_case(text):
    v = numbers(text)
    points = v[2:].reshape(-1, 2)
    return int(v[1]), np.sqrt(((points[:, None] - points[None]) ** 2).sum(-1))


def answer_space(case):
    return {"kind": "subset", "size": len(case[1]), "minimum": case[0], "maximum": case[0]}


def objective(case, answer):
    """Distances of all points to the nearest chosen one, the farthest counted ten times."""
    gaps = case[1]
    n = answer.size
    near = np.full(n, np.inf)
    for i in range(n):
        if answer[i]:
            for j in range(n):
                near[j] = min(near[j], gaps[i, j])
    return near.sum() + 10.0 * near.max()


def write_answer(case, answer):
    return " ".join(map(str, answer))
''',
)  # fmt: skip


def _robot_case(seed: int) -> str:
    rng = np.random.default_rng([7, seed])
    coins = rng.integers(1, 100, (15, 15)) * (rng.random((15, 15)) < 0.4)
    walls = rng.random((15, 15)) < 0.12
    walls[0, 0] = False
    return _text(np.where(walls, -1, coins), int(rng.integers(50, 120)))


ROBOT = ToyProblem(
    name="robot", space="sequence", objective="maximize", generate=_robot_case,
    tools=_HEAD + '''
def read_case(text):
    v = numbers(text).astype(np.int64)
    return int(v[0]), v[1:].reshape(15, 15)


def answer_space(case):
    return {"kind": "sequence", "symbols": 4, "minimum_length": 1, "maximum_length": case[0]}


def objective(case, answer):
    """A robot walks, takes coins; a blocked step loses 1. A visited cell gives nothing again."""
    board = case[1]
    taken = np.zeros((15, 15), np.bool_)
    y = x = 0
    total = 0.0
    for k in range(answer.size):
        v = y + (answer[k] == 0) - (answer[k] == 1)
        u = x + (answer[k] == 2) - (answer[k] == 3)
        if v < 0 or u < 0 or v >= 15 or u >= 15 or board[v, u] < 0:
            total -= 1
            continue
        y, x = v, u
        if not taken[y, x]:
            total += board[y, x]
            taken[y, x] = True
    return total


def write_answer(case, answer):
    return " ".join(map(str, answer))
''',
)  # fmt: skip


def _machine_case(seed: int) -> str:
    rng = np.random.default_rng([8, seed])
    return _text(rng.integers(0, 1000, 24), 24)


TAPE = ToyProblem(
    name="tape", space="sequence", objective="minimize", generate=_machine_case,
    tools=_HEAD + '''
# Programs for a head over a ring of cells: make the ring equal to the target with as few commands as may be.
def read_case(text):
    return (numbers(text)[1:].astype(np.int64),)


def answer_space(case):
    return {"kind": "sequence", "symbols": 7, "minimum_length": 0, "maximum_length": 160}


def objective(case, answer):
    target = case[0]
    n = target.size
    cells = np.zeros(n, np.int64)
    head = 0
    step = 1
    for k in range(answer.size):
        c = answer[k]
        if c == 0:
            head = (head + 1) % n
        elif c == 1:
            head = (head + n - 1) % n
        elif c == 2:
            cells[head] += step
        elif c == 3:
            cells[head] -= step
        elif c == 4:
            step = min(step * 2, 512)
        elif c == 5:
            step = max(step // 2, 1)
        else:
            cells[head] = cells[(head + n - 1) % n]
    error = 0.0
    for i in range(n):
        error += abs(cells[i] - target[i])
    return error * 0.001 + 0.002 * answer.size


def write_answer(case, answer):
    return " ".join(map(str, answer))
''',
)  # fmt: skip

TOY_PROBLEMS = (TOUR, LATENESS, MOSAIC, ANTENNAS, KNAPSACK, MEDIAN, ROBOT, TAPE)
