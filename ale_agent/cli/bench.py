"""`bench`: the stored solvers on their problems' leaderboards."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ale_agent.cli import arguments
from ale_agent.cli.output import print_json, told_errors
from ale_agent.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from ale_agent.evaluate import CaseResult
    from ale_agent.leaderboard.benchmark import Ledger, Standing
    from ale_agent.problem import Problem
    from ale_agent.program import Program

_FLOATS = (
    "mean", "mean_low", "mean_high", "contest_score", "rank", "rank_best", "rank_worst", "percentile", "performance",
    "performance_low", "performance_high", "gap", "slowest_share", "mean_seconds",
)  # fmt: skip

_SCORES = ("mean", "mean_low", "mean_high", "contest_score")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]


def bench(
    problems: Annotated[str, typer.Option("--problems", help="all, or ids joined by commas.")] = "all",
    solvers: Annotated[Path, typer.Option("--solvers", help="The folder of the stored solvers.")] = Path("solvers"),
    seeds: Annotated[str, typer.Option("--seeds", help="Which cases, such as 0:100.")] = "0:100",
    out: Annotated[Path, typer.Option("--out", help="The run's folder; one that exists is gone on with.")] = Path(
        "bench"
    ),
    against: Annotated[Path | None, typer.Option("--against", help="Another run's folder to compare with.")] = None,
    as_judge: Annotated[bool, typer.Option("--as-judge", help="Cold, wall clock, one at a time.")] = False,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Runs at the same time.")] = None,
    sandbox: Annotated[str, typer.Option("--sandbox", help="auto, local, docker or none.")] = "auto",
    as_json: Json = False,
) -> None:
    """Evaluate the stored solver of each problem under its limit; say where it stands, and how sure that is."""
    with told_errors(as_json):
        from ale_agent.leaderboard.benchmark import Ledger, stand, stored_solvers

        wanted = arguments.seed_range(seeds)
        chosen = _problems(problems, solvers)
        ledger = Ledger(out / "results.jsonl")
        standings: list[Standing] = []
        comparisons: list[dict[str, Any]] = []
        for problem, path in stored_solvers(solvers, chosen):
            program = _program(path)
            results = _measure(problem, program, path, wanted, ledger, as_judge, workers, sandbox)
            standings.append(stand(problem, path.stem, results, wall=as_judge))
            if against is not None:
                comparisons.append(
                    _compare(problem, path, results, Ledger(against / "results.jsonl"), as_judge, against)
                )
            _keep_source(out, problem, path)
        if not standings:
            raise UsageError(
                f"{solvers}: there is no solver PROBLEM/NAME.py of the problems {', '.join(sorted(chosen))}"
            )
        totals = _totals(standings)
        table = _table(standings)
        _write(out, standings, table, totals, comparisons)
        if as_json:
            rows = [standing.to_json() for standing in standings]
            print_json({"standings": rows, **totals, "comparisons": comparisons, "folder": str(out)})
        else:
            _show(table, totals, comparisons)


def _problems(text: str, solvers: Path) -> dict[str, Problem]:
    from ale_agent.problem import find_problem, load_problem

    if not solvers.is_dir():
        raise UsageError(f"{solvers}: no such folder; --solvers names the folder of PROBLEM/NAME.py")
    names = sorted(p.name for p in solvers.iterdir() if p.is_dir()) if text == "all" else text.split(",")
    return {name.strip(): load_problem(find_problem(name.strip())) for name in names if name.strip()}


def _program(path: Path) -> Program:
    from ale_agent.errors import ProgramError
    from ale_agent.program import Program

    try:
        return Program.from_source(path.read_text(encoding="utf-8"))
    except (ProgramError, OSError, UnicodeDecodeError) as error:
        raise ProgramError(f"{path}: {error}") from None


def _measure(
    problem: Problem,
    program: Program,
    path: Path,
    seeds: list[int],
    ledger: Ledger,
    as_judge: bool,
    workers: int | None,
    sandbox: str,
) -> list[CaseResult]:
    from ale_agent.evaluate import Job, Judge, PoolEvaluator, was_starved

    mode, limit = "cold" if as_judge else "warm", problem.spec.time_limit
    known = ledger.results(program.id, mode)
    if as_judge:  # what this machine was too busy for is tried again
        known = {seed: result for seed, result in known.items() if not was_starved(result, limit)}
    missing = [seed for seed in seeds if seed not in known]

    started = time.monotonic()

    def keep(result: CaseResult) -> None:
        ledger.keep(program.id, mode, result)
        known[result.seed] = result
        done = len(known.keys() & set(seeds))
        left = (time.monotonic() - started) / (done - len(seeds) + len(missing)) * (len(seeds) - done)
        line = f"{problem.spec.id}/{path.stem}: {done} of {len(seeds)} cases, {left:.0f} s left"
        if sys.stderr.isatty():
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
        elif done == len(seeds) or done % 25 == 0:
            print(line, file=sys.stderr, flush=True)

    if missing:
        box = arguments.open_box(sandbox)
        try:
            if as_judge:
                with Judge(problem, sandbox=box) as judge:
                    judge.run(program, missing, on_result=keep)
            else:
                cores = workers or len(os.sched_getaffinity(0))
                evaluator = PoolEvaluator(problem, sandbox=box, workers=cores)
                try:
                    jobs = [Job(seed=seed, time_limit=problem.spec.time_limit) for seed in missing]
                    for result in evaluator.evaluate(program, jobs):
                        keep(result)
                finally:
                    evaluator.close()
        finally:
            box.close()
            if sys.stderr.isatty():
                print(file=sys.stderr)
    starved = sum(as_judge and was_starved(known[seed], limit) for seed in seeds)
    if starved:
        print(
            f"{problem.spec.id}/{path.stem}: {starved} cases were late only for waiting for a processor; the same command "
            "runs them again, on a quieter machine",
            file=sys.stderr,
        )
    return [known[seed] for seed in seeds]


def _keep_source(out: Path, problem: Problem, path: Path) -> None:
    target = out / "solvers" / problem.spec.id / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")


def _compare(
    problem: Problem, path: Path, results: Sequence[CaseResult], other: Ledger, as_judge: bool, against: Path
) -> dict[str, Any]:
    from ale_agent.evaluate.comparison import compare

    then = against / "solvers" / problem.spec.id / path.name
    if not then.is_file():
        return {"problem": problem.spec.id, "solver": path.stem, "cases": 0, "note": "not in the other run"}
    before = other.results(_program(then).id, "cold" if as_judge else "warm")
    comparison = compare(problem.spec.objective, {result.seed: result for result in results}, before)
    low, high = comparison.interval()
    return {
        "problem": problem.spec.id, "solver": path.stem, "cases": len(comparison.gains), "gain": comparison.mean,
        "low": low, "high": high, "p_better": comparison.p_better(), "scale": comparison.scale,
    }  # fmt: skip


def _totals(standings: list[Standing]) -> dict[str, Any]:
    """Return the mean performance and the rating, with the best solver of each problem."""
    from ale_agent.leaderboard.rating import load_schedule, rate

    best: dict[str, float] = {}
    for standing in standings:
        if standing.performance is not None:
            best[standing.problem] = max(best.get(standing.problem, -1e9), standing.performance)
    schedule = load_schedule()
    rated = {name: value for name, value in best.items() if name in schedule}
    if not rated:
        return {"mean_performance": None, "rating": None, "contests": 0, "failed": sum(s.failed for s in standings)}
    latest = max(rated, key=lambda name: schedule[name].end)
    return {
        "mean_performance": sum(best.values()) / len(best),
        "rating": rate(rated, latest),
        "contests": len(rated),
        "failed": sum(standing.failed for standing in standings),
    }


def _table(standings: list[Standing]) -> pl.DataFrame:
    import polars as pl

    table = pl.DataFrame([standing.to_json() for standing in standings], infer_schema_length=None)
    return table.with_columns(pl.col(name).cast(pl.Float64) for name in _FLOATS)


def _write(
    out: Path, standings: list[Standing], table: pl.DataFrame, totals: dict[str, Any], comparisons: list[dict[str, Any]]
) -> None:
    from ale_agent.report.standings_page import Overview, render_standings

    rating = totals["rating"]
    cards = [
        (_whole(totals["mean_performance"]), "mean performance", f"{totals['contests']} contests, estimated"),
        (_whole(rating), "rating", "as if each was entered once, version 2"),
        (str(totals["failed"]), "failed cases", f"of {sum(standing.cases for standing in standings):,}"),
        (str(len(standings)), "solvers", "best of each problem counts"),
    ]
    notes = [*_lines(totals), *(f"{s.problem}/{s.solver}: {s.estimated}" for s in standings if s.estimated)]
    page = render_standings(standings, Overview(cards, [*notes, *map(_comparison_line, comparisons)]))
    try:
        table.write_csv(out / "standings.csv")
        (out / "standings.html").write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out}: the tables cannot be written ({error}); name another folder with --out") from error


def _whole(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _lines(totals: dict[str, Any]) -> list[str]:
    lines = [
        f"failed cases: {totals['failed']}",
        "estimated: means over other cases than the judge's, thinned tables",
        "intervals: 95 %, bootstrapped over cases; a mean's for the mean of another hundred cases, a place's for the judge's",
    ]
    if totals["rating"] is None:
        return lines
    entered = f"as if these {totals['contests']} contests were entered"
    return [f"mean performance {totals['mean_performance']:.0f}, rating {totals['rating']} {entered}", *lines]


def _comparison_line(item: dict[str, Any]) -> str:
    if not item["cases"]:
        return f"{item['problem']}/{item['solver']}: {item.get('note', 'no common cases')}"
    return (
        f"{item['problem']}/{item['solver']}: gain {item['gain']:+.4f} ({item['low']:+.4f} .. {item['high']:+.4f}) "
        f"on {item['cases']} cases, p = {item['p_better']:.4f}"
    )


def _show(table: pl.DataFrame, totals: dict[str, Any], comparisons: list[dict[str, Any]]) -> None:
    import polars as pl

    from ale_agent.report.standings_page import compact

    scores = {name: pl.col(name).map_elements(compact, return_dtype=pl.String) for name in _SCORES}
    shown = table.select(
        "problem", "cases", "failed", scores["mean"].alias("mean score"),
        pl.concat_str(scores["mean_low"], pl.lit(" .. "), scores["mean_high"]).alias("95 %"),
        scores["contest_score"].alias("contest score"), pl.col("rank").round(1), "entrants",
        pl.col("percentile").round(1), pl.col("performance").round(0),
        pl.concat_str(
            pl.col("performance_low").round(0).cast(pl.Int64), pl.lit(" .. "),
            pl.col("performance_high").round(0).cast(pl.Int64),
        ).alias("95 % "),
        pl.col("gap").round(3).alias("gap %"), pl.col("mean_seconds").round(2).alias("seconds"),
        pl.col("slowest_share").round(2).alias("slowest"),
    )  # fmt: skip
    with pl.Config(
        tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True,
        float_precision=2,
    ):  # fmt: skip
        print(shown)
    for line in (*_lines(totals), *map(_comparison_line, comparisons)):
        print(line)
