"""Does memory help on a problem never seen? Leave one problem out, learn on the others, attack it with and without.

    python -m benchmarks.transfer --out DIR [--problems P ...] [--repetitions N] [--quick]
    python -m benchmarks.transfer --out ANOTHER --learning 300 0 --write ale_agent/memory/data/learned.jsonl

For each bundled problem with array-level tools a search from an empty memory writes down what it learned. Then each is
attacked with (a) what the *others* taught and nothing else, (b) the starter catalogue, which holds a standard composition
that people chose, (c) an empty memory, which leaves even draws; with `--arms`, also with (d) all that ships: (a) and (b)
together. An evaluation is one run of a candidate on one case, of a fixed number of objective evaluations, so that every
figure is the same on every machine. Every search has the same budget of evaluations and, within a repetition, the same
seed and cases; its clock counts evaluations, so that drafts, studies and variations share them as they share an
attempt's time. With 0 for their number a run has a quarter of what the problem's time limit allows: what ships is
learned so. All incumbents are judged on the same fresh cases, by their gain over the standard composition.

What is done is kept in DIR and not done again. `--quick`: two repetitions of small searches. How the figures are made
from the searches: `transfer_measure`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from ale_agent.memory import Strategy, strategy_from_line
from ale_agent.seeds import derive
from benchmarks.transfer_measure import print_table
from benchmarks.transfer_runs import Bench, Effort, Trace, write_memory

LIMITS = {
    "ahc001": 20_000, "ahc006": 30_000, "ahc011": 120_000, "ahc021": 50_000, "ahc026": 50_000, "ahc028": 60_000, "ahc046": 10_000,
    "facility": 400_000, "flowshop": 400_000, "knapsack": 300_000, "maxcut": 100_000, "qap": 500_000, "reversals": 400_000,
    "supersequence": 60_000, "tardiness": 300_000, "tsp": 300_000,
}  # fmt: skip
"""About a quarter of the objective evaluations that a case's time limit leaves room for, by problem."""
PROBLEMS = tuple(LIMITS)
ARMS = ("learned", "starter", "empty", "both")
LEARNING = Effort(runs=1000, drafts=8, cases=32, tune_cases=12, evaluations=5_000, test_cases=24)
ATTACK = Effort(runs=240, drafts=6, cases=24, tune_cases=8, evaluations=5_000, test_cases=24)
QUICK_LEARNING = Effort(runs=120, drafts=4, cases=12, tune_cases=6, evaluations=500, test_cases=8)
QUICK_ATTACK = Effort(runs=80, drafts=3, cases=12, tune_cases=6, evaluations=500, test_cases=8)
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
    for name in ("--learning", "--attack"):
        parser.add_argument(name, nargs=2, type=int, metavar=("RUNS", "EVALUATIONS"), help="0 evaluations: see above")
    chosen = parser.parse_args()
    learning, attack = (QUICK_LEARNING, QUICK_ATTACK) if chosen.quick else (LEARNING, ATTACK)
    learning, attack = _sized(learning, chosen.learning), _sized(attack, chosen.attack)
    repetitions = 2 if chosen.quick else chosen.repetitions
    folder: Path = chosen.out / ("quick" if chosen.quick else "full")
    folder.mkdir(parents=True, exist_ok=True)
    study = Study(folder, learning, attack)
    if chosen.learn_only or chosen.write:
        lessons = {name: study.learned(name) for name in (PROBLEMS if chosen.write else chosen.problems)}
        if chosen.write:
            write_lessons(chosen.write, lessons)
        return
    print_table(study.table(chosen.problems, repetitions, chosen.arms))


def _sized(effort: Effort, chosen: Sequence[int] | None) -> Effort:
    return effort if chosen is None else replace(effort, runs=chosen[0], evaluations=chosen[1])


def _on(name: str, effort: Effort) -> Effort:
    return effort if effort.evaluations else replace(effort, evaluations=LIMITS[name])


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
        self._made: set[str] = set()

    def learned(self, name: str) -> list[Strategy]:
        """Return what a problem teaches from an empty memory."""
        path = self._folder / f"learned-{name}.jsonl"
        if not path.exists():
            memory = self._folder / f"memory-{name}-learning.db"
            write_memory(memory, [], starter=False)
            bench = Bench(name, self._folder)
            try:
                lessons = bench.learn(memory, derive(LEARNING_SEED, name), _on(name, self._learning))
            finally:
                bench.close()
            _write_whole(path, "".join(f"{strategy.to_line()}\n" for strategy in lessons))
            print(f"learned on {name}: {len(lessons)} strategies", flush=True)
        return [strategy_from_line(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def table(self, names: Sequence[str], repetitions: int, arms: Sequence[str]) -> dict[str, dict[str, list[Trace]]]:
        """Return the searches by problem and arm; made repetition by repetition, so that what is done is balanced."""
        with ExitStack() as stack:
            benches: dict[str, Bench] = {}
            for repetition in range(repetitions):
                for name in names:
                    for arm in arms:
                        if not self._path(name, arm, repetition).exists():
                            if name not in benches:
                                benches[name] = Bench(name, self._folder)
                                stack.callback(benches[name].close)
                            self._search(benches[name], name, arm, repetition)
        return {name: {arm: [self._read(name, arm, k) for k in range(repetitions)] for arm in arms} for name in names}

    def _path(self, name: str, arm: str, repetition: int) -> Path:
        return self._folder / f"trace-{name}-{arm}-{repetition}.json"

    def _read(self, name: str, arm: str, repetition: int) -> Trace:
        return Trace.from_json(json.loads(self._path(name, arm, repetition).read_text(encoding="utf-8")))

    def _search(self, bench: Bench, name: str, arm: str, repetition: int) -> None:
        trace = bench.search(self._memory(name, arm), ATTACK_SEED + repetition, _on(name, self._attack), repetition)
        _write_whole(self._path(name, arm, repetition), json.dumps(trace.to_json()))
        print(
            f"{name} {arm} {repetition}: {trace.runs} runs, gain {100 * trace.incumbents[-1].gain:+.3f} %", flush=True
        )

    def _memory(self, left_out: str, arm: str) -> Path:
        path = self._folder / f"memory-{left_out}-{arm}.db"
        if left_out + arm in self._made:
            return path
        self._made.add(left_out + arm)
        teachers = [name for name in PROBLEMS if name != left_out] if arm in ("learned", "both") else []
        write_memory(path, [s for name in teachers for s in self.learned(name)], starter=arm in ("starter", "both"))
        return path


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
