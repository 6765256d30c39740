"""`eval`, `compare` and `tune`: a solver program of one's own on a problem."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ale_agent.cli import arguments
from ale_agent.cli.output import interval, number, percent, print_json, shortened, told_errors
from ale_agent.errors import ProgramError, UsageError

if TYPE_CHECKING:
    from ale_agent.evaluate import CaseResult, JudgeReport, PoolEvaluator, RunFolder
    from ale_agent.problem import Problem
    from ale_agent.program import Program

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]
Seeds = Annotated[str, typer.Option("--seeds", help="Which cases, such as 0:20.")]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Runs at the same time (default: cores).")]
Box = Annotated[str, typer.Option("--sandbox", help="auto, local, docker or none.")]
Solver = Annotated[Path, typer.Argument(help="A solver program.")]
_MESSAGE_CHARACTERS = 200
ProblemName = Annotated[str, typer.Argument(help="A problem folder or id.")]


def evaluate(
    solver: Solver,
    problem: ProblemName,
    seeds: Seeds = "0:20",
    as_judge: Annotated[
        bool, typer.Option("--as-judge", help="Compile pass, then cold processes, wall clock, one at a time.")
    ] = False,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write the table to this file.")] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", help="Write each case, output, standard error and picture into this folder."),
    ] = None,
    workers: Workers = None,
    sandbox: Box = "auto",
    as_json: Json = False,
) -> None:
    """Run a solver on cases and say how it did: warm on CPU time, or with --as-judge as a contest judge would."""
    with told_errors(as_json):
        loaded, program = _load(solver, problem)
        wanted = _available(loaded, arguments.seed_range(seeds))
        results: list[CaseResult] = []
        saved = None if save is None else _folder_for(save, loaded)

        def take(result: CaseResult) -> None:
            if saved is not None and save is not None:
                _save(saved, save, result)
            results.append(replace(result, output=None, standard_error=None))
            if sys.stderr.isatty():
                print(f"\r{len(results)} of {len(wanted)} cases", end="", file=sys.stderr, flush=True)

        report = None
        with saved or nullcontext():
            if as_judge:
                report = _judge(loaded, program, wanted, sandbox, take)
            else:
                for result in _run(loaded, program, wanted, workers, sandbox, keep_output=saved is not None):
                    take(result)
        if sys.stderr.isatty():
            print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
        results.sort(key=lambda result: wanted.index(result.seed))
        rows = _rows(loaded, results)
        if csv_file is not None:
            _write_csv(csv_file, rows)
        totals = _totals(loaded, rows, report)
        if saved is not None:
            totals |= {"saved": str(save), "saved_files": dict(saved.counts), "undrawn": saved.complaint}
        if as_json:
            print_json(totals | {"results": rows})
        else:
            _show(rows, totals)


def compare(
    first: Annotated[Path, typer.Argument(help="A solver program.")],
    second: Annotated[Path, typer.Argument(help="Another.")],
    problem: ProblemName,
    seeds: Seeds = "0:20",
    workers: Workers = None,
    sandbox: Box = "auto",
    as_json: Json = False,
) -> None:
    """Compare two solvers case by case: by how much the second is better than the first, and whether beyond chance."""
    with told_errors(as_json):
        from ale_agent.evaluate.comparison import compare as compare_results

        loaded, one = _load(first, problem)
        _, other = _load(second, problem)
        wanted = _available(loaded, arguments.seed_range(seeds))
        mine = {r.seed: r for r in _run(loaded, other, wanted, workers, sandbox)}
        theirs = {r.seed: r for r in _run(loaded, one, wanted, workers, sandbox)}
        comparison = compare_results(loaded.spec.objective, mine, theirs)
        low, high = comparison.interval()
        wins = int((comparison.gains > 0).sum())
        losses = int((comparison.gains < 0).sum())
        facts = {
            "cases": len(comparison.gains), "gain": comparison.mean, "interval": [low, high], "scale": comparison.scale,
            "p_better": comparison.p_better(), "wins": wins, "losses": losses,
            "failed_first": sum(not r.accepted for r in theirs.values()),
            "failed_second": sum(not r.accepted for r in mine.values()),
        }  # fmt: skip
        if as_json:
            print_json(facts)
            return
        gain = percent if comparison.scale == "log_ratio" else number
        print(f"{second} against {first} on {facts['cases']} cases: {wins} better, {losses} worse")
        print(f"mean gain {gain(comparison.mean)} ({gain(low)} .. {gain(high)}), p = {facts['p_better']:.4f}")
        print(f"failed: {facts['failed_first']} of the first, {facts['failed_second']} of the second")


def tune(
    solver: Solver,
    problem: ProblemName,
    time: Annotated[str, typer.Option("--time", help="Time budget: 90, 90s, 5m, 1h.")] = "60s",
    trials: Annotated[int, typer.Option("--trials", min=1, help="At most so many trials.")] = 1000,
    cases: Annotated[int, typer.Option("--cases", min=2, help="Cases of the study.")] = 16,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Root of all random choices.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write the tuned program.")] = None,
    workers: Workers = None,
    sandbox: Box = "auto",
    as_json: Json = False,
) -> None:
    """Tune a solver's declared parameters and bake the best values in."""
    with told_errors(as_json):
        from ale_agent.clock import Deadline, SystemClock
        from ale_agent.evaluate import Job
        from ale_agent.program import bake
        from ale_agent.seeds import share_cases
        from ale_agent.tune import best_trial, tunable
        from ale_agent.tune import tune as study

        loaded, program = _load(solver, problem)
        parameters = tunable(program.parameters)
        if not parameters:
            raise UsageError(f"{solver}: PARAMETERS declares nothing with a range or choices; there is nothing to tune")
        deadline = Deadline.after(SystemClock(), arguments.duration(time))
        done = []
        with _evaluator(loaded, workers, sandbox) as (evaluator, cores):

            def run(values: Any, wanted: Sequence[int]) -> dict[int, CaseResult]:
                jobs = [
                    Job(seed=s, time_limit=loaded.spec.time_limit, parameters=tuple(values.items())) for s in wanted
                ]
                return {result.seed: result for result in evaluator.evaluate(program, jobs)}

            for trial in study(
                parameters,
                run,
                share_cases(loaded.case_seeds_available, "tune", cases),
                objective=loaded.spec.objective,
                start=program.defaults,
                seed=seed,
                batch=cores,
                stop=lambda: deadline.passed,
                max_trials=trials,
            ):
                done.append(trial)
                if not as_json:
                    print(f"trial {trial.number}: gain {trial.gain:+.4f} on {trial.cases} cases", flush=True)
        if not done:
            raise UsageError(f"--time {time}: not one trial of {cases} cases fitted; give more time or fewer --cases")
        best = best_trial(done)
        target = out or solver.with_name(solver.stem + "_tuned.py")
        try:
            target.write_text(bake(program, best.values).source, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{target}: cannot be written ({error.strerror}); name another with --out") from error
        if as_json:
            print_json({"solver": str(target), "trials": len(done), "gain": best.gain, "values": dict(best.values)})
        else:
            print(f"best of {len(done)} trials: gain {best.gain:+.4f}; {target}")


def _load(solver: Path, problem: str) -> tuple[Problem, Program]:
    from ale_agent.problem import find_problem, load_problem
    from ale_agent.program import Program

    path = arguments.existing_file(solver, "a solver program")
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProgramError(f"{path}: cannot be read as text ({error})") from error
    try:
        program = Program.from_source(source)
    except ProgramError as error:
        raise ProgramError(f"{path}: {error}") from None
    return load_problem(find_problem(problem)), program


def _available(problem: Problem, wanted: list[int]) -> list[int]:
    if problem.case_seeds_available is None:
        return wanted
    missing = sorted(set(wanted) - set(problem.case_seeds_available))
    if missing:
        raise UsageError(
            f"{problem.spec.id}: there is no case {missing[0]}; its tools have no generator, only ready cases"
        )
    return wanted


@contextmanager
def _evaluator(problem: Problem, workers: int | None, sandbox: str) -> Iterator[tuple[PoolEvaluator, int]]:
    from ale_agent.evaluate import PoolEvaluator

    cores = workers or len(os.sched_getaffinity(0))
    with closing(arguments.open_box(sandbox)) as box:
        evaluator = PoolEvaluator(problem, sandbox=box, workers=cores, clock="cpu")
        try:
            yield evaluator, cores
        finally:
            evaluator.close()


def _run(
    problem: Problem,
    program: Program,
    seeds: Sequence[int],
    workers: int | None,
    sandbox: str,
    *,
    keep_output: bool = False,
) -> Iterator[CaseResult]:
    from ale_agent.evaluate import Job

    with _evaluator(problem, workers, sandbox) as (evaluator, _):
        jobs = [Job(seed=seed, time_limit=problem.spec.time_limit, keep_output=keep_output) for seed in seeds]
        yield from evaluator.evaluate(program, jobs)


def _folder_for(path: Path, problem: Problem) -> RunFolder:
    from ale_agent.evaluate import RunFolder

    try:
        return RunFolder(path, problem)
    except OSError as error:
        raise UsageError(f"{path}: cannot be made ({error.strerror}); name another folder with --save") from error


def _save(folder: RunFolder, path: Path, result: CaseResult) -> None:
    try:
        folder.save(result)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); name another folder with --save") from error


