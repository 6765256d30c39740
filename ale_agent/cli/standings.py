"""`leaderboard show`, `import` and `rate`."""

from __future__ import annotations

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
        from ale_agent.leaderboard import CaseScores, Standings, read_table
        from ale_agent.leaderboard.tables import shipped_table

        path = Path(table) if table.endswith(".csv") else shipped_table(table)
        if not path.is_file():
            raise UsageError(f"{table}: there is no such table; name a file, or one of the folder leaderboard/")
        read = read_table(path)
        facts: dict[str, Any] = {"table": read.name}
        if score is not None and not isinstance(read, Standings):
            what = (
                "scores case by case; ale-agent bench" if isinstance(read, CaseScores) else "best-known values; bench"
            )
            raise UsageError(f"{table}: these are {what} compares a solver's cases with them, a sum has no rank here")
        if isinstance(read, Standings):
            facts["rows"] = [[row.rank, row.score, row.performance] for row in read.rows]
            if score is not None:
                place = read.place(score)
                facts["place"] = {
                    "score": score, "rank": place.rank, "percentile": place.percentile,
                    "performance": place.performance, "estimated": place.estimated,
                }  # fmt: skip
        elif isinstance(read, CaseScores):
            facts |= {"entrants": len(read.entrants), "seeds": list(read.seeds)}
        else:
            facts["best_known"] = {str(case): value for case, value in read.values.items()}
        if as_json:
            print_json(facts)
        else:
            _print(facts)


@app.command("import")
def import_(
    result: Annotated[
        Path, typer.Argument(help="result.csv: rank,score[,performance], or one column a case and one of names.")
    ],
    inputs: Annotated[
        Path | None, typer.Option("--input", help="input.csv: the seed of each case (columns case and seed).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The table to write (default: leaderboard/NAME.csv).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a table of a contest site's files: standings, or every entrant's score in every case."""
    with told_errors(as_json):
        from ale_agent.leaderboard import Standings
        from ale_agent.leaderboard.importing import import_table
        from ale_agent.leaderboard.tables import table_text

        if inputs is not None:
            arguments.existing_file(inputs, "the file with the cases' seeds")
        read = import_table(arguments.existing_file(result, "a contest site's result"), inputs)
        target = out or Path("leaderboard") / f"{result.stem}.csv"
        if target.exists():
            raise UsageError(f"{target}: is there already; name another file with --out")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(table_text(read.table), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{target}: cannot be written ({error.strerror}); name another with --out") from error
        facts: dict[str, Any] = {"table": str(target), "left_out": list(read.left_out)}
        if isinstance(read.table, Standings):
            facts |= {"entrants": read.table.entrants}
        else:
            seeds = read.table.seeds
            facts |= {"entrants": len(read.table.entrants), "cases": len(seeds), "failed_cases": read.failed_cases}
        if as_json:
            print_json(facts)
            return
        print(", ".join(f"{facts[key]} {key.replace('_', ' ')}" for key in facts if key not in ("table", "left_out")))
        if read.left_out:
            print(f"left out: {', '.join(read.left_out)}")
        print(f'{target}: name it in problem.toml: [leaderboard] table = "{target.stem}"')


def _print(facts: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    if "place" in facts:
        place = facts["place"]
        print(f"rank {place['rank']:.1f}, percentile {place['percentile']:.1f}, performance {place['performance']:.0f}")
        if place["estimated"]:
            print(f"estimated: {place['estimated']}")
        return
    if "seeds" in facts:
        print(
            f"{facts['entrants']} entrants, {len(facts['seeds'])} cases: seeds {', '.join(map(str, facts['seeds'][:20]))}"
        )
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

        rating = rate_performances(_performances(arguments.existing_file(file, "a CSV file")), latest.lower())
        if as_json:
            print_json({"rating": rating})
        else:
            print(rating)


def _performances(path: Path) -> dict[str, float]:
    from ale_agent.leaderboard.tables import read_number, read_rows

    found: dict[str, float] = {}
    for at, (line, cells) in enumerate(read_rows(path)):
        if at == 0 and [cell.lower() for cell in cells] == ["contest", "performance"]:
            continue
        if len(cells) != 2:
            raise StandingsError(f"{path}:{line}: a row is contest,performance, not {len(cells)} cells")
        contest = cells[0].lower()
        if contest in found:
            raise StandingsError(f"{path}:{line}: contest {contest[:60]} is there already")
        found[contest] = read_number(path, line, "performance", cells[1])
    if not found:
        raise StandingsError(f"{path}: holds no performance; a row is contest,performance, such as ahc044,1900")
    return found
