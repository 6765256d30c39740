"""At a contest's length: the composition that other problems' lessons point to, against the standard one.

    python -m benchmarks.transfer --out DIR --learning 300 0 --learn-only
    python -m benchmarks.believed --lessons DIR/full [--share 0.5 | --evaluations N] [--cases 12] [--problems P ...]

Beside it the composition that the problem's own lessons ended with: what there would have been to find. Both with their
standard values, on the same fresh cases; gains are mean log-ratios with their 95 % intervals, in percent.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ale_agent.attempt.remembering import features_of
from ale_agent.evaluate.comparison import mean_interval
from ale_agent.memory import Store, Strategy, component_beliefs, genotype_of, strategy_from_line
from ale_agent.seeds import share_cases
from ale_agent.strategist.compose import default_genotype
from ale_agent.strategist.genotype import Genotype, best_genotype
from benchmarks.transfer import LIMITS, PROBLEMS
from benchmarks.transfer_runs import Bench, write_memory


def main() -> None:
    """Print one row a problem."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lessons", type=Path, required=True, help="where benchmarks.transfer keeps what it learned")
    parser.add_argument("--share", type=float, default=0.5, help="of a case's time limit, about")
    parser.add_argument("--evaluations", type=int, help="objective evaluations of a run, instead of a share")
    parser.add_argument("--cases", type=int, default=12)
    parser.add_argument("--problems", nargs="+", choices=PROBLEMS, default=list(PROBLEMS))
    chosen = parser.parse_args()
    lessons = {name: _read(chosen.lessons / f"learned-{name}.jsonl") for name in PROBLEMS}
    print(f"{'problem':<15}{'evaluations':>11}  {'believed by the others':<30}{'own winner':<30}composition")
    for name in chosen.problems:
        evaluations = chosen.evaluations or int(4 * chosen.share * LIMITS[name])
        print(
            f"{name:<15}{evaluations:>11}  {row(name, lessons, evaluations, chosen.cases, chosen.lessons)}", flush=True
        )


def row(name: str, lessons: Mapping[str, Sequence[Strategy]], evaluations: int, cases: int, folder: Path) -> str:
    """Return what is printed of a problem."""
    bench = Bench(name, folder)
    try:
        search = bench.evaluator.flexible()
        seeds = share_cases(bench.problem.case_seeds_available, "confirm", cases)
        texts = [bench.evaluator.case_text(seed) for seed in seeds]

        def scores(genotype: Genotype) -> np.ndarray:
            found = [search.run(genotype, {}, text, evaluations, 1 + k) for k, text in enumerate(texts)]
            return np.array(found, dtype=np.float64)

        standard = scores(default_genotype(bench.space))
        believed = _believed(bench, [s for other, own in lessons.items() if other != name for s in own])
        won = next((text for s in lessons[name] if s.role == "composition" and (text := genotype_of(s))), None)
        winner = "-" if won is None else _gain(scores(Genotype.from_json(won)), standard)
        return f"{_gain(scores(believed), standard):<30}{winner:<30}{believed.describe()}"
    finally:
        bench.close()


def _believed(bench: Bench, lessons: Sequence[Strategy]) -> Genotype:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "memory.db"
        write_memory(path, lessons, starter=False)
        with Store.open(path, starter=False) as store:
            features = features_of(bench.problem, bench.statement, bench.space)
            return best_genotype(bench.space, component_beliefs(store, features, bench.space).worth)


def _gain(scores: np.ndarray, standard: np.ndarray) -> str:
    # the search maximizes: of what is to be minimized it returns the negative
    gains = 100 * np.sign(standard) * np.log(np.abs(scores) / np.abs(standard))
    low, high = mean_interval(list(gains))
    return f"{gains.mean():+.2f} ({low:+.2f} .. {high:+.2f})"


def _read(path: Path) -> list[Strategy]:
    return [strategy_from_line(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
