"""Compares composed programs with a plain annealer at its best temperature, at equal numbers of evaluations.

`python -m benchmarks.composer [--evaluations N] [--cases K] [--problem NAME ...] [--random R]`

Counting evaluations instead of seconds makes the figures independent of what else the machine does; both sides spend
nearly all their time in the objective. Figures are the mean over the cases of (value - yardstick) / |yardstick|, in
percent, turned so that positive is better; "won" counts the cases.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from ale_agent.strategist.compose import compose, default_genotype, random_genotype
from ale_agent.strategist.genotype import Genotype
from benchmarks.composer_problems import TOY_PROBLEMS, ToyProblem
from benchmarks.composer_yardstick import TEMPERATURES, plain_annealer

_serial = itertools.count()


def load(source: str, folder: Path) -> ModuleType:
    """Return the program as a module; it is our own text."""
    name = f"composed_{next(_serial)}"
    path = folder / f"{name}.py"
    path.write_text(source)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def composed_values(
    module: ModuleType,
    genotype: Genotype,
    cases: Sequence[str],
    evaluations: int,
    chosen: Mapping[str, float],
    seed: int = 1,
) -> np.ndarray:
    """Return the value of the answer to each case, greater is better."""
    values = {name: entry["default"] for name, entry in module.PARAMETERS.items()} | dict(chosen)
    weights = np.array([float(values[f"weight_{name}"]) for name in genotype.neighbourhoods])
    numbers = [
        type(entry["default"])(values[name])
        for name, entry in module.PARAMETERS.items()
        if name != "evaluation_limit" and (not name.startswith("weight_") or name == "weight_floor")
    ]
    found = []
    for text in cases:
        case = module.read_case(text)
        budget = np.array([1.0, 0.0, 1.0, float(evaluations), 0.0])
        answer, extent = module.search(
            case, module.space_of(case), budget, module.random_state(seed), weights, *numbers
        )
        found.append(module.evaluate_full(case, answer, extent, budget))
    return np.array(found)


def yardstick_values(
    module: ModuleType, cases: Sequence[str], evaluations: int
) -> tuple[np.ndarray, tuple[float, float]]:
    """Return the value of each case at the temperatures that are best over all of them, and those temperatures."""

    def row_at(temperatures: tuple[float, float], first_seed: int) -> np.ndarray:
        row = []
        for number, text in enumerate(cases):
            case = module.read_case(text)
            budget = np.array([1.0, 0.0, 1.0, float(evaluations), 0.0])
            row.append(module.plain_search(case, module.space_of(case), budget, *temperatures, first_seed + number))
        return np.array(row)

    rows = {temperatures: row_at(temperatures, 0) for temperatures in TEMPERATURES}
    middle = np.median(np.array(list(rows.values())), axis=0)
    best = max(rows, key=lambda key: float(relative(rows[key], middle).mean()))
    # The best of many noisy rows is flattered: run it again with other random numbers.
    return np.mean([row_at(best, first) for first in (1000, 2000)], axis=0), best


def relative(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return by how much each value is better than the reference, as a share, within -1..1."""
    finite = np.where(np.isfinite(values), values, -1e300)
    clipped: np.ndarray = np.clip((finite - reference) / np.maximum(np.abs(reference), 1e-12), -1.0, 1.0)
    return clipped


def plain_module(problem: ToyProblem, folder: Path) -> ModuleType:
    """Return the yardstick for a problem as a module."""
    genotype = replace(
        default_genotype(problem.space), neighbourhoods=default_genotype(problem.space).neighbourhoods[:1]
    )
    source = compose(problem.tools, genotype, sample_case=problem.generate(0), objective=problem.objective)
    head = source.split('if __name__ == "__main__":')[0]
    return load(head + "\nimport math\n" + plain_annealer(problem.space), folder)


def compare(problem: ToyProblem, options: Any, folder: Path, report: Callable[[str], None]) -> None:
    """Print one line for the yardstick, the default composition and the best of some random ones."""
    cases = [problem.generate(seed) for seed in range(options.cases)]
    reference, temperatures = yardstick_values(plain_module(problem, folder), cases, options.evaluations)
    report(f"{problem.name:<10} yardstick at {temperatures}")
    rng = np.random.default_rng(1)
    genotypes = [default_genotype(problem.space)] + [
        random_genotype(problem.space, None, rng) for _ in range(options.random)
    ]
    for genotype in genotypes:
        source = compose(problem.tools, genotype, sample_case=cases[0], objective=problem.objective)
        values = composed_values(load(source, folder), genotype, cases, options.evaluations, {})
        better = relative(values, reference)
        spread = 1.96 * better.std() / np.sqrt(len(better))
        report(
            f"{problem.name:<10} {100 * better.mean():+8.3f} % +- {100 * spread:.3f}  "
            f"won {np.mean(better > 0):4.0%}  {genotype.describe()}"
        )


def main() -> None:
    """Compare on every problem, or on those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evaluations", type=int, default=50_000)
    parser.add_argument("--cases", type=int, default=8)
    parser.add_argument("--random", type=int, default=0, help="how many random genotypes to try beside the default one")
    parser.add_argument("--problem", nargs="*", default=[p.name for p in TOY_PROBLEMS])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for problem in TOY_PROBLEMS:
            if problem.name in options.problem:
                compare(problem, options, Path(folder), lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
