"""`solve`, `resume` and `report`."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from ale_agent.cli import arguments
from ale_agent.cli.output import INTERRUPTED, interval, number, print_json, told_errors, told_spend
from ale_agent.clock import SystemClock
from ale_agent.errors import UsageError

Json = Annotated[bool, typer.Option("--json", help="Print machine-readable lines; the last one is the result.")]
Home = Annotated[Path | None, typer.Option("--home", help="Where memory and attempts live (default: ALE_HOME).")]


def solve(
    statement: Annotated[
        str, typer.Argument(help="A statement file, a problem folder, or the id of a bundled problem.")
    ],
    time: Annotated[str | None, typer.Option("--time", help="Time budget: 90, 90s, 5m, 1h (default 3m).")] = None,
    iterations: Annotated[
        int | None,
        typer.Option("--iterations", min=1, help="Measure so many proposals instead of using a time budget."),
    ] = None,
    trials: Annotated[int, typer.Option("--trials", min=1, help="Trials of a study on an iteration budget.")] = 24,
    evaluations: Annotated[
        int,
        typer.Option(
            "--evaluations", min=0, help="Objective evaluations of a composed solver in a run, not its time limit."
        ),
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Root of all random choices.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", help="The attempt folder (default: a new one in the home).")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Runs at the same time (default: cores).")
    ] = None,
    sandbox: Annotated[str, typer.Option("--sandbox", help="auto, local, docker or none.")] = "auto",
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            help="A language model beside the built-in strategist: PROVIDER:NAME, relay:DIR, replay:FILE; several make "
            "an ensemble.",
        ),
    ] = None,
    policy: Annotated[
        str, typer.Option("--policy", help="How models are asked: abmcts (wider or deeper) or best-of-n (drafts only).")
    ] = "abmcts",
    parallel: Annotated[
        int,
        typer.Option(
            "--parallel", min=1, help="Requests to models and unmeasured replies at a time; 1 asks strictly in turn."
        ),
    ] = 2,
    record: Annotated[
        Path | None, typer.Option("--record", help="Keep the exchanges with the model in this file.")
    ] = None,
    max_usd: Annotated[float | None, typer.Option("--max-usd", min=0.0, help="What the model may cost.")] = None,
    max_tokens: Annotated[int | None, typer.Option("--max-tokens", min=0, help="Tokens the model may use.")] = None,
    max_calls: Annotated[int | None, typer.Option("--max-calls", min=0, help="Calls of the model.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Solve a problem: from its statement to a tuned, confirmed solver program."""
    clock = SystemClock()
    started = _process_start(clock)
    with told_errors(as_json):
        from ale_agent.attempt import AttemptOptions, begin
        from ale_agent.attempt.authoring import stands_alone
        from ale_agent.problem import find_problem, load_problem
        from ale_agent.settings import load_settings

        settings = load_settings(home)
        seconds = settings.budget.seconds if time is None else arguments.duration(time)
        if time is not None and iterations is not None:
            raise UsageError("--time and --iterations exclude each other: a budget is one or the other")
        path = find_problem(statement)
        models = tuple(map(arguments.model_name, model or [settings.model.name] * bool(settings.model.name)))
        alone = bool(models) and stands_alone(path)
        problem = None if alone else load_problem(path)
        name = path.stem if problem is None else problem.spec.id
        folder = out or settings.attempts_path / f"{name}-{datetime.datetime.now():%Y%m%d-%H%M%S-%f}"
        problem_folder = folder.absolute().with_name(f"{folder.name}-problem")
        statement_path: Path | None = path.absolute()
        if problem is not None:
            problem_folder, statement_path = problem.folder, problem.statement_path
        options = AttemptOptions(
            problem_folder=str(problem_folder),
            statement_path=None if statement_path is None else str(statement_path),
            alone=alone,
            seconds=None if iterations is not None else seconds,
            iterations=iterations,
            trials=trials,
            evaluation_limit=evaluations,
            seed=seed,
            workers=workers or settings.evaluation.workers or len(os.sched_getaffinity(0)),
            sandbox=arguments.sandbox_kind(sandbox),
            models=models,
            policy=arguments.model_policy(policy),
            parallel=parallel,
            record=None if record is None else str(record.absolute()),
            max_usd=settings.budget.max_usd if max_usd is None else max_usd,
            max_tokens=settings.budget.max_tokens if max_tokens is None else max_tokens,
            max_calls=settings.budget.max_calls if max_calls is None else max_calls,
        )
        _work(
            lambda observe: begin(options, folder, settings=settings, clock=clock, started=started, observe=observe),
            folder.resolve(),
            as_json,
        )


