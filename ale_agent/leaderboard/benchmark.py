"""Where stored solvers stand on their problems' leaderboards, with the uncertainty of other cases than the judge's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from ale_agent.errors import StoreError
from ale_agent.evaluate import CaseResult, Verdict
from ale_agent.leaderboard.standings import Standings
from ale_agent.leaderboard.tables import BestKnown, load_table
from ale_agent.problem import Problem
from ale_agent.problem.score import gap_percent

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
        Mean score per case, a failed case counted as 0 where more is better, with its 95 % interval over cases; None
        where fewer is better and a case failed, since no number stands for that.
    contest_score
        The mean times the number of ranked cases.
    rank, percentile, performance
        Estimated from that on the problem's table, each with the ends of its 95 % interval; None without a table.
    gap
        Mean gap to the best-known values in percent, over the cases that have one.
    slowest_share
        The largest share of the time limit that a case took.
    """

    problem: str
    solver: str
    cases: int
    failed: int
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    contest_score: float | None = None
    rank: float | None = None
    rank_best: float | None = None
    rank_worst: float | None = None
    percentile: float | None = None
    performance: float | None = None
    performance_low: float | None = None
    performance_high: float | None = None
    gap: float | None = None
    slowest_share: float = 0.0
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
    )  # fmt: skip
    if not results or (failed and spec.objective == "minimize"):
        return base
    scores = np.array([0.0 if result.score is None else result.score for result in results])
    means = _resampled_means(scores, seed)
    low, high = (float(value) for value in np.percentile(means, _PERCENT))
    with_mean = {"mean": float(scores.mean()), "mean_low": low, "mean_high": high}
    table = load_table(problem)
    ranked = None if spec.leaderboard is None else spec.leaderboard.ranked_cases
    if not isinstance(table, Standings) or ranked is None:
        return Standing(**asdict(base) | with_mean)
    place = table.place(float(scores.mean()) * ranked)
    places = [table.place(float(mean) * ranked) for mean in means]
    ranks = np.percentile([p.rank for p in places], _PERCENT)
    performances = np.percentile([p.performance for p in places], _PERCENT)
    reasons = ["other cases than the judge's", *([place.estimated] if place.estimated else [])]
    return Standing(
        **asdict(base)
        | with_mean
        | {
            "contest_score": float(scores.mean()) * ranked,
            "rank": place.rank,
            "rank_best": float(ranks[0]),
            "rank_worst": float(ranks[1]),
            "percentile": place.percentile,
            "performance": place.performance,
            "performance_low": float(performances[0]),
            "performance_high": float(performances[1]),
            "estimated": "; ".join(reasons),
        }
    )


def _resampled_means(scores: np.ndarray, seed: int) -> np.ndarray:
    """Return means of samples of the cases, drawn with replacement, stretched to the width of an unbiased variance.

    A plain bootstrap of n cases is too narrow by sqrt((n - 1) / n), and by what Student's t adds for few cases.
    """
    from scipy import stats

    n = len(scores)
    if n < 2:
        return np.repeat(scores.mean(), 2)
    drawn = np.random.default_rng(seed).integers(0, n, size=(_RESAMPLES, n))
    stretch = np.sqrt(n / (n - 1)) * float(stats.t.ppf(0.975, n - 1)) / 1.959964
    mean = scores.mean()
    means: np.ndarray = mean + stretch * (scores[drawn].mean(axis=1) - mean)
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
            "memory_bytes": result.memory_bytes, "message": result.message,
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
