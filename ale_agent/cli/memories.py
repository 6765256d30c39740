"""`memory list`, `show`, `recall`, `add`, `import`, `export`, `merge`, `prune`."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ale_agent.cli import arguments
from ale_agent.cli.output import percent, print_json, told_errors
from ale_agent.errors import UsageError

if TYPE_CHECKING:
    from ale_agent.attempt.remembering import Recollection
    from ale_agent.memory import ProblemFeatures, Recalled, Store
    from ale_agent.memory.strategy import Role
    from ale_agent.statement import Statement

app = typer.Typer(help="The strategy memory: what was learned, with its evidence.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]
Home = Annotated[Path | None, typer.Option("--home", help="Where the memory lives (default: ALE_HOME).")]


@contextmanager
def _store(home: Path | None) -> Iterator[Store]:
    from ale_agent.memory import Store
    from ale_agent.settings import load_settings

    settings = load_settings(home)
    try:
        settings.memory_path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{settings.home}: the home cannot be made ({error.strerror}); name another --home") from error
    with Store.open(settings.memory_path, busy_seconds=settings.memory.busy_seconds) as store:
        yield store


@app.command("list")
def list_strategies(
    role: Annotated[str | None, typer.Option("--role", help="technique, component, composition or program.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many rows.")] = 100,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List what the memory holds."""
    with told_errors(as_json), _store(home) as store:
        rows = store.summaries(role=_role(role), limit=limit)
        if as_json:
            print_json({"count": store.count(), "strategies": [asdict(row) for row in rows]})
            return
        from rich.console import Console
        from rich.table import Table

        table = Table("id", "role", "name", "fits", "trials", box=None, pad_edge=False)
        for row in rows:
            table.add_row(row.id, row.role, row.name, ", ".join(row.archetypes[:4]), str(row.trials))
        Console().print(table)
        print(f"{len(rows)} of {store.count()} strategies")


def _role(text: str | None) -> Role | None:
    for role in ("technique", "component", "composition", "program"):
        if text == role:
            return role
    if text is not None:
        raise UsageError(f"--role {text!r}: technique, component, composition or program")
    return None


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="A strategy's id.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show one strategy whole, with its evidence."""
    with told_errors(as_json), _store(home) as store:
        strategy = store.get(id)
        if as_json:
            print_json(strategy.to_json())
            return
        print(f"{strategy.id}  {strategy.name}\nfits: {', '.join(strategy.archetypes)}")
        print(f"when: {strategy.when}\nhow: {strategy.how}")
        for parameter in strategy.parameters:
            print(f"parameter: {json.dumps(parameter.to_json())}")
        for mode in strategy.failure_modes:
            print(f"fails: {mode}")
        for item in strategy.evidence:
            gain = f"{percent(item.gain)} on {item.cases} cases" if item.gain is not None else item.source
            print(f"evidence: {item.problem}: {gain}")
        if strategy.program is not None:
            print(strategy.program)


