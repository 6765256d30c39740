"""Cases and judging of the permutation flow shop: Taillard's benchmark instances and more from his generator."""

from __future__ import annotations

import re

import numpy as np

from ale_agent.problem.rust_random import ChaCha20Rng

MACHINES = 5
LONGEST = 99
MODULUS = 2**31 - 1
MULTIPLIER = 16807
GREATEST_TIME = 10**6  # in a case from elsewhere
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)

# Time seeds of Taillard's tables: instances 1-10 have 20 jobs, 31-40 have 50, all of them five machines.
BENCHMARK_20 = (
    873654221, 379008056, 1866992158, 216771124, 495070989, 402959317, 1369363414, 2021925980, 573109518, 88325120
)  # fmt: skip
BENCHMARK_50 = (
    1328042058, 200382020, 496319842, 1203030903, 1730708564, 450926852, 1303135678, 1273398721, 587288402, 248421594
)  # fmt: skip


def generate(seed: int) -> str:
    """Return Taillard's instance of that number (1..10, 31..40), for any other seed a random one of the same kind."""
    if 1 <= seed <= 10:
        jobs, state = 20, BENCHMARK_20[seed - 1]
    elif 31 <= seed <= 40:
        jobs, state = 50, BENCHMARK_50[seed - 31]
    else:
        jobs, state = (20, 50)[seed % 2], ChaCha20Rng(seed).range_i32(1, MODULUS)
    rows = []
    for _ in range(MACHINES):
        times = []
        for _ in range(jobs):
            state = state * MULTIPLIER % MODULUS
            times.append(1 + LONGEST * state // MODULUS)
        rows.append(" ".join(map(str, times)))
    return "\n".join([f"{jobs} {MACHINES}", *rows]) + "\n"


def score(case: str, output: str) -> int:
    """Return the makespan; ValueError says which token of the output is wrong."""
    times = _times(case)
    return int(_finish_times(times, _order(output, times.shape[0]))[-1, -1])


def _times(case: str) -> np.ndarray:
    """Return the processing times (jobs, machines) int64."""
    numbers = [int(token) for token in case.split()]
    jobs, machines = (*numbers, 0, 0)[:2]
    if jobs < 1 or machines < 1 or len(numbers) != 2 + jobs * machines:
        raise ValueError(f"the case must hold n m and n x m times, has {len(numbers)} integers")
    if min(numbers[2:]) < 0 or max(numbers[2:]) > GREATEST_TIME:
        raise ValueError(f"the case must hold times 0..{GREATEST_TIME}, has {min(numbers[2:])}..{max(numbers[2:])}")
    return np.ascontiguousarray(np.array(numbers[2:], dtype=np.int64).reshape(machines, jobs).T)


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


def _finish_times(times: np.ndarray, order: list[int]) -> np.ndarray:
    """Return when each place of the order leaves each machine, (jobs, machines)."""
    finish = np.zeros((len(order), times.shape[1]), dtype=np.int64)
    free = [0] * times.shape[1]
    for place, job in enumerate(order):
        done = 0
        for machine, time in enumerate(times[job].tolist()):
            done = max(done, free[machine]) + time
            free[machine] = done
        finish[place] = free
    return finish


def draw(case: str, output: str) -> str:
    """Return a Gantt chart: a row a machine, a box a job, idle time left grey."""
    times = _times(case)
    order = _order(output, times.shape[0])
    finish = _finish_times(times, order)
    jobs, machines = times.shape
    scale, row = 1100 / finish[-1, -1], 44
    parts = []
    for place, job in enumerate(order):
        turn = 2 * np.pi * (job / jobs + np.array([0.0, 1 / 3, 2 / 3]))
        red, green, blue = (190 + 60 * np.cos(turn)).astype(int)
        for machine in range(machines):
            width = scale * times[job, machine]
            x, y = 90 + scale * finish[place, machine] - width, 40 + row * machine
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{row - 8}" stroke="#fff" stroke-width="0.5" '
                f'fill="#{red:02x}{green:02x}{blue:02x}"><title>job {job + 1}: {finish[place, machine]}</title></rect>'
            )
            if width > 14:
                parts.append(f'<text x="{x + width / 2:.1f}" y="{y + 22}" text-anchor="middle">{job + 1}</text>')
    for machine in range(machines):
        parts.append(f'<text x="10" y="{62 + row * machine}" font-size="13">machine {machine + 1}</text>')
    busiest = int(times.sum(axis=0).max())
    parts.append(
        f'<text x="90" y="26" font-size="13">{jobs} jobs, makespan {finish[-1, -1]}; '
        f"the busiest machine works for {busiest}</text>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 {50 + row * machines}" font-family="sans-serif" '
        f'font-size="10"><rect width="100%" height="100%" fill="white"/>'
        f'<rect x="90" y="34" width="1100" height="{row * machines + 4}" fill="#d8d8d8"/>{"".join(parts)}</svg>'
    )


def read_case(text: str) -> tuple:
    """Return (jobs, machines, times), times (jobs, machines) int64."""
    times = _times(text)
    return times.shape[0], times.shape[1], times


def answer_space(case: tuple) -> dict:
    """Return the orders of the jobs."""
    return {"kind": "permutation", "size": case[0]}


def objective(case, answer):
    """Return the makespan of the order; inf if it is no permutation. Cost O(jobs * machines)."""
    jobs, machines, times = case
    if answer.size != jobs:
        return np.inf
    waits = np.ones(jobs, dtype=np.bool_)
    free = np.zeros(machines, dtype=np.int64)
    for place in range(jobs):
        job = answer[place]
        if job < 0 or job >= jobs or not waits[job]:
            return np.inf
        waits[job] = False
        done = 0
        for machine in range(machines):
            done = max(done, free[machine]) + times[job, machine]
            free[machine] = done
    return float(free[machines - 1])


def write_answer(case: tuple, answer) -> str:
    """Return the order, jobs counted from 1."""
    return " ".join(str(job + 1) for job in answer) + "\n"
