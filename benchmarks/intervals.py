"""How often the benchmark's intervals hold what they promise, on the scores of a real run.

    python -m benchmarks.intervals RUN/results.jsonl

Each solver's cases are split many times: the interval is made from a few, and must hold the mean of all the others. With 20 of
100 cases the others are 80; the interval is made for the mean of another hundred, so a little less than 95 % is right.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import stats

from ale_agent.leaderboard.benchmark import OTHER_CASES, predicted_means

_PERCENT = (2.5, 97.5)


def main() -> None:
    """Print a line a solver, and one for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, help="results.jsonl of ale-agent bench, with many cases a solver")
    parser.add_argument("--cases", type=int, default=20, help="cases that an interval is made from")
    parser.add_argument("--splits", type=int, default=400)
    options = parser.parse_args()
    coverages = []
    print(f"{'solver':16} cases  skew  coverage  below  above  plain t")
    for program, scores in _scores(options.results).items():
        if len(scores) < 2 * options.cases:
            continue
        held, low, high, plain = coverage(scores, options.cases, options.splits)
        coverages.append(held)
        print(f"{program:16} {len(scores):5} {stats.skew(scores):5.1f} {held:9.3f} {low:6.3f} {high:6.3f} {plain:8.3f}")
    if coverages:
        print(f"{'mean':16} {'':11} {np.mean(coverages):9.3f}, least {min(coverages):.3f}; 95 % is promised")


def coverage(scores: npt.NDArray[np.float64], cases: int, splits: int) -> tuple[float, float, float, float]:
    """Return the shares of splits whose other cases' mean lies in the interval, below it, above it, and in a t interval."""
    rng = np.random.default_rng(0)
    below = above = plain = 0
    for split in range(splits):
        order = rng.permutation(len(scores))
        some, mean = scores[order[:cases]], scores[order[cases:]].mean()
        low, high = np.percentile(predicted_means(some, OTHER_CASES, split), _PERCENT)
        below += mean < low
        above += mean > high
        half = stats.t.ppf(0.975, cases - 1) * some.std(ddof=1) / np.sqrt(cases)
        plain += abs(mean - some.mean()) <= half
    return 1 - (below + above) / splits, below / splits, above / splits, plain / splits


def _scores(path: Path) -> dict[str, npt.NDArray[np.float64]]:
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["score"] is not None:
            found[row["program"]][row["seed"]] = float(row["score"])
    return {program: np.array(list(cases.values())) for program, cases in found.items()}


if __name__ == "__main__":
    main()
