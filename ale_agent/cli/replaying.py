"""`memory replay`: saved strategies, run again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ale_agent.cli import arguments
from ale_agent.cli.output import print_json, told_errors
from ale_agent.errors import UsageError

if TYPE_CHECKING:
    from ale_agent.memory import Strategy

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]


def replay(
    what: Annotated[str, typer.Argument(help="A memory file, or a strategy's id.")],
    problem: Annotated[str | None, typer.Option("--problem", help="Where (default: the problem it came from).")] = None,
    cases: Annotated[int, typer.Option("--cases", min=1, help="Cases a strategy is run on.")] = 10,
    most: Annotated[int, typer.Option("--most", min=1, help="Strategies that are run at the most.")] = 5,
    home: Annotated[Path | None, typer.Option("--home", help="Where the memory lives (default: ALE_HOME).")] = None,
    as_json: Json = False,
) -> None:
    """Run saved strategies again: reproduce their score, or carry over what fits to another problem."""
    with told_errors(as_json):
        from ale_agent.attempt.remembering import answer_space_of, features_of
        from ale_agent.attempt.replaying import Replay
        from ale_agent.memory import plan_replay
        from ale_agent.problem import find_problem, load_problem
        from ale_agent.statement import read_statement

        strategies = _strategies(what, home)
        loaded = load_problem(find_problem(problem or _origin(strategies, what)))
        statement = None if loaded.statement_path is None else read_statement(loaded.statement_path)
        steps = plan_replay(strategies, features_of(loaded, statement, answer_space_of(loaded)))
        runnable = [step for step in steps if step.action in ("reproduce", "compose", "values")][:most]
        sandbox = arguments.open_box("auto", home)
        rows = []
        try:
            runner = Replay(loaded, sandbox, workers=len(os.sched_getaffinity(0)), cases=cases)
            for done in runner.run(runnable):
                strategy = done.step.strategy
                rows.append({
                    "id": strategy.id, "name": strategy.name, "action": done.step.action, "line": done.line,
                    "mean_score": done.mean_score, "reproduced": done.reproduced, "gain": done.gain,
                    "interval": None if done.gain is None else [done.low, done.high], "cases": done.cases,
                })  # fmt: skip
                if not as_json:
                    print(f"{strategy.id}  {strategy.name}\n    {done.step.action}: {done.line}", flush=True)
        finally:
            sandbox.close()
        left = len(steps) - len(runnable)
        if as_json:
            print_json({"problem": loaded.spec.id, "replayed": rows, "not_run": left})
        elif left:
            print(f"{left} more strategies were not run: text to read, components, or beyond --most {most}")


def _strategies(what: str, home: Path | None) -> list[Strategy]:
    from ale_agent.memory import Store
    from ale_agent.memory.exchange import read_file
    from ale_agent.settings import load_settings

    path = Path(what)
    if path.is_file():
        return list(read_file(path))
    settings = load_settings(home)
    if not settings.memory_path.exists():
        raise UsageError(f"{what}: neither a memory file nor, without a memory in {settings.home}, an id")
    with Store.open(settings.memory_path, busy_seconds=settings.memory.busy_seconds) as store:
        return [store.get(what)]


def _origin(strategies: list[Strategy], what: str) -> str:
    problems = {strategy.origin.problem for strategy in strategies if strategy.origin.problem is not None}
    if len(problems) != 1:
        raise UsageError(f"{what}: comes from {len(problems)} problems; name one with --problem")
    return problems.pop()
