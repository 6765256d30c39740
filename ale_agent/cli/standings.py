"""`leaderboard show` and `rate`."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Annotated, Any

import typer

from ale_agent.cli import arguments
from ale_agent.cli.output import number, print_json, told_errors
from ale_agent.errors import StandingsError, UsageError

app = typer.Typer(help="Contest standings, best-known values, rating.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]


@app.command()
def show(
    table: Annotated[str, typer.Argument(help="A table's name, such as ahc026, or its file.")],
    score: Annotated[float | None, typer.Option("--score", help="Where would this sum of scores stand?")] = None,
    as_json: Json = False,
) -> None:
    """Show a table; with a score, where it would stand."""
    with told_errors(as_json):
        from ale_agent.leaderboard import Standings, read_table
        from ale_agent.leaderboard.tables import shipped_table

        path = Path(table) if table.endswith(".csv") else shipped_table(table)
        if not path.is_file():
            raise UsageError(f"{table}: there is no such table; name a file, or one of the folder leaderboard/")
        read = read_table(path)
        facts: dict[str, Any] = {"table": read.name}
        if isinstance(read, Standings):
            facts["rows"] = [[row.rank, row.score, row.performance] for row in read.rows]
            if score is not None:
                place = read.place(score)
                facts["place"] = {
                    "score": score, "rank": place.rank, "percentile": place.percentile,
                    "performance": place.performance, "estimated": place.estimated,
                }  # fmt: skip
        elif score is not None:
            raise UsageError(f"{table}: these are best-known values of single cases; a score has no rank among them")
        else:
            facts["best_known"] = {str(case): value for case, value in read.values.items()}
        if as_json:
            print_json(facts)
        else:
            _print(facts)


def _print(facts: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    if "place" in facts:
        place = facts["place"]
        print(f"rank {place['rank']:.1f}, percentile {place['percentile']:.1f}, performance {place['performance']:.0f}")
        if place["estimated"]:
            print(f"estimated: {place['estimated']}")
        return
    table = Table(box=None, pad_edge=False)
    heads = ("rank", "score", "performance") if "rows" in facts else ("case", "best known")
    for head in heads:
        table.add_column(head, justify="right")
    for row in facts.get("rows", facts.get("best_known", {}).items()):
        table.add_row(*(number(cell, 15) if isinstance(cell, float) else str(cell) for cell in row))
    Console().print(table)


@app.command()
def rate(
    file: Annotated[Path, typer.Argument(help="A CSV with the columns contest,performance.")],
    latest: Annotated[str, typer.Option("--latest", help="The contest after which the rating is asked for.")],
    as_json: Json = False,
) -> None:
    """Compute the heuristic rating (version 2) from performances."""
    with told_errors(as_json):
        from ale_agent.leaderboard import rate as rate_performances

        rating = rate_performances(_performances(arguments.existing_file(file, "a CSV file")), latest)
        if as_json:
            print_json({"rating": rating})
        else:
            print(rating)


def _performances(path: Path) -> dict[str, float]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StandingsError(f"{path}: cannot be read as text ({error})") from error
    found: dict[str, float] = {}
    for at, cells in enumerate(csv.reader(lines), 1):
        row = [cell.strip() for cell in cells]
        if not any(row) or (at == 1 and row[:2] == ["contest", "performance"]):
            continue
        if len(row) != 2:
            raise StandingsError(f"{path}:{at}: a row is contest,performance, not {len(row)} cells")
        try:
            value = float(row[1])
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise StandingsError(f"{path}:{at}: performance must be a finite number, got {row[1][:40]!r}")
        if row[0] in found:
            raise StandingsError(f"{path}:{at}: contest {row[0]} is there already")
        found[row[0]] = value
    return found