def _judge(
    problem: Problem, program: Program, seeds: Sequence[int], sandbox: str, take: Callable[[CaseResult], None]
) -> JudgeReport:
    from ale_agent.evaluate import judge_run

    with closing(arguments.open_box(sandbox)) as box:
        return judge_run(program, problem, seeds, sandbox=box, on_result=take)


def _rows(problem: Problem, results: Sequence[CaseResult]) -> list[dict[str, Any]]:
    from ale_agent.leaderboard import best_known
    from ale_agent.problem import case_name
    from ale_agent.problem.score import gap_percent

    known = best_known(problem)
    rows = []
    for result in results:
        row: dict[str, Any] = {
            "case": case_name(result.seed), "verdict": result.verdict.value, "score": result.score,
            "cpu_seconds": round(result.cpu_seconds, 3), "wall_seconds": round(result.wall_seconds, 3),
            "memory_mb": round(result.memory_bytes / 2**20, 1), "message": result.message,
        }  # fmt: skip
        if known:
            best = known.get(result.seed)
            if best is not None and result.score is not None:
                row["gap_percent"] = gap_percent(problem.spec.objective, result.score, best)
            else:
                row["gap_percent"] = None
        rows.append(row)
    return rows


def _totals(problem: Problem, rows: list[dict[str, Any]], report: JudgeReport | None) -> dict[str, Any]:
    from ale_agent.evaluate import was_starved
    from ale_agent.evaluate.comparison import mean_interval

    scores = [row["score"] for row in rows if row["score"] is not None]
    gaps = [row["gap_percent"] for row in rows if row.get("gap_percent") is not None]
    clock = "wall_seconds" if report else "cpu_seconds"
    slowest = max(rows, key=lambda row: row[clock])
    totals: dict[str, Any] = {
        "problem": problem.spec.id,
        "cases": len(rows),
        "failed": len(rows) - len(scores),
        "mean_score": sum(scores) / len(scores) if scores else None,
        "interval": list(mean_interval(scores)) if len(scores) > 1 else None,
        "cpu_seconds": round(sum(row["cpu_seconds"] for row in rows), 3),
        "slowest_seconds": slowest[clock],
        "slowest_case": slowest["case"],
        "time_limit": problem.spec.time_limit,
        "timing": "cold, wall clock" if report else "warm, CPU time",
    }
    if report is not None:
        totals["startup_seconds"] = round(report.startup_seconds, 3)
        totals["startup_share"] = round(report.startup_share, 4)
        totals["compile_error"] = report.compiled.error
        totals["starved"] = sum(was_starved(result, problem.spec.time_limit) for result in report.values())
    if gaps:
        totals["gap_percent"] = sum(gaps) / len(gaps)
        totals["gap_cases"] = len(gaps)
    return totals


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); name another with --csv") from error


