"""Reads leaderboard tables (FORMATS section 3): contest standings, and best-known values of single cases."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ale_agent.errors import StandingsError
from ale_agent.leaderboard.standings import Row, Standings
from ale_agent.problem import Problem

STANDINGS = ("rank", "score", "performance")
BEST_KNOWN = ("case", "best_known", "kind", "source")
_MOST_BYTES = 64 << 20


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


def load_table(problem: Problem) -> Standings | BestKnown | None:
    """Return a problem's table, None if it names none."""
    path = table_path(problem)
    return None if path is None else read_table(path)


def best_known(problem: Problem) -> dict[int, float]:
    """Return best-known values by case seed; empty where the problem has none."""
    table = load_table(problem)
    return dict(table.values) if isinstance(table, BestKnown) else {}


def read_table(path: Path) -> Standings | BestKnown:
    """Return the table in a file, of either kind.

    Raises
    ------
    StandingsError
        With file, line, column, rule and value.
    """
    lines = _lines(path)
    try:
        _, head = next(lines)
    except StopIteration:
        raise StandingsError(f"{path}: the file is empty; the first line names the columns") from None
    columns = [cell.strip().lower() for cell in head]
    if columns == list(BEST_KNOWN):
        return _read_best_known(path, lines)
    if columns in (list(STANDINGS), list(STANDINGS[:2])):
        return _read_standings(path, lines)
    raise StandingsError(
        f"{path}:1: the columns must be {','.join(STANDINGS)} or {','.join(BEST_KNOWN)}, got {','.join(columns)[:80]!r}"
    )


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise StandingsError(f"{path}: larger than {_MOST_BYTES >> 20} MiB; a table is a few kilobytes")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise StandingsError(f"{path}: cannot be read ({error.strerror}); name a table file") from error
    except UnicodeDecodeError as error:
        raise StandingsError(f"{path}: not UTF-8 at byte {error.start}") from error
    try:
        for number, cells in enumerate(csv.reader(text.splitlines(), strict=True), 1):
            if cells:
                yield number, cells
    except csv.Error as error:
        raise StandingsError(f"{path}: not CSV: {error}") from None


def _read_standings(path: Path, lines: Iterator[tuple[int, list[str]]]) -> Standings:
    rows: dict[int, Row] = {}
    for number, cells in lines:
        if len(cells) not in (2, 3):
            raise StandingsError(
                f"{path}:{number}: a row has rank, score and maybe performance, not {len(cells)} cells"
            )
        rank = _number(path, number, "rank", cells[0], low=1)
        if rank != int(rank):
            raise StandingsError(f"{path}:{number}: rank must be a whole number, got {cells[0]!r}")
        performance = cells[2].strip() if len(cells) == 3 else ""
        row = Row(
            int(rank),
            _number(path, number, "score", cells[1]),
            _number(path, number, "performance", performance) if performance else None,
        )
        # A tied block may be listed once for each entrant; for a place its first rank is what counts.
        if rows.setdefault(row.rank, row) != row:
            raise StandingsError(f"{path}:{number}: rank {row.rank} is there already with another score or performance")
    return Standings(path.stem, tuple(sorted(rows.values(), key=lambda row: row.rank)))


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
        values[int(case)] = _number(path, number, "best_known", value)
        sources[int(case)] = source
    return BestKnown(path.stem, values, kinds, sources)


def _number(path: Path, line: int, column: str, text: str, low: float = -math.inf) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < low or "_" in text:
        rule = "a finite number" if low == -math.inf else f"a number of at least {low:g}"
        raise StandingsError(f"{path}:{line}: {column} must be {rule}, got {text[:40]!r}")
    return value
