"""How fast trivial cases go through the evaluator: python -m benchmarks.throughput [--cases N] [--plain N]

A Numba program that does next to nothing is run on many cases in three ways: loaded once and forked per case in the
sandbox, judged in parallel (what a search does); one case after another, which shows what the sandbox adds to a case;
and as plain ``python solver.py`` per case, with Numba's cache warm.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from ale_agent.evaluate import Job, PoolEvaluator
from ale_agent.problem import Problem, load_problem
from ale_agent.program import Program
from ale_agent.sandbox import Limits, Run, Sandbox, open_sandbox

TARGET_CASES_PER_SECOND = 100.0
TARGET_OVERHEAD_MS = 10.0
PROBLEM = Path(__file__).resolve().parents[1] / "problems" / "flowshop"
SOLVER = """\
import sys

from numba import njit

PARAMETERS = {}


@njit("i8(i8)", cache=True)
def identity(n):
    return n


def warm_up():
    identity(1)


def main():
    jobs = identity(int(sys.stdin.readline().split()[0]))
    print(*range(1, jobs + 1))


if __name__ == "__main__":
    warm_up() if sys.argv[-1] == "ONLINE_JUDGE" else main()
"""


@dataclass(frozen=True)
class Rate:
    """Cases, and the seconds and processor seconds they took in all."""

    cases: int
    seconds: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        """Cases a second."""
        return self.cases / self.seconds

    def __str__(self) -> str:
        return (
            f"{self.per_second:8.1f} cases/s, {1e3 * self.seconds / self.cases:8.2f} ms and "
            f"{1e3 * self.cpu_seconds / self.cases:7.2f} ms of processor time a case ({self.cases} cases)"
        )


def measure_pool(problem: Problem, sandbox: Sandbox, cases: int) -> Rate:
    """Run cases in parallel, judged, after the program and the cases were prepared."""
    program = Program.from_source(SOLVER)
    jobs = [Job(seed=seed, time_limit=2.0) for seed in range(cases)]
    evaluator = PoolEvaluator(problem, sandbox=sandbox)
    try:
        list(evaluator.evaluate(program, jobs))
        started, cpu = time.perf_counter(), _cpu_seconds()
        results = list(evaluator.evaluate(program, jobs))
        rate = Rate(cases, time.perf_counter() - started, _cpu_seconds() - cpu)
    finally:
        evaluator.close()
    failed = [result.message for result in results if not result.accepted]
    if failed:
        raise SystemExit(f"{len(failed)} cases failed, the first one with: {failed[0]}")
    return rate


def measure_alone(sandbox: Sandbox, cases: int) -> Rate:
    """Run cases one after another, not judged: what the sandbox itself adds."""
    limits = Limits(wall_seconds=60.0, cpu_seconds=2.0, idle_seconds=2.0)
    loaded = sandbox.load(SOLVER)
    try:
        started, cpu = time.perf_counter(), _cpu_seconds()
        for _ in range(cases):
            loaded.start(Run(standard_input=b"5 5\n", limits=limits)).wait()
        return Rate(cases, time.perf_counter() - started, _cpu_seconds() - cpu)
    finally:
        loaded.close()


def measure_plain(cases: int) -> Rate:
    """Run ``python solver.py`` once a case, with its cache warm."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(Path(folder) / "solver.py")]
        Path(command[1]).write_text(SOLVER, encoding="utf-8")
        subprocess.run([*command, "ONLINE_JUDGE"], check=True)
        started, cpu = time.perf_counter(), _cpu_seconds()
        for _ in range(cases):
            subprocess.run(command, input=b"5 5\n", stdout=subprocess.DEVNULL, check=True)
        return Rate(cases, time.perf_counter() - started, _cpu_seconds() - cpu)


def _cpu_seconds() -> float:
    """Return the processor time of this process and its ended children (a loaded program counts when it ends)."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def main() -> None:
    """Measure, print, and say whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--plain", type=int, default=20, help="cases of the plain run")
    parser.add_argument("--sandbox", choices=["local", "none"], default="local")
    arguments = parser.parse_args()
    problem = load_problem(PROBLEM)
    sandbox = open_sandbox(arguments.sandbox)
    try:
        pool = measure_pool(problem, sandbox, arguments.cases)
        alone = measure_alone(sandbox, arguments.cases)
    finally:
        sandbox.close()
    plain = measure_plain(arguments.plain)
    overhead_ms = 1e3 * alone.seconds / alone.cases
    load = os.getloadavg()[0]
    print(f"{len(os.sched_getaffinity(0))} cores, load {load:.1f} (competing work makes every figure worse)")
    print(f"judged in parallel    {pool}")
    print(f"one after another     {alone}")
    print(f"python solver.py      {plain}")
    print(f"speed-up over the plain run: {pool.per_second / plain.per_second:.0f}")
    fast, small = pool.per_second >= TARGET_CASES_PER_SECOND, overhead_ms <= TARGET_OVERHEAD_MS
    print(f"target {TARGET_CASES_PER_SECOND:.0f} cases/s: {_met(fast)}")
    print(f"target {TARGET_OVERHEAD_MS:.0f} ms a case beside the solver: {overhead_ms:.1f} ms, {_met(small)}")


def _met(yes: bool) -> str:
    return "met" if yes else "missed"


if __name__ == "__main__":
    main()
