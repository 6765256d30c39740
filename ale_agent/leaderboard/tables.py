"""Reads and writes leaderboard tables (FORMATS section 3): standings, scores case by case, best-known values."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal

from ale_agent.errors import StandingsError
from ale_agent.leaderboard.case_scores import CaseScores
from ale_agent.leaderboard.relative import Exact
from ale_agent.leaderboard.standings import Row, Standings
from ale_agent.problem import Problem

STANDINGS = ("rank", "score", "performance")
BEST_KNOWN = ("case", "best_known", "kind", "source")
_MOST_BYTES = 256 << 20
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_SEED = re.compile(r"\d{1,20}", re.ASCII)


@dataclass(frozen=True)
class BestKnown:
    """Best-known values by case seed, each ``optimal`` or a ``bound``, with where it is from."""

    name: str
    values: dict[int, float]
    kinds: dict[int, Literal["optimal", "bound"]]
    sources: dict[int, str]


def table_path(problem: Problem) -> Path | None:
    """Return the file of a problem's table: beside its problem.toml where it is a path, otherwise a shipped one."""
    spec = problem.spec.leaderboard
    if spec is None:
        return None
    if spec.table.endswith(".csv") or "/" in spec.table:
        return (problem.folder / spec.table).resolve()
    return shipped_table(spec.table)


def shipped_table(name: str) -> Path:
    """Return the file of a table by name, in ./leaderboard or in the repository's folder."""
    here = Path("leaderboard") / f"{name}.csv"
    if here.is_file():
        return here.resolve()
    return Path(__file__).resolve().parents[2] / "leaderboard" / f"{name}.csv"


def load_table(problem: Problem) -> Standings | CaseScores | BestKnown | None:
    """Return a problem's table, None if it names none."""
    path = table_path(problem)
    return None if path is None else read_table(path)


def best_known(problem: Problem) -> dict[int, float]:
    """Return best-known values by case seed; empty where the problem has none."""
    table = load_table(problem)
    return dict(table.values) if isinstance(table, BestKnown) else {}


def read_table(path: Path) -> Standings | CaseScores | BestKnown:
    """Return the table in a file, of whichever kind.

    Raises
    ------
    StandingsError
        With file, line, column, rule and value.
    """
    lines = read_rows(path)
    try:
        _, head = next(lines)
    except StopIteration:
        raise StandingsError(f"{path}: the file is empty; the first line names the columns") from None
    columns = [cell.lower() for cell in head]
    if columns == list(BEST_KNOWN):
        return _read_best_known(path, lines)
    if columns in (list(STANDINGS), list(STANDINGS[:2])):
        return _read_standings(path, lines)
    if columns[0] == "entrant":
        return _read_case_scores(path, columns, lines)
    raise StandingsError(
        f"{path}:1: the columns must be {','.join(STANDINGS)} or {','.join(BEST_KNOWN)} or entrant and one seed a case, "
        f"got {','.join(columns)[:80]!r}; ale-agent leaderboard import reads a contest site's own files"
    )


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file that are not blank, each with its number and its cells without blanks around.

    Raises
    ------
    StandingsError
        The file cannot be read, or is no CSV.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise StandingsError(
                f"{path}: larger than {_MOST_BYTES >> 20} MiB; a table is a few kilobytes or megabytes"
            )
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise StandingsError(f"{path}: cannot be read ({error.strerror}); name a table file") from error
    except UnicodeDecodeError as error:
        raise StandingsError(f"{path}: not UTF-8 at byte {error.start}") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise StandingsError(f"{path}:{reader.line_num}: not CSV: {error}") from None


def _read_standings(path: Path, lines: Iterator[tuple[int, list[str]]]) -> Standings:
    rows: dict[int, Row] = {}
    listed: Counter[int] = Counter()
    for number, cells in lines:
        if len(cells) not in (2, 3):
            raise StandingsError(
                f"{path}:{number}: a row has rank, score and maybe performance, not {len(cells)} cells"
            )
        rank = read_number(path, number, "rank", cells[0], low=1)
        if rank != int(rank):
            raise StandingsError(f"{path}:{number}: rank must be a whole number, got {cells[0]!r}")
        performance = cells[2] if len(cells) == 3 else ""
        row = Row(
            int(rank),
            read_number(path, number, "score", cells[1]),
            read_number(path, number, "performance", performance) if performance else None,
        )
        listed[row.rank] += 1
        if rows.setdefault(row.rank, row) != row:
            raise StandingsError(f"{path}:{number}: rank {row.rank} is there already with another score or performance")
    ranked = sorted(rows.values(), key=lambda row: row.rank)
    # A tied block is listed once, or once for each of its entrants; in a thinned table it may be cut, and then says nothing.
    whole = [row for row, following in pairwise(ranked) if row.rank + listed[row.rank] == following.rank]
    tied = {row.rank: listed[row.rank] for row in [*whole, *ranked[-1:]]}
    return Standings(path.stem, tuple(replace(row, tied=tied.get(row.rank, 1)) for row in ranked))