def resume(
    attempt: Annotated[Path, typer.Argument(help="The folder of an attempt that was interrupted, or met a cap.")],
    time: Annotated[str | None, typer.Option("--time", help="A new time budget, earlier sessions included.")] = None,
    max_usd: Annotated[float | None, typer.Option("--max-usd", min=0.0, help="A new cap on the models' cost.")] = None,
    max_tokens: Annotated[int | None, typer.Option("--max-tokens", min=0, help="A new cap on their tokens.")] = None,
    max_calls: Annotated[int | None, typer.Option("--max-calls", min=0, help="A new cap on their calls.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Go on with an attempt where it stopped, with what budget was left, or with a larger one."""
    clock = SystemClock()
    with told_errors(as_json):
        from ale_agent.attempt import resume as go_on
        from ale_agent.settings import load_settings

        settings = load_settings(home)
        started = clock.now()
        asked = {
            "seconds": None if time is None else arguments.duration(time),
            "max_usd": max_usd,
            "max_tokens": max_tokens,
            "max_calls": max_calls,
        }
        changes = {name: value for name, value in asked.items() if value is not None}
        _work(
            lambda observe: go_on(
                attempt, settings=settings, clock=clock, started=started, observe=observe, changes=changes
            ),
            attempt.resolve(),
            as_json,
        )


def report(
    attempt: Annotated[Path, typer.Argument(help="An attempt's folder.")],
    as_json: Json = False,
) -> None:
    """Write an attempt's report.html anew from its journal."""
    with told_errors(as_json):
        from ale_agent.report import write_report

        path = write_report(attempt)
        if as_json:
            print_json({"report": str(path)})
        else:
            print(path)


def _work(run: Callable[[Callable[..., None]], Any], folder: Path, as_json: bool) -> None:
    """Run an attempt under a view, write its report, say what it came to and leave with the right exit code."""
    from ale_agent.cli.live import LineView, LiveView

    lines = as_json or not sys.stdout.isatty()
    if lines:
        view: LineView | LiveView = LineView()
    else:
        from rich.console import Console

        view = LiveView(Console())
    try:
        with view:
            summary = run(view.observe)
    except KeyboardInterrupt:
        message = f"interrupted; nothing is lost: ale-agent resume {folder}"
        print(message, file=sys.stderr)
        if lines:
            print_json({"interrupted": True, "attempt_folder": str(folder), "resume": f"ale-agent resume {folder}"})
        raise typer.Exit(INTERRUPTED) from None
    from ale_agent.report import write_report

    report_path = write_report(folder)
    if lines:
        print_json({**asdict(summary), "report": str(report_path)})
    else:
        _say(summary, report_path)
    raise typer.Exit(summary.exit_code)


def _say(summary: Any, report_path: Path) -> None:
    if summary.missing:
        print(f"there is no judge: {summary.missing[-1]}")
        return
    if summary.solver is None:
        print(f"no candidate gave a valid answer; see {report_path}")
        return
    if summary.mean_score is not None:
        print(
            f"mean score {number(summary.mean_score)} ({interval(summary.interval)}) on {summary.confirm_cases} "
            f"fresh cases, {summary.confirm_failed} failed, cold and on the wall clock"
        )
    else:
        print("the budget ended before the solver could be confirmed on fresh cases")
    if summary.judge != "the problem's own":
        print(f"NOTE: the judge was {summary.judge}")
    if spend := told_spend(summary.spend):
        print(f"models      {spend}")
    print(f"what it is: {summary.idea or 'the incumbent of the search'}")
    print(f"solver      {summary.solver}\nreport      {report_path}")


def _process_start(clock: SystemClock) -> float:
    """Return when this process began, on the clock: imports count against the budget, as a person's wait does."""
    try:
        with open("/proc/self/stat") as file:
            ticks = int(file.read().rsplit(")", 1)[1].split()[19])
        with open("/proc/uptime") as file:
            up = float(file.read().split()[0])
        return clock.now() - max(0.0, min(60.0, up - ticks / os.sysconf("SC_CLK_TCK")))
    except (OSError, ValueError, IndexError):
        return clock.now()