@app.command()
def recall(
    statement: Annotated[str, typer.Argument(help="A statement file, a problem folder or id.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many.")] = 12,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show which strategies would be used for a problem, and why."""
    with told_errors(as_json), _store(home) as store:
        from ale_agent.attempt.remembering import meaning_of, recollect_from, words_to_recall
        from ale_agent.memory import recall as recall_from
        from ale_agent.settings import load_settings

        read, features, space = _understood(statement)
        text = words_to_recall(read)
        meaning = meaning_of(load_settings(home), read, lambda told: print(f"warning: {told}", file=sys.stderr))
        techniques = recall_from(store, features, text, limit=limit, roles=("technique",), meaning=meaning)
        found = None if space is None else recollect_from(store, features, text, space, limit, meaning)
        if as_json:
            print_json(_recalled_json(features, techniques, found))
            return
        known = [features.answer_space or "answers of an unknown kind", *features.archetypes, *features.traits]
        print(f"{read.title}: read as {', '.join(dict.fromkeys(known))}")
        _print_recalled(techniques, found)


def _understood(statement: str) -> tuple[Statement, ProblemFeatures, str | None]:
    """Return a statement, the features it shows, and the answer space where the array level can build on it."""
    from ale_agent.attempt.remembering import answer_space_of, features_of
    from ale_agent.memory import ProblemFeatures
    from ale_agent.problem import find_problem, load_problem
    from ale_agent.statement import read_statement

    path = Path(statement)
    if path.is_file() and not (path.parent / "problem.toml").is_file():
        read = read_statement(path)
        features = ProblemFeatures.from_mapping(read.features.to_json())
        return read, features, features.answer_space
    problem = load_problem(path.parent if path.is_file() else find_problem(statement))
    if problem.statement_path is None:
        raise UsageError(f"{problem.folder}: there is no statement to recall for")
    read = read_statement(arguments.existing_file(problem.statement_path, "a statement"))
    space = answer_space_of(problem)
    return read, features_of(problem, read, space), space


def _recalled_json(
    features: ProblemFeatures, techniques: list[Recalled], found: Recollection | None
) -> dict[str, object]:
    def rows(items: Iterable[Recalled]) -> list[dict[str, object]]:
        return [
            {"id": r.strategy.id, "name": r.strategy.name, "role": r.strategy.role, "score": r.score, "why": r.why}
            for r in items
        ]

    built = () if found is None else found.built_on
    return {
        "features": features.to_mapping(),
        "recalled": rows(techniques),
        "built_on": rows(built),
        "proposed": [] if found is None else [{"strategy": r.strategy, "name": r.name} for r in found.remembered],
        "agreed_values": {} if found is None else dict(found.agreed),
    }


def _print_recalled(techniques: list[Recalled], found: Recollection | None) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("used", "score", "strategy", "why", "id", box=None, pad_edge=False)
    for item in techniques:
        table.add_row("to read", f"{item.score:.2f}", item.strategy.name, item.why, item.strategy.id)
    for number, item in enumerate(found.built_on if found is not None else (), 1):
        table.add_row(f"to build {number}", f"{item.score:.2f}", item.strategy.name, item.why, item.strategy.id)
    Console().print(table)
    if found is not None and found.agreed:
        values = ", ".join(f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
                           for name, value in found.agreed.items())  # fmt: skip
        print(f"values that finished programs agree on: {values}")


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="A JSON object with at least name, archetypes, when and how.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Add a strategy of your own."""
    with told_errors(as_json), _store(home) as store:
        from ale_agent.memory import new_strategy
        from ale_agent.memory.format import parse_json

        path = arguments.existing_file(file, "a JSON file")
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read as text ({error})") from error
        strategy = new_strategy(parse_json(text), created=datetime.date.today().isoformat())
        change = store.add(strategy)
        if as_json:
            print_json({"id": strategy.id, "change": change})
        else:
            print(f"{strategy.id}: {change}")


@app.command("import")
def import_memory(
    file: Annotated[Path, typer.Argument(help="A memory file, JSONL.")],
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Import the good lines of a file with bad ones.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Import a memory file; evidence from elsewhere is marked as foreign."""
    with told_errors(as_json), _store(home) as store:
        from ale_agent.memory import import_file

        report = import_file(store, file, skip_bad=skip_bad)
        if as_json:
            print_json(asdict(report))
        else:
            print("\n".join(report.lines()))


@app.command("export")
def export_memory(
    file: Annotated[Path, typer.Argument(help="The file to write, JSONL.")],
    learned: Annotated[bool, typer.Option("--learned", help="Only what was learned.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Export the memory as a file."""
    with told_errors(as_json), _store(home) as store:
        from ale_agent.memory import export_file

        count = export_file(store, file, learned_only=learned)
        if as_json:
            print_json({"file": str(file), "strategies": count})
        else:
            print(f"{count} strategies in {file}")


@app.command()
def merge(
    file: Annotated[Path, typer.Argument(help="Another memory: a .db or a .jsonl file.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Unite another memory with this one."""
    with told_errors(as_json), _store(home) as store:
        from ale_agent.memory import merge_memory

        report = merge_memory(store, file)
        if as_json:
            print_json(asdict(report))
        else:
            print(f"{report.added} added, {report.merged} merged, {report.unchanged} unchanged")


@app.command()
def prune(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids to take out.")] = None,
    unproven: Annotated[bool, typer.Option("--unproven", help="Without any trial or citation.")] = False,
    harmful: Annotated[bool, typer.Option("--harmful", help="Measured to do harm beyond doubt.")] = False,
    before: Annotated[str | None, typer.Option("--before", help="Older than this date, such as 2026-11-23.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken out.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Take out what has not earned its place."""
    with told_errors(as_json), _store(home) as store:
        from ale_agent.memory import prune as prune_store

        taken = prune_store(
            store, ids=ids or (), unproven=unproven, harmful=harmful, created_before=before, dry_run=dry_run
        )
        if as_json:
            print_json({"pruned": [asdict(item) for item in taken], "dry_run": dry_run})
            return
        for item in taken:
            print(f"{item.id}  {item.name}: {item.why}")
        print(f"{len(taken)} {'would be ' if dry_run else ''}taken out")