def _read_case_scores(path: Path, columns: list[str], lines: Iterator[tuple[int, list[str]]]) -> CaseScores:
    first = 2 if columns[1:2] == ["performance"] else 1
    seeds: list[int] = []
    for column in columns[first:]:
        if not _SEED.fullmatch(column) or int(column) in seeds:
            raise StandingsError(f"{path}:1: column {column[:40]!r} must be a seed such as 0007, and each stands once")
        seeds.append(int(column))
    names: list[str] = []
    scores: list[tuple[Exact | None, ...]] = []
    performances: list[float | None] = []
    for number, cells in lines:
        if len(cells) != len(columns):
            raise StandingsError(f"{path}:{number}: a row has {len(columns)} cells, not {len(cells)}")
        names.append(cells[0])
        shown = cells[1] if first == 2 else ""
        performances.append(read_number(path, number, "performance", shown) if shown else None)
        scores.append(
            tuple(
                read_exact(path, number, column, cell) if cell else None
                for column, cell in zip(columns[first:], cells[first:], strict=True)
            )
        )
    if not seeds or len(names) < 2:
        raise StandingsError(f"{path}: needs at least one case and two entrants, has {len(seeds)} and {len(names)}")
    return CaseScores(path.stem, tuple(seeds), tuple(names), tuple(scores), tuple(performances))


def table_text(table: Standings | CaseScores) -> str:
    """Return a table as a file's text, which `read_table` gives back."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if isinstance(table, Standings):
        writer.writerow(STANDINGS)
        for row in table.rows:
            performance = "" if row.performance is None else _shown(row.performance)
            writer.writerows([(row.rank, _shown(row.score), performance)] * row.tied)
        return text.getvalue()
    with_performance = any(value is not None for value in table.performances)
    seeds = [f"{seed:04d}" for seed in table.seeds]
    writer.writerow(["entrant", *(["performance"] if with_performance else []), *seeds])
    for name, value, scores in zip(table.entrants, table.performances, table.scores, strict=True):
        performance = "" if value is None else _shown(value)
        cells = ["" if score is None else _shown(score) for score in scores]
        writer.writerow([name, *([performance] if with_performance else []), *cells])
    return text.getvalue()


def _shown(value: float | Fraction) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _read_best_known(path: Path, lines: Iterator[tuple[int, list[str]]]) -> BestKnown:
    values: dict[int, float] = {}
    kinds: dict[int, Literal["optimal", "bound"]] = {}
    sources: dict[int, str] = {}
    for number, cells in lines:
        if len(cells) != len(BEST_KNOWN):
            raise StandingsError(f"{path}:{number}: a row has {','.join(BEST_KNOWN)}, not {len(cells)} cells")
        case, value, kind, source = (cell.strip() for cell in cells)
        if not case.isascii() or not case.isdigit() or len(case) > 20:
            raise StandingsError(f"{path}:{number}: case must be a seed such as 0007, got {case[:40]!r}")
        if int(case) in values:
            raise StandingsError(f"{path}:{number}: case {case} is there already")
        if kind == "optimal":
            kinds[int(case)] = "optimal"
        elif kind == "bound":
            kinds[int(case)] = "bound"
        else:
            raise StandingsError(f"{path}:{number}: kind must be optimal or bound, got {kind[:40]!r}")
        values[int(case)] = read_number(path, number, "best_known", value)
        sources[int(case)] = source
    return BestKnown(path.stem, values, kinds, sources)


def read_number(path: Path, line: int, column: str, text: str, low: float = -math.inf) -> float:
    """Return a cell's number; a StandingsError names the place, the rule and the value."""
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(value) or value < low:
        rule = "a finite number" if low == -math.inf else f"a number of at least {low:g}"
        raise StandingsError(f"{path}:{line}: {column} must be {rule}, got {text[:40]!r}")
    return value


def read_exact(path: Path, line: int, column: str, text: str) -> Exact:
    """Return a cell's number exactly."""
    value = read_number(path, line, f"case {column}", text)
    exact = Fraction(text)
    return int(exact) if value == int(value) and exact.denominator == 1 else exact
