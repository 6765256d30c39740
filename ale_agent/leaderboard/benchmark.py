"""Where stored solvers stand on their problems' leaderboards, with the uncertainty of other cases than the judge's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ale_agent.errors import StoreError
from ale_agent.evaluate import CaseResult, Verdict
from ale_agent.leaderboard.case_scores import CaseScores
from ale_agent.leaderboard.relative import as_exact
from ale_agent.leaderboard.standings import Place, Standings
from ale_agent.leaderboard.tables import BestKnown, load_table
from ale_agent.problem import Problem
from ale_agent.problem.score import gap_percent

Floats = npt.NDArray[np.float64]

# The interval of a mean is for the mean of so many other cases: anyone can run those and see.
OTHER_CASES = 100
_RESAMPLES = 2000
_PERCENT = (2.5, 97.5)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one solver did on one problem.

    Parameters
    ----------
    problem, solver
        Which.
    cases, failed
        How many cases were run, and how many of them have no score.
    mean, mean_low, mean_high
        Mean score per case, a failed case counted as 0 where more is better; with the interval that holds the mean of
        another hundred cases in 95 of 100 runs. None where fewer is better and a case failed: no number stands for that.
    contest_score
        The mean times the number of ranked cases; by a table of cases, the points.
    entrants
        How many are in the problem's table.
    rank, percentile, performance
        Estimated from that on the problem's table, each with the ends of its 95 % interval for as many cases as the judge
        has; None without a table.
    gap
        Mean gap to the best-known values in percent, over the cases that have one.
    slowest_share
        The largest share of the time limit that a case took.
    mean_seconds
        What a case took.
    estimated
        Why the place is not exact.
    """

    problem: str
    solver: str
    cases: int
    failed: int
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    contest_score: float | None = None
    entrants: int | None = None
    rank: float | None = None
    rank_best: float | None = None
    rank_worst: float | None = None
    percentile: float | None = None
    performance: float | None = None
    performance_low: float | None = None
    performance_high: float | None = None
    gap: float | None = None
    slowest_share: float = 0.0
    mean_seconds: float = 0.0
    estimated: str = ""

    def to_json(self) -> dict[str, object]:
        """Return plain values."""
        return asdict(self)


def stand(problem: Problem, solver: str, results: Sequence[CaseResult], *, wall: bool, seed: int = 0) -> Standing:
    """Return where a solver stands.

    Parameters
    ----------
    problem
        Whose table and limits.
    solver
        Its name.
    results
        One a case; what our own judge failed on counts as failed, too.
    wall
        Whether the limit was counted on the wall clock.
    seed
        Of the bootstrap over cases.
    """
    spec = problem.spec
    failed = sum(not result.accepted for result in results)
    seconds = [result.wall_seconds if wall else result.cpu_seconds for result in results]
    base = Standing(
        problem=spec.id, solver=solver, cases=len(results), failed=failed, mean=None, mean_low=None, mean_high=None,
        gap=_gap(problem, results), slowest_share=max(seconds, default=0.0) / spec.time_limit,
        mean_seconds=sum(seconds) / len(seconds) if seconds else 0.0,
    )  # fmt: skip
    if not results or (failed and spec.objective == "minimize"):
        return base
    scores = np.array([0.0 if result.score is None else result.score for result in results])
    low, high = np.percentile(predicted_means(scores, OTHER_CASES, seed), _PERCENT)
    base = replace(base, mean=float(scores.mean()), mean_low=float(low), mean_high=float(high))
    table = load_table(problem)
    if isinstance(table, CaseScores):
        return _stand_in_field(base, problem, table, results, seed)
    if isinstance(table, Standings) and spec.leaderboard is not None and spec.leaderboard.ranked_cases is not None:
        return _stand_in_table(base, table, scores, spec.leaderboard.ranked_cases, seed)
    return base


def _stand_in_table(base: Standing, table: Standings, scores: Floats, ranked: int, seed: int) -> Standing:
    """Return the standing by a table of sums: the mean stands for the judge's cases."""
    total = float(scores.mean()) * ranked
    others = [table.place(float(mean) * ranked) for mean in predicted_means(scores, ranked, seed)]
    base = replace(base, entrants=table.entrants)
    return _placed(base, total, table.place(total), others, "other cases than the judge's")