def _message(verdict: str, message: str) -> str:
    """Return the line of a message that tells most: of a crash the last, which names the exception."""
    lines = message.strip().splitlines() or [""]
    return shortened(lines[0] if verdict == "time_limit" else lines[-1], _MESSAGE_CHARACTERS)


def _show(rows: list[dict[str, Any]], totals: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    gaps = "gap_percent" in totals
    table = Table(box=None, pad_edge=False)
    for title in ("case", "verdict", "score", *(["gap %"] if gaps else []), "cpu s", "wall s", "MB", "message"):
        table.add_column(title, justify="left" if title in ("case", "verdict", "message") else "right")
    for row in rows:
        gap = [number(row["gap_percent"], 3)] if gaps else []
        table.add_row(
            row["case"], row["verdict"], number(row["score"], 12), *gap, f"{row['cpu_seconds']:.2f}",
            f"{row['wall_seconds']:.2f}", f"{row['memory_mb']:.0f}", _message(row["verdict"], row["message"]),
        )  # fmt: skip
    Console().print(table)
    mean, between = totals["mean_score"], totals["interval"]
    print(f"mean {number(mean)} (95 %: {interval(tuple(between) if between else None)}), {totals['failed']} failed")
    print(
        f"{totals['timing']}: slowest {totals['slowest_seconds']:.2f} s of {totals['time_limit']:g} s "
        f"(case {totals['slowest_case']}), {totals['cpu_seconds']:.1f} s of CPU in all"
    )
    if "startup_share" in totals:
        print(f"start-up {totals['startup_seconds']:.2f} s, {totals['startup_share']:.1%} of the limit")
        if totals["compile_error"]:
            print(f"the compile pass failed, which a judge keeps to itself: {totals['compile_error'].splitlines()[-1]}")
        if totals["starved"]:
            print(f"{totals['starved']} cases were late only for waiting for a processor: this machine is too busy")
    if gaps:
        print(f"gap to best known {totals['gap_percent']:.3f} % over {totals['gap_cases']} cases")
    if "saved" in totals:
        files = ", ".join(f"{count} *{suffix}" for suffix, count in totals["saved_files"].items())
        print(f"saved in {totals['saved']}: {files or 'nothing'}")
        if totals["undrawn"]:
            print(f"no picture, or not of every case: {totals['undrawn']}")
