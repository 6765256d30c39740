"""`problem list`, `check`, `cases`, `new`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ale_agent.cli import arguments
from ale_agent.cli.output import print_json, told_errors
from ale_agent.errors import ProblemError, UsageError

if TYPE_CHECKING:
    from ale_agent.problem.finding import CheckReport

app = typer.Typer(help="Problem folders: list, check, make cases, begin a new one.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]


@app.command("list")
def list_problems(as_json: Json = False) -> None:
    """List the problems of ./problems and of the repository."""
    with told_errors(as_json):
        from ale_agent.problem import load_problem

        rows: list[dict[str, Any]] = []
        broken = []
        for folder in _all_folders():
            try:
                problem = load_problem(folder)
            except ProblemError as error:
                broken.append({"folder": str(folder), "error": str(error)})
                continue
            spec = problem.spec
            rows.append({
                "id": spec.id, "title": spec.title, "objective": spec.objective, "interactive": spec.interactive,
                "time_limit": spec.time_limit, "array_level": problem.array_level, "folder": str(folder),
            })  # fmt: skip
        if as_json:
            print_json({"problems": rows, "broken": broken})
            return
        from rich.console import Console
        from rich.table import Table

        table = Table("id", "title", "objective", "limit", "built-in strategist", box=None, pad_edge=False)
        for row in rows:
            kind = "yes" if row["array_level"] else "no (interactive)" if row["interactive"] else "no array level"
            table.add_row(row["id"], row["title"], row["objective"], f"{row['time_limit']:g} s", kind)
        Console().print(table)
        for item in broken:
            print(f"error: {item['error']}", file=sys.stderr)


@app.command()
def check(
    problem: Annotated[str | None, typer.Argument(help="A problem folder or id.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Check every problem that `list` shows.")] = False,
    seeds: Annotated[str, typer.Option("--seeds", help="Which cases, such as 0:20.")] = "0:20",
    outputs: Annotated[int, typer.Option("--outputs", min=0, help="How many malformed outputs to try.")] = 500,
    hashes: Annotated[
        bool, typer.Option("--hashes", help="Compare every case of case_hashes.csv, not only those of --seeds.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Try out a problem folder's whole contract; say what is wrong, where, and how to mend it."""
    with told_errors(as_json):
        from ale_agent.problem import find_problem

        if (problem is None) != everything:
            raise UsageError("name one problem, or say --all")
        folders = _all_folders() if everything else [find_problem(str(problem))]
        reports = {}
        for folder in folders:
            # One folder that does not even load must not keep the others from being checked.
            name, report = _checked(folder, arguments.seed_range(seeds), outputs, hashes, alone=not everything)
            reports[name] = asdict(report)
            if not as_json:
                _show(name, report)
        errors = sum(item["severity"] == "error" for report in reports.values() for item in report["findings"])
        if as_json:
            print_json({"errors": errors, "problems": reports})
        if errors:
            raise typer.Exit(2)


def _checked(folder: Path, seeds: list[int], outputs: int, hashes: bool, *, alone: bool) -> tuple[str, CheckReport]:
    import numpy as np

    from ale_agent.problem import load_problem
    from ale_agent.problem.check import check_problem
    from ale_agent.problem.finding import CheckReport, Finding

    try:
        problem = load_problem(folder)
    except ProblemError as error:
        if alone:
            raise
        return folder.name, CheckReport((Finding("error", "the folder", str(error), "mend that first"),))

    def progress(stage: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r\033[K{problem.spec.id}: {stage} {done}/{total} ", end="", file=sys.stderr, flush=True)

    report = check_problem(
        problem, seeds=seeds, outputs=outputs, rng=np.random.default_rng(0), all_hashes=hashes, progress=progress
    )
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    return problem.spec.id, report


def _all_folders() -> list[Path]:
    """Return the problem folders of ./problems and of the repository, each id once, the nearer first."""
    from ale_agent.problem import problem_folders
    from ale_agent.problem.folder import repository_problems

    nearest: dict[str, Path] = {}
    for root in (Path("problems"), repository_problems()):
        for folder in problem_folders(root):
            nearest.setdefault(folder.name, folder)
    return [nearest[name] for name in sorted(nearest)]


def _show(name: str, report: CheckReport) -> None:
    times = (("a case made in", report.generate_seconds), ("judged in", report.score_seconds))
    facts = [f"{what} {seconds * 1e3:.1f} ms" for what, seconds in times if seconds is not None]
    if report.hashes:
        facts.append(f"{report.hashes} cases as the contest's")
    count = len(report.findings)
    verdict = "all well" if not count else f"{count} finding{'s' if count > 1 else ''}"
    print(f"{name}: {verdict}" + (f" ({', '.join(facts)})" if facts else ""), flush=True)
    for finding in report.findings:
        print(f"  {finding.severity}: {finding.where}: {finding.what}\n    {finding.mend}", flush=True)


@app.command()
def cases(
    problem: Annotated[str, typer.Argument(help="A problem folder or id.")],
    seeds: Annotated[str, typer.Option("--seeds", help="Which cases, such as 0:100.")] = "0:10",
    out: Annotated[Path, typer.Option("--out", help="The folder for 0000.txt, 0001.txt, ...")] = Path("in"),
    as_json: Json = False,
) -> None:
    """Write cases as files."""
    with told_errors(as_json):
        from ale_agent.problem import case_name, find_problem, load_problem, open_tools

        loaded = load_problem(find_problem(problem))
        wanted = arguments.seed_range(seeds)
        try:
            out.mkdir(parents=True, exist_ok=True)
            with open_tools(loaded) as tools:
                for seed in wanted:
                    (out / f"{case_name(seed)}.txt").write_text(tools.generate(seed), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{out}: the cases cannot be written ({error.strerror}); name another folder") from error
        if as_json:
            print_json({"folder": str(out), "cases": len(wanted)})
        else:
            print(f"{len(wanted)} cases in {out}")


@app.command()
def new(
    id: Annotated[str, typer.Argument(help="Lower-case letters, digits, - and _.")],
    folder: Annotated[Path | None, typer.Option("--folder", help="Where (default: problems/ID).")] = None,
    title: Annotated[str | None, typer.Option("--title", help="For a person.")] = None,
    objective: Annotated[str, typer.Option("--objective", help="maximize or minimize.")] = "maximize",
    interactive: Annotated[bool, typer.Option("--interactive", help="The judge talks with the solver.")] = False,
    as_json: Json = False,
) -> None:
    """Begin a new problem with working stubs that pass `problem check`."""
    with told_errors(as_json):
        from ale_agent.problem.new import create_problem

        direction: Literal["maximize", "minimize"]
        if objective == "maximize":
            direction = "maximize"
        elif objective == "minimize":
            direction = "minimize"
        else:
            raise UsageError(f"--objective {objective!r}: maximize or minimize")
        made = create_problem(
            folder or Path("problems") / id, id, title=title, objective=direction, interactive=interactive
        )
        if as_json:
            print_json({"folder": str(made)})
        else:
            print(
                f"{made}: edit statement.md, problem.toml, tools.py and samples/, then: ale-agent problem check {made}"
            )
