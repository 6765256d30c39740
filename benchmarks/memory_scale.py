"""How the memory holds up with many strategies: import, recall, size.

    python -m benchmarks.memory_scale [COUNT]

Aims with 100,000 strategies: import within 60 s, recall within 50 ms, less than 1 GB of memory.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np

from ale_agent.memory import ProblemFeatures, Store, component_beliefs, export_file, import_file, recall
from ale_agent.memory.catalogue import known_problems, starter_strategies
from ale_agent.memory.strategy import Strategy
from ale_agent.seeds import generator


def main(count: int) -> None:
    """Print a table of what it took."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "many.jsonl"
        write_many(lines, count)
        print(f"{'file':<36}{lines.stat().st_size / 2**20:10.1f} MiB, {count} strategies")
        print(f"{'':<36}{'wall':>13}{'cpu':>13}")
        with Store.open(Path(folder) / "memory.db") as store:
            report("import", [timed(lambda: import_file(store, lines))])
            report("import again (unchanged)", [timed(lambda: import_file(store, lines))])
        asked = queries()
        report("first recall after opening", [timed_first(Path(folder) / "memory.db", query) for query in asked])
        with Store.open(Path(folder) / "memory.db") as store:
            report("recall", [timed(partial(recall, store, *query)) for query in asked * 5])
            rng = generator(1, "memory_scale")
            report("recall with draws", [timed(partial(recall, store, *query, rng=rng)) for query in asked * 5])
            report("beliefs on components", [timed(partial(component_beliefs, store, asked[0][0], "permutation"))])
            report("export", [timed(lambda: export_file(store, Path(folder) / "out.jsonl"))])
        print(f"{'store':<36}{(Path(folder) / 'memory.db').stat().st_size / 2**20:10.1f} MiB")
    print(f"{'peak memory':<36}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10.1f} MiB")


def queries() -> list[tuple[ProblemFeatures, str]]:
    """Return problems to recall for: known and unknown ones, with few and many words."""
    tour = {"answer_space": "permutation", "routing": True, "geometry": True, "archetypes": ["routing_tsp"]}
    texts = " ".join(strategy.when for strategy in starter_strategies())
    return [
        (ProblemFeatures.from_mapping(tour, problem="tour"), "visit all cities by the shortest closed tour"),
        (ProblemFeatures.from_mapping({"interactive": True, "hidden_information": True}), texts),
        (ProblemFeatures.from_mapping({"answer_space": "sequence", "turn_based": True, "grid": True}), "robots push"),
        (ProblemFeatures.from_mapping({}), ""),
        *((features, "move swap beam") for features in known_problems()[:6]),
    ]


def timed_first(path: Path, query: tuple[ProblemFeatures, str]) -> tuple[float, float]:
    """Return the wall and the CPU seconds of the first recall after opening."""
    with Store.open(path) as store:
        return timed(partial(recall, store, *query))


def write_many(path: Path, count: int) -> None:
    """Write strategies that look like real ones: mixed texts of the catalogue, a few measured gains each."""
    rng = generator(0, "memory_scale")
    base = starter_strategies()
    problems = [features.problem for features in known_problems()]
    with path.open("w", encoding="utf-8") as stream:
        for index in range(count):
            stream.write(json.dumps(one(index, base, problems, rng), ensure_ascii=False) + "\n")


def one(index: int, base: list[Strategy], problems: list[str | None], rng: np.random.Generator) -> dict[str, object]:
    """Return the JSON object of one invented strategy."""
    first, second, third = (base[int(i)] for i in rng.integers(len(base), size=3))
    tags = sorted({*first.archetypes[:2], *second.archetypes[:1]})
    evidence: list[dict[str, object]] = [item.to_json() for item in third.evidence[:1]]
    for number in range(int(rng.integers(0, 4))):
        gain, error = float(rng.normal(0, 0.03)), float(rng.uniform(0.002, 0.02))
        problem = problems[int(rng.integers(len(problems)))]
        trial: dict[str, object] = {"problem": problem, "kind": "trial", "gain": gain}
        trial |= {"low": gain - 2 * error, "high": gain + 2 * error, "cases": 48, "source": f"c-{index:08x}{number}"}
        evidence.append(trial | {"baseline": f"c-{index:012x}", "attempt": f"a-{index}"})
    data = first.to_json() | {"id": f"s-{index:08x}", "name": f"{first.name} ({index})", "archetypes": tags}
    return data | {"when": second.when, "how": f"{first.how} {third.how}", "evidence": evidence}


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Return the wall and the CPU seconds that calling it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - wall, time.process_time() - cpu


def report(what: str, times: list[tuple[float, float]]) -> None:
    """Print one row; for several runs the medians, and the slowest in a second row."""
    rows: dict[str, Callable[[Iterable[float]], float]] = {
        what if len(times) == 1 else f"{what}, median": statistics.median
    }
    rows |= {f"{what}, slowest": max} if len(times) > 1 else {}
    for name, choose in rows.items():
        wall, cpu = (choose(column) for column in zip(*times, strict=True))
        print(f"{name:<36}{1000 * wall:10.1f} ms{1000 * cpu:10.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
