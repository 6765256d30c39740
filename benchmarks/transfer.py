"""Does memory help on a problem never seen? Leave one problem out, learn on the others, attack it with and without.

    python -m benchmarks.transfer --out DIR [--problems P ...] [--repetitions N] [--quick]
    python -m benchmarks.transfer --out DIR --write ale_agent/memory/data/learned.jsonl

For each bundled problem with array-level tools a search from an empty memory writes down what it learned. Then each is
attacked with (a) what the *others* taught and nothing else, (b) the starter catalogue, which holds a standard composition
that people chose, (c) an empty memory, which leaves even draws; same budget, same seeds, every repetition on cases of its
own; with `--arms`, also with (d) all that ships: (a) and (b) together. An evaluation is one run of a candidate on one
case, of a fixed number of objective evaluations, so that every figure is the same on every machine. All incumbents are
judged on the same fresh cases, by their gain over the standard composition as it stands.

What is done is kept in DIR and not done again. `--quick`: two repetitions of small searches.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ale_agent.evaluate.comparison import mean_interval
from ale_agent.memory import Strategy, strategy_from_line
from ale_agent.seeds import derive
from benchmarks.transfer_runs import Bench, Effort, Trace, write_memory

PROBLEMS = ("ahc001", "ahc006", "ahc011", "ahc021", "ahc026", "ahc028", "ahc046", "flowshop")
ARMS = ("learned", "starter", "empty", "both")
LEARNING = Effort(iterations=30, trials=40, cases=32, tune_cases=16, evaluations=2000, test_cases=24)
ATTACK = Effort(iterations=12, trials=16, cases=24, tune_cases=8, evaluations=2000, test_cases=24)
QUICK_LEARNING = Effort(iterations=6, trials=10, cases=12, tune_cases=6, evaluations=500, test_cases=8)
QUICK_ATTACK = Effort(iterations=5, trials=6, cases=12, tune_cases=6, evaluations=500, test_cases=8)
LEARNING_SEED, ATTACK_SEED = 77, 1000


def main() -> None:
    """Learn, attack, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="where what is done is kept")
    parser.add_argument("--problems", nargs="+", choices=PROBLEMS, default=list(PROBLEMS), help="attack only these")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS[:3]))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--learn-only", action="store_true", help="learn on these problems and attack none")
    parser.add_argument("--write", type=Path, help="write what all problems taught to this file, and attack none")
    chosen = parser.parse_args()
    learning, attack = (QUICK_LEARNING, QUICK_ATTACK) if chosen.quick else (LEARNING, ATTACK)
    repetitions = 2 if chosen.quick else chosen.repetitions
    folder: Path = chosen.out / ("quick" if chosen.quick else "full")
    folder.mkdir(parents=True, exist_ok=True)
    study = Study(folder, learning, attack)
    if chosen.learn_only or chosen.write:
        lessons = {name: study.learned(name) for name in (PROBLEMS if chosen.write else chosen.problems)}
        if chosen.write:
            write_lessons(chosen.write, lessons)
        return
    table = {name: study.traces(name, repetitions, chosen.arms) for name in chosen.problems}
    print_table(table)


