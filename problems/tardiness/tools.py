"""Cases and judging of the total weighted tardiness on one machine, made as by Crauwels, Potts, Van Wassenhove."""

from __future__ import annotations

import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

SIZES = (40, 50, 100)
DUE_DATE_RANGES = (2, 4, 6, 8, 10)  # tenths
TARDINESS_FACTORS = (6, 8, 10)  # tenths; with the paper's 2 and 4 the optimum may be 0
LONGEST, HEAVIEST = 100, 10
GREATEST = {"n": 1000, "p": 10**4, "w": 10**4, "d": 10**9}  # in a case from elsewhere; scores stay below 2**53
BITS = 62  # of an int64, that note which jobs an order holds
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def generate(seed: int) -> str:
    """Return a case of 40, 50 or 100 jobs; due dates as in Crauwels, Potts, Van Wassenhove (1998), none below 0."""
    rng = ChaCha20Rng(seed)
    jobs, spread, factor = rng.choose(SIZES), rng.choose(DUE_DATE_RANGES), rng.choose(TARDINESS_FACTORS)
    sizes = [(rng.range_i32_inclusive(1, LONGEST), rng.range_i32_inclusive(1, HEAVIEST)) for _ in range(jobs)]
    total = sum(time for time, _ in sizes)
    earliest = -(total * (2 * factor + spread - 20) // 20)  # total * (1 - factor - spread / 2), rounded up
    latest = total * (20 - 2 * factor + spread) // 20
    dues = [max(0, rng.range_i32_inclusive(earliest, latest)) for _ in range(jobs)]
    rows = [f"{time} {weight} {due}" for (time, weight), due in zip(sizes, dues, strict=True)]
    return "\n".join([str(jobs), *rows]) + "\n"


def score(case: str, output: str) -> int:
    """Return the total weighted tardiness; ValueError says which token of the output is wrong."""
    times, weights, dues = _jobs(case)
    order = _order(output, len(times))
    tardiness = np.maximum(0, np.cumsum(times[order]) - dues[order])
    return int(weights[order] @ tardiness)


def _jobs(case: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return processing times, weights and due dates, (jobs,) int64 each."""
    numbers: list[int] = []
    for line, text in enumerate(case.split("\n"), start=1):
        for token in text.split():
            name = "pwd"[(len(numbers) - 1) % 3] if numbers else "n"
            low, high = 0 if name == "d" else 1, GREATEST[name]
            if INTEGER.fullmatch(token) is None or not low <= int(token) <= high:
                at = f"the case, line {line}, token {len(numbers) + 1}"
                raise ValueError(f"{at}: {name} must be {low}..{high}, is {token[:40]!r}")
            numbers.append(int(token))
    if not numbers or len(numbers) != 1 + 3 * numbers[0]:
        raise ValueError(f"the case must hold n and n jobs p w d, has {len(numbers)} integers")
    times, weights, dues = np.array(numbers[1:], dtype=np.int64).reshape(-1, 3).T.copy()
    return times, weights, dues


def _order(output: str, jobs: int) -> list[int]:
    """Return the jobs 0-based in the order of the output."""
    order: list[int] = []
    place: dict[int, int] = {}
    for line, text in enumerate(output.split("\n"), start=1):
        for token in text.split():
            at = f"line {line}, job {len(order) + 1} of the order"
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"{at}: {token[:40]!r} is not an integer")
            job = int(token)
            if not 1 <= job <= jobs:
                raise ValueError(f"{at}: {job} is not in 1..{jobs}")
            if job in place:
                raise ValueError(f"{at}: {job} is there already, as job {place[job]} of the order")
            order.append(job - 1)
            place[job] = len(order)
    if len(order) < jobs:
        raise ValueError(f"the order has {len(order)} jobs, must be all {jobs}")
    return order


def draw(case: str, output: str) -> str:
    """Return a Gantt row, jobs in time blue and late ones yellow to red, over bars of what each costs."""
    times, weights, dues = _jobs(case)
    order = _order(output, len(times))
    finish = np.cumsum(times[order]).tolist()
    costs = (weights[order] * np.maximum(0, finish - dues[order])).tolist()
    scale, dearest = 1160 / finish[-1], max(1, *costs)
    parts = []
    for job, end, cost in zip(order, finish, costs, strict=True):
        width = scale * int(times[job])
        x, share = 20 + scale * end - width, cost / dearest
        fill = f"#ff{int(220 * (1 - share)):02x}30" if cost else "#9cc4e4"
        title = (
            f"<title>job {job + 1}: weight {weights[job]}, due {dues[job]}, finished {end}, "
            f"{f'late, costs {cost}' if cost else 'in time'}</title>"
        )
        box = f'<rect x="{x:.1f}" width="{width:.1f}" fill="{fill}" stroke="#fff" stroke-width="0.5"'
        parts.append(f'{box} y="60" height="40">{title}</rect>')
        parts.append(f'{box} y="106" height="{160 * share:.1f}">{title}</rect>')
        if width > 18:
            parts.append(f'<text x="{x + width / 2:.1f}" y="84" text-anchor="middle">{job + 1}</text>')
        if dues[job] <= finish[-1]:
            due = 20 + scale * int(dues[job])
            parts.append(f'<path d="M{due:.1f} 46V58" stroke="{"#d02020" if cost else "#3070b0"}"/>')
    late = sum(cost > 0 for cost in costs)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 300" font-family="sans-serif" font-size="10">'
        '<rect width="100%" height="100%" fill="white"/>'
        f'<text x="20" y="26" font-size="13">{len(order)} jobs, {late} late, weighted tardiness {sum(costs)}</text>'
        f'<text x="20" y="42" fill="#666">due dates</text>{"".join(parts)}'
        f'<text x="20" y="290" fill="#666">bars: weighted tardiness of the job above, at most {max(costs)}</text></svg>'
    )


def read_case(text: str) -> tuple:
    """Return (jobs, times, weights, dues), the arrays (jobs,) int64."""
    times, weights, dues = _jobs(text)
    return len(times), times, weights, dues


def answer_space(case: tuple) -> dict:
    """Return the orders of the jobs."""
    return {"kind": "permutation", "size": case[0]}


def objective(case, answer):
    """Return the total weighted tardiness of the order; inf if it is no permutation. Cost O(jobs) up to some 100 jobs.

    The first loop finds each job at some place, 62 jobs at a time as bits of an integer: it allocates nothing, and a
    compiler makes it branchless. Unsigned indices need no wrapping around.
    """
    jobs, times, weights, dues = case
    if answer.size != jobs:
        return np.inf
    for first in range(0, jobs, BITS):
        end = min(first + BITS, jobs)
        found = 0
        for place in range(jobs):
            job = answer[place]
            found |= (1 << ((job - first) & 63)) if first <= job < end else 0
        if found != (1 << (end - first)) - 1:
            return np.inf
    done = 0
    total = 0
    for place in range(jobs):
        job = np.uint64(answer[place])
        done += times[job]
        total += weights[job] * max(0, done - dues[job])
    return float(total)


def write_answer(case: tuple, answer) -> str:
    """Return the order, jobs counted from 1."""
    return " ".join(str(job + 1) for job in answer) + "\n"
