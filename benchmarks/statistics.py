"""What the race promises, measured: `python -m benchmarks.statistics [--quick]` prints level, power and cost.

The noise is that of real runs: `python -m benchmarks.statistics --measure [PROBLEM ...]` runs a problem's composed
solver on 40 cases with six solver seeds and keeps the scores in benchmarks/data/noise.csv. On each case of a simulated race the
incumbent has one of those six runs, drawn anew, and the challenger another one with a gain added: so with a gain of zero
it is an A/A run, a program against itself. (Two whole runs fixed for a race would differ by chance on the 40 cases, and
so would no longer be equally good on the cases drawn from them.) The runs as they were are raced as well, each pair of
solver seeds on the 40 cases in both directions.

Then come distributions that are made to break a test (`benchmarks/hard_noise.py`): ties, failures, heavy tails, scores
that are no positive numbers, few cases. One of them does: it is printed as a limit, not as a promise.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ale_agent.evaluate.comparison import sign_flip_p
from ale_agent.evaluate.race import RacePlan, plan_race
from benchmarks.hard_noise import NULLS, UNPROTECTED, win_hard_race

DATA = Path(__file__).parent / "data" / "noise.csv"
PROBLEMS = ("ahc001", "ahc006", "ahc021", "ahc026", "ahc028", "ahc046", "flowshop")
CASES, RUNS, SECONDS = 40, 6, 0.5
FULL_CASES = 48

MIX = ((0.60, -0.05, -0.005), (0.25, 0.0, 0.0), (0.10, 0.002, 0.008), (0.05, 0.02, 0.05))
"""Shares of candidates with the range of their true gain, as log-ratios: most are worse, few are clearly better."""


def main() -> None:
    """Measure the noise, or print the three figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", nargs="*", metavar="PROBLEM", help="run these solvers (all) and keep their scores")
    parser.add_argument("--quick", action="store_true", help="a tenth of the races")
    chosen = parser.parse_args()
    if chosen.measure is not None:
        measure(chosen.measure or PROBLEMS)
        return
    races = 200 if chosen.quick else 2000
    noise = read_noise()
    plan = plan_race(FULL_CASES)
    rng = np.random.default_rng(0)
    print(f"plan for {FULL_CASES} cases: looks at {plan.stages}, level {plan.level:.3f}")
    for problem, table in noise.items():
        spread = np.std([table[i] - table[j] for i in range(len(table)) for j in range(i)])
        wins, _ = simulate(plan, [table], lambda: 0.0, races, rng)
        print(f"A/A on {problem:<9} wins {interval(wins, races)}; noise of a paired gain {100 * spread:.2f} %")
    won, raced = race_as_run(noise)
    print(f"A/A as run: {won} of {raced} races of one real run against another were won, {100 * won / raced:.1f} %")
    level, _ = simulate(plan, list(noise.values()), lambda: 0.0, races, rng)
    print(f"level: a challenger that is no better wins {interval(level, races)} (promised: at most 5 %)")
    power, _ = simulate(plan, [noise["ahc001"]], lambda: 0.01, races, rng)
    print(f"power: one that is 1 % better on ahc001's noise wins {interval(power, races)} (promised: at least 80 %)")
    shares = np.array([share for share, _, _ in MIX])

    def drawn_gain() -> float:
        _, low, high = MIX[int(rng.choice(len(MIX), p=shares))]
        return float(rng.uniform(low, high))

    _, cost = simulate(plan, list(noise.values()), drawn_gain, races, rng)
    print(f"cost: a race runs {100 * cost:.1f} % of the cases of the fixed design (promised: at most 40 %)")
    print_hard_cases(races // 2, rng)


def race_as_run(noise: dict[str, np.ndarray]) -> tuple[int, int]:
    """Race every real run against every other one of its program; returns how many were won, and how many there were.

    The races of a problem share their runs, so that the share varies more than so many independent ones would.
    """
    won = raced = 0
    for table in noise.values():
        plan = plan_race(table.shape[1])
        for i in range(len(table)):
            for j in range(len(table)):
                if i != j:
                    won += decide(plan, table[i] - table[j])[0]
                    raced += 1
    return won, raced


def print_hard_cases(races: int, rng: np.random.Generator) -> None:
    """Print how often a challenger that is no better wins where the noise is hard for a test."""
    for kind in NULLS:
        shares = []
        for cases in (4, 8, 12, FULL_CASES):
            plan = plan_race(cases)
            won = sum(win_hard_race(kind, plan, rng) for _ in range(races))
            shares.append(f"{cases}: {interval(won, races)}")
        promise = "a limit of the test" if kind.name in UNPROTECTED else "promised: at most 5 %"
        print(f"hard: {kind.name:<44} wins of races of {'; '.join(shares)} ({promise})")


def simulate(
    plan: RacePlan, tables: Sequence[np.ndarray], gain: object, races: int, rng: np.random.Generator
) -> tuple[int, float]:
    """Return how many of the races were won, and which share of the cases was run.

    Parameters
    ----------
    plan
        The plan of the races.
    tables
        Log scores, greater is better, shape ``(runs, cases)``, one table a problem.
    gain
        Draws the challenger's true gain.
    races
        How many.
    rng
        Draws problem, runs and cases.
    """
    assert callable(gain)
    wins, run = 0, 0
    for _ in range(races):
        table = tables[int(rng.integers(len(tables)))]
        cases = rng.integers(0, table.shape[1], plan.stages[-1])
        mine = rng.integers(0, len(table), len(cases))
        theirs = (mine + rng.integers(1, len(table), len(cases))) % len(table)
        gains = table[mine, cases] - table[theirs, cases] + gain()
        won, used = decide(plan, gains)
        wins += won
        run += used
    return wins, run / (races * plan.stages[-1])


def decide(plan: RacePlan, gains: np.ndarray) -> tuple[bool, int]:
    """Return whether a challenger with these gains wins, and after how many cases that is decided."""
    for stage, win_level, futility_level in zip(plan.stages, plan.win_levels, plan.futility_levels, strict=True):
        p = sign_flip_p(gains[:stage])
        if p <= win_level:
            return True, stage
        if p > futility_level > 0.0:
            return False, stage
    return False, plan.stages[-1]


def interval(hits: int, of: int) -> str:
    """Return a share with its 95 % interval (Wilson's)."""
    p, z = hits / of, 1.96
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * np.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return f"{100 * p:.1f} % ({100 * max(0.0, middle - half):.1f} .. {100 * (middle + half):.1f})"


def read_noise() -> dict[str, np.ndarray]:
    """Return the log scores by problem, greater is better, shape ``(runs, cases)``."""
    found: dict[str, dict[tuple[int, int], float]] = {}
    with DATA.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            sign = -1.0 if row["objective"] == "minimize" else 1.0
            found.setdefault(row["problem"], {})[int(row["run"]), int(row["case"])] = sign * np.log(float(row["score"]))
    tables = {}
    for problem, scores in found.items():
        runs = sorted({run for run, _ in scores})
        cases = [c for c in sorted({case for _, case in scores}) if all((run, c) in scores for run in runs)]
        tables[problem] = np.array([[scores[run, case] for case in cases] for run in runs])
    return tables


def measure(problems: Sequence[str]) -> None:
    """Run the default composition of these problems and keep its scores; those of other problems stay."""
    from ale_agent.evaluate import Job, PoolEvaluator
    from ale_agent.problem import Case, find_problem, load_problem, open_tools
    from ale_agent.program import Program
    from ale_agent.strategist.compose import compose, default_genotype

    with DATA.open(encoding="utf-8") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file) if row["problem"] not in problems]
    for name in problems:
        problem = load_problem(find_problem(name))
        with open_tools(problem) as tools:
            case = Case(0, tools.generate(0))
            space = str(tools.answer_space(case)["kind"])
        source = compose(
            problem.tools_source or "", default_genotype(space), sample_case=case.text, objective=problem.spec.objective
        )
        evaluator = PoolEvaluator(problem)
        program = Program.from_source(source)
        try:
            for run in range(RUNS):
                jobs = [Job(seed=5 * 10**9 + k, time_limit=SECONDS, solver_seed=1000 * run + k) for k in range(CASES)]
                for result in evaluator.evaluate(program, jobs):
                    if result.score is not None:
                        rows.append((name, problem.spec.objective, str(run), str(result.seed), str(result.score)))
        finally:
            evaluator.close()
        print(f"{name}: {len(rows)} scores so far")
    with DATA.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("problem", "objective", "run", "case", "score"))
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()