class Study:
    """All searches of one benchmark; each is made once.

    Parameters
    ----------
    folder
        Where they are kept.
    learning, attack
        What a search may use.
    """

    def __init__(self, folder: Path, learning: Effort, attack: Effort) -> None:
        self._folder, self._learning, self._attack = folder, learning, attack

    def learned(self, name: str) -> list[Strategy]:
        """Return what a problem teaches from an empty memory."""
        path = self._folder / f"learned-{name}.jsonl"
        if not path.exists():
            memory = self._folder / f"memory-{name}-learning.db"
            write_memory(memory, [], starter=False)
            bench = Bench(name, self._folder)
            try:
                lessons = bench.learn(memory, derive(LEARNING_SEED, name), self._learning)
            finally:
                bench.close()
            _write_whole(path, "".join(f"{strategy.to_line()}\n" for strategy in lessons))
            print(f"learned on {name}: {len(lessons)} strategies", flush=True)
        return [strategy_from_line(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def traces(self, name: str, repetitions: int, arms: Sequence[str]) -> dict[str, list[Trace]]:
        """Return the searches of one problem, by arm."""
        found: dict[str, list[Trace]] = {arm: [] for arm in arms}
        bench: Bench | None = None
        memories: dict[str, Path] = {}
        for repetition in range(repetitions):
            for arm in arms:
                path = self._folder / f"trace-{name}-{arm}-{repetition}.json"
                if not path.exists():
                    bench = bench or Bench(name, self._folder)
                    memories = memories or self._memories(name)
                    trace = bench.search(memories[arm], ATTACK_SEED + repetition, self._attack, repetition)
                    _write_whole(path, json.dumps(trace.to_json()))
                    best = trace.incumbents[-1]
                    print(f"{name} {arm} {repetition}: {trace.runs} runs, gain {100 * best.gain:+.2f} %", flush=True)
                found[arm].append(Trace.from_json(json.loads(path.read_text(encoding="utf-8"))))
        if bench is not None:
            bench.close()
        return found

    def _memories(self, left_out: str) -> dict[str, Path]:
        others = [strategy for name in PROBLEMS if name != left_out for strategy in self.learned(name)]
        paths = {arm: self._folder / f"memory-{left_out}-{arm}.db" for arm in ARMS}
        write_memory(paths["learned"], others, starter=False)
        write_memory(paths["both"], others, starter=True)
        write_memory(paths["starter"], [], starter=True)
        write_memory(paths["empty"], [], starter=False)
        return paths


def runs_until(trace: Trace, gain: float) -> int | None:
    """Return how many runs a search had made when its incumbent first had this gain, None if it never had."""
    return next((best.at for best in trace.incumbents if best.gain >= gain - 1e-12), None)


def gain_at(trace: Trace, runs: float) -> float:
    """Return the gain of the incumbent after so many runs; before the first one, the first one's."""
    return [best.gain for best in trace.incumbents if best.at <= runs or best is trace.incumbents[0]][-1]


def print_table(table: Mapping[str, Mapping[str, Sequence[Trace]]]) -> None:
    """Print score and gain by arm, and how many evaluations it took to reach what an empty memory ends with."""
    print(f"\n{'problem':<10}{'memory':<9}{'score':>14}{'gain over default, %':>26}{'runs':>7}"
          f"{'to (c) final':>14}{'reached':>9}")  # fmt: skip
    ratios, differences = [], []
    for name, arms in table.items():
        for arm, traces in arms.items():
            low, high = mean_interval([100 * trace.incumbents[-1].gain for trace in traces])
            mean = float(np.mean([100 * trace.incumbents[-1].gain for trace in traces]))
            score = float(np.mean([trace.incumbents[-1].score for trace in traces]))
            needed = [runs_until(t, c.incumbents[-1].gain) for t, c in zip(traces, arms["empty"], strict=True)]
            taken = [trace.runs if n is None else n for n, trace in zip(needed, traces, strict=True)]
            reached = f"{sum(n is not None for n in needed)} of {len(needed)}"
            print(f"{name:<10}{arm:<9}{score:>14.6g}{mean:>+10.2f} ({low:+.2f} .. {high:+.2f})"
                  f"{np.mean([t.runs for t in traces]):>7.0f}{np.mean(taken):>14.0f}{reached:>9}")  # fmt: skip
        pairs = list(zip(arms["learned"], arms["empty"], strict=True))
        ratios.append(_ratio(pairs))
        differences.append((name, pairs))
    print("\nlearned against empty, over the repetitions of a problem (pairs share their seed and cases):")
    for (name, pairs), ratio in zip(differences, ratios, strict=True):
        final = [100 * (a.incumbents[-1].gain - c.incumbents[-1].gain) for a, c in pairs]
        half = [100 * (gain_at(a, c.runs / 2) - c.incumbents[-1].gain) for a, c in pairs]
        low, high = mean_interval(final)
        verdict = "better" if low > 0 else "worse" if high < 0 else "no difference beyond chance"
        print(f"{name:<10} final {np.mean(final):+.2f} % ({low:+.2f} .. {high:+.2f}); at half of the evaluations "
              f"{np.mean(half):+.2f} %; evaluations to the same quality x {ratio:.2f}; {verdict}")  # fmt: skip
    if len(ratios) > 1:
        low, high = (math.exp(v) for v in mean_interval([math.log(r) for r in ratios]))
        mean_ratio = math.exp(float(np.mean([math.log(r) for r in ratios])))
        print(
            f"evaluations to the same quality, geometric mean over problems: x {mean_ratio:.2f} ({low:.2f} .. {high:.2f})"
        )


def _ratio(pairs: Sequence[tuple[Trace, Trace]]) -> float:
    """Return the evaluations with memory per evaluation without; who never gets there is charged its whole budget."""
    taken = sum(runs_until(a, c.incumbents[-1].gain) or a.runs for a, c in pairs)
    return taken / sum(runs_until(c, c.incumbents[-1].gain) or c.runs for _, c in pairs)


def write_lessons(path: Path, lessons: Mapping[str, Sequence[Strategy]]) -> None:
    """Write what all problems taught as one memory file, each strategy once with all its evidence."""
    from ale_agent.memory.strategy import unite

    united: dict[str, Strategy] = {}
    for strategies in lessons.values():
        for strategy in strategies:
            known = united.get(strategy.id)
            united[strategy.id] = strategy if known is None else unite(known, strategy)
    _write_whole(path, "".join(f"{united[name].to_line()}\n" for name in sorted(united)))
    print(f"{len(united)} strategies in {path}")


def _write_whole(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


if __name__ == "__main__":
    main()