def _stand_in_field(
    base: Standing, problem: Problem, table: CaseScores, results: Sequence[CaseResult], seed: int
) -> Standing:
    """Return the standing by a table of cases: among those of the judge's that were run, against the field."""
    newcomer = {result.seed: None if result.score is None else as_exact(result.score) for result in results}
    if not newcomer.keys() & set(table.seeds):
        first = ", ".join(map(str, table.seeds[:3]))
        return replace(base, estimated=f"no place: none of the seeds is in the table, which has {first}, ...")
    field = table.field(problem.spec, newcomer)
    cases = field.points.shape[1]
    rng = np.random.default_rng(seed)
    others = [field.place(rng.integers(0, cases, size=(cases,))) for _ in range(_RESAMPLES // 4)]
    base = replace(base, entrants=len(table.entrants))
    return _placed(base, field.newcomer_total, field.place(), others, "")


def _placed(base: Standing, total: float, place: Place, others: Sequence[Place], reason: str) -> Standing:
    """Return a standing with a place, and the intervals that other places give it."""
    ranks = np.percentile([other.rank for other in others], _PERCENT)
    performances = np.percentile([other.performance for other in others], _PERCENT)
    return replace(
        base,
        contest_score=total,
        rank=place.rank,
        rank_best=float(ranks[0]),
        rank_worst=float(ranks[1]),
        percentile=place.percentile,
        performance=place.performance,
        performance_low=float(performances[0]),
        performance_high=float(performances[1]),
        estimated="; ".join(text for text in (reason, place.estimated) if text),
    )


def predicted_means(scores: Floats, others: int, seed: int) -> Floats:
    """Return a sample of what the mean of so many other cases may be, by bootstrap over the cases that were run.

    Two errors meet in it: that of our mean and that of the others' mean. A plain bootstrap of n cases is too narrow by
    sqrt((n - 1) / n), and by what Student's t adds for few cases. Very skewed scores are held less often than it says.
    """
    from scipy import stats

    n = len(scores)
    mean = scores.mean()
    if n < 2:
        return np.repeat(mean, 2)
    rng = np.random.default_rng(seed)
    shares = np.full(n, 1.0 / n)
    ours = rng.multinomial(n, shares, size=_RESAMPLES) @ (scores - mean) / n
    theirs = rng.multinomial(others, shares, size=_RESAMPLES) @ (scores - mean) / others
    stretch = np.sqrt(n / (n - 1)) * float(stats.t.ppf(0.975, n - 1)) / 1.959964
    means: Floats = mean + stretch * (ours + theirs)
    return means


def _gap(problem: Problem, results: Sequence[CaseResult]) -> float | None:
    table = load_table(problem)
    if not isinstance(table, BestKnown):
        return None
    gaps = [
        gap_percent(problem.spec.objective, result.score, table.values[result.seed])
        for result in results
        if result.score is not None and result.seed in table.values
    ]
    return sum(gaps) / len(gaps) if gaps else None


class Ledger:
    """Results that are kept as they come, one JSON line each, so that a benchmark can be stopped and gone on with.

    Parameters
    ----------
    path
        The file; made if it is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[tuple[str, str], dict[int, CaseResult]] = {}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text(encoding="utf-8") if path.exists() else ""
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{path}: cannot be read ({error}); name another folder with --out") from error
        complete = text[: text.rfind("\n") + 1]
        if complete != text:  # the last line was torn by a kill: what it held is run again
            path.write_text(complete, encoding="utf-8")
        for number, line in enumerate(complete.splitlines(), 1):
            self._take(number, line)

    def results(self, program: str, mode: str) -> dict[int, CaseResult]:
        """Return what is known of a program in a mode, by seed."""
        return dict(self._known.get((program, mode), {}))

    def keep(self, program: str, mode: str, result: CaseResult) -> None:
        """Write a result down."""
        self._known.setdefault((program, mode), {})[result.seed] = result
        row = {
            "program": program, "mode": mode, "seed": result.seed, "verdict": result.verdict.value,
            "score": result.score, "cpu_seconds": result.cpu_seconds, "wall_seconds": result.wall_seconds,
            "memory_bytes": result.memory_bytes, "message": result.message, "queued_seconds": result.queued_seconds,
        }  # fmt: skip
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be written ({error.strerror}); free the disk, then go on") from error

    def _take(self, number: int, line: str) -> None:
        try:
            row = json.loads(line)
            program, mode = str(row.pop("program")), str(row.pop("mode"))
            result = CaseResult(**row | {"verdict": Verdict(row["verdict"])})
        except (ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"{self.path}:{number}: not a line of a benchmark ({error}); name another --out"
            ) from error
        self._known.setdefault((program, mode), {})[result.seed] = result


def stored_solvers(root: Path, problems: Mapping[str, Problem]) -> Iterator[tuple[Problem, Path]]:
    """Yield each stored solver with its problem: ``root/<problem>/<name>.py``, sorted."""
    for name in sorted(problems):
        for path in sorted((root / name).glob("*.py")):
            yield problems[name], path
